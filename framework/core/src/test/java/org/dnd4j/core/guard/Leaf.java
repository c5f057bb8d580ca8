package org.dnd4j.core.guard;

import java.util.List;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.Tap;

/** A stranger's plugin that fails, of which a loader of its own makes a second class. */
public record Leaf(int layer) implements HeadTopology {
    @Override
    public List<Tap> taps(int layers, int depth) {
        throw new IllegalStateException("no luck");
    }
}
