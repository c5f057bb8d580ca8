package org.dnd4j.residual;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class SharedResidualTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Residual(true);
    }

    @Override
    protected String remembered() {
        return """
                c7dcf8ed 0.0000 0.0000 -0.90281 1.0607 -0.59857 0.74157 -0.59857 0.74157 -0.69087 0.80635 0.48003 0.77676
                -0.30425 0.87080 -0.082048 0.97012 -0.082048 0.97012 -0.69087 0.80635 -0.27862 0.72770 -0.82076 0.81456
                -0.61891 1.0892 -0.61891 1.0892 -0.69087 0.80635 0.44955 0.75115 -0.61891 1.0892
                """;
    }
}
