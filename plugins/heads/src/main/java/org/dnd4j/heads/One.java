package org.dnd4j.heads;

import java.util.List;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;

/**
 * A single head, for codes of depth 1: an ordinary autoregressive transformer (the paper's ablation "1D"; REFERENCE B.3).
 *
 * @param positions the layer that the head reads, counted from 0, as a list of one; the last layer if left out
 */
@Plugin("one")
public record One(List<Integer> positions) implements HeadTopology {
    public One {
        positions = Positions.checked("one", positions);
    }

    @Override
    public List<Tap> taps(int layers, int depth) {
        if (depth > 1) {
            throw new UserError("one: a single head cannot predict codes of depth " + depth
                    + ": use dnd, vertical or parallel, or codes of depth 1");
        }
        return List.of(new Tap(Positions.fit("one", positions, layers, depth).get(0), 0, false));
    }
}
