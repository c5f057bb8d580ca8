package org.dnd4j.heads;

import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.Tap;

/**
 * The paper's topology: one head a depth, each at a later layer, and every predicted code is added to the hidden state
 * before the next layer runs, so that head k knows codes 0 … k−1 of its own position (paper section 3.2; REFERENCE B.3).
 *
 * @param positions one layer a depth, ascending, counted from 0: head k reads the state after layer {@code positions[k]}.
 *     If left out they are spaced evenly and end at the last layer
 */
@Plugin("dnd")
public record Dnd(List<Integer> positions) implements HeadTopology {
    public Dnd {
        positions = Positions.checked("dnd", positions);
    }

    @Override
    public List<Tap> taps(int layers, int depth) {
        List<Integer> fitting = Positions.fit("dnd", positions, layers, depth);
        return IntStream.range(0, depth)
                .mapToObj(k -> new Tap(fitting.get(k), k, k < depth - 1))
                .toList();
    }
}
