package org.dnd4j.history;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class CandidatesTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Conditioned(12, 0, candidates());
    }

    @Override
    protected int candidates() {
        return 3;
    }
}
