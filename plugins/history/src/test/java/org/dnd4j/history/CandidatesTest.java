package org.dnd4j.history;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class CandidatesTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Conditioned(12, 2, candidates());
    }

    @Override
    protected int candidates() {
        return 3;
    }

    @Override
    protected String remembered() {
        return """
                1fb8e424 0.0000 0.0000 -0.90281 1.0607 -0.59857 0.74157 -0.59857 0.74157 -0.69087 0.80635 0.48003 0.77676
                -0.30425 0.87080 -0.20309 1.0244 -0.20309 1.0244 0.020478 1.0032 -0.068544 0.82792 -0.69973 0.83712
                -0.78197 1.1903 -0.78197 1.1903 0.75068 1.1091 -1.0513 1.0146 1.1737 0.75158 -0.78197 1.1903
                """;
    }
}
