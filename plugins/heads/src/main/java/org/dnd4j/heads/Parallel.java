package org.dnd4j.heads;

import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.Tap;

/**
 * All heads read one layer and nothing is fed back: the codes of a position are predicted independently of each other
 * (the paper's ablation "Parallel"; REFERENCE B.3).
 *
 * @param positions the one layer that all heads read, counted from 0, as a list of one; the last layer if left out
 */
@Plugin("parallel")
public record Parallel(List<Integer> positions) implements HeadTopology {
    public Parallel {
        positions = Positions.checked("parallel", positions);
    }

    @Override
    public List<Tap> taps(int layers, int depth) {
        int layer = Positions.fit("parallel", positions, layers, Math.min(1, depth)).get(0);
        return IntStream.range(0, depth).mapToObj(k -> new Tap(layer, k, false)).toList();
    }
}
