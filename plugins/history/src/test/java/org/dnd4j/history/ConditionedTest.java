package org.dnd4j.history;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class ConditionedTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Conditioned(12, 0, null);
    }

    @Override
    protected String remembered() {
        return """
                db0307b6 0.0000 0.0000 -0.90281 1.0607 -0.59857 0.74157 -0.59857 0.74157 -0.69087 0.80635 0.48003 0.77676
                -0.30425 0.87080 -0.61074 1.0410 -0.61074 1.0410 0.069287 1.0144 0.68296 0.79984 -0.29207 0.84587
                -0.18328 1.2296 -0.18328 1.2296 0.95429 1.1129 0.85207 0.98204 1.2215 0.78222 -0.18328 1.2296
                """;
    }
}
