package org.dnd4j.denoising;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class TargetsTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Denoising("targets", null, null, null);
    }

    @Override
    protected String remembered() {
        return """
                3951210c 0.0000 0.0000 -0.75535 0.88746 -0.59857 0.74157 -0.71542 0.88635 -0.69087 0.80635 0.71787 0.72461
                -0.26266 0.83622 -0.23273 1.0504 -0.24397 1.1011 0.21294 0.97584 -0.064593 0.80573 -0.65781 0.80521 0.40833
                1.2005 0.41396 1.2170 0.95214 1.0281 -0.57465 0.92307 0.41396 1.2170
                """;
    }
}
