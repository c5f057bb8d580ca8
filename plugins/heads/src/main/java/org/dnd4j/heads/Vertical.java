package org.dnd4j.heads;

import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.Tap;

/**
 * One head a depth, each at a later layer, and nothing is fed back: depths differ by how much computing came before
 * them (the paper's ablation "Vertical"; REFERENCE B.3).
 *
 * @param positions one layer a depth, ascending, counted from 0; evenly spaced up to the last layer if left out
 */
@Plugin("vertical")
public record Vertical(List<Integer> positions) implements HeadTopology {
    public Vertical {
        positions = Positions.checked("vertical", positions);
    }

    @Override
    public List<Tap> taps(int layers, int depth) {
        List<Integer> fitting = Positions.fit("vertical", positions, layers, depth);
        return IntStream.range(0, depth)
                .mapToObj(k -> new Tap(fitting.get(k), k, false))
                .toList();
    }
}
