package org.dnd4j.heads;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.dnd4j.spi.UserError;

/** The layers that heads are placed after, checked. */
final class Positions {
    private Positions() {}

    /** What can be said before the backbone is known: null, or ascending layers from 0. */
    static List<Integer> checked(String topology, List<Integer> positions) {
        return checked(topology, positions, false);
    }

    /** The same; {@code shared} says whether several heads may stand after one layer. */
    static List<Integer> checked(String topology, List<Integer> positions, boolean shared) {
        if (positions == null) {
            return null;
        }
        if (positions.stream().anyMatch(Objects::isNull)) {
            throw new UserError(topology + ": positions " + positions + " have a gap: each must be a layer, counted from 0");
        }
        for (int k = 0; k < positions.size(); k++) {
            if (positions.get(k) < 0 || k > 0 && positions.get(k) < positions.get(k - 1) + (shared ? 0 : 1)) {
                throw new UserError(topology + ": positions " + positions
                        + (shared ? " must not descend, as in [3, 3, 5]" : " must ascend, as in [3, 5]")
                        + ", and layers count from 0");
            }
        }
        return List.copyOf(positions);
    }

    /** The positions, or evenly spaced ones that end at the last layer: ⌈(k+1)·layers/count⌉ − 1. */
    static List<Integer> fit(String topology, List<Integer> positions, int layers, int count) {
        return fit(topology, positions, layers, count, false);
    }

    /** The same; where layers are {@code shared}, evenly spaced positions repeat if there are more heads than layers. */
    static List<Integer> fit(String topology, List<Integer> positions, int layers, int count, boolean shared) {
        if (layers < 1 || count < 1) {
            throw new UserError(topology + ": " + layers + " layers and depth " + count + ": both must be at least 1");
        }
        if (!shared && count > layers) {
            throw new UserError(topology + ": " + layers + " layers cannot hold " + count
                    + " heads at different layers: at most " + layers + " codes, or at least " + count + " layers");
        }
        List<Integer> even = IntStream.rangeClosed(1, count)
                .mapToObj(k -> (k * layers + count - 1) / count - 1)
                .toList();
        if (positions == null) {
            return even;
        }
        if (positions.size() != count) {
            throw new UserError(topology + ": " + positions.size() + " positions " + positions + " for " + count
                    + (count == 1 ? " head" : " heads") + ": give " + count + ", as in " + even);
        }
        int last = positions.get(count - 1);
        if (last >= layers) {
            throw new UserError(topology + ": position " + last + " is not below the number of layers, " + layers
                    + ": the last one possible is " + (layers - 1) + ", as in " + even);
        }
        return positions;
    }
}
