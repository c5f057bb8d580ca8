package org.dnd4j.history;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class CandidatesTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Conditioned(12, 1, candidates());
    }

    @Override
    protected int candidates() {
        return 3;
    }

    @Override
    protected String remembered() {
        return """
                c1f9e46a 0.0000 0.0000 -0.90281 1.0607 -0.59857 0.74157 -0.59857 0.74157 -0.69087 0.80635 0.48003 0.77676
                -0.30425 0.87080 -0.94758 1.0385 -0.94758 1.0385 0.079205 1.0226 0.96243 0.82804 0.044772 0.85117
                -0.78174 1.2591 -0.78174 1.2591 0.77952 1.1386 -0.47610 1.0006 1.2470 0.79853 -0.78174 1.2591
                """;
    }
}
