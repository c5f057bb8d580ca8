package org.dnd4j.history;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class AdditiveTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Additive(4, 6, null, null);
    }
}
