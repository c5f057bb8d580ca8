package org.dnd4j.history;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class AdditiveTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Additive(4, 6, null, null);
    }

    @Override
    protected String remembered() {
        return """
                c1ddd570 0.0000 0.0000 -0.90281 1.0607 -0.59857 0.74157 -0.59857 0.74157 -0.69087 0.80635 0.48003 0.77676
                -0.30425 0.87080 -0.23273 1.0504 -0.23273 1.0504 0.21294 0.97584 0.40588 0.82666 -0.67008 0.81079
                -0.020409 1.2275 -0.020409 1.2275 0.95214 1.0281 -0.051344 0.92307 -0.90281 1.0607
                """;
    }
}
