package org.dnd4j.denoising;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class RefinementTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Refinement();
    }

    @Override
    protected String remembered() {
        return """
                495de5d4 0.0000 0.0000 -0.90281 1.0607 -0.21064 0.35355 -0.21064 0.35355 -0.20995 0.35355 0.35571 0.35355
                -0.69217 0.89824 -0.22420 0.50902 -0.22420 0.50902 0.10337 0.35355 0.48554 0.35355 -0.67861 0.75655 -0.74880
                0.68247 -0.74880 0.68247 0.32606 0.35355 0.33789 0.35355 -0.53579 0.84186
                """;
    }
}
