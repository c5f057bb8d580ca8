package org.dnd4j.history;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class ConditionedTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Conditioned(12, 1, null);
    }
}
