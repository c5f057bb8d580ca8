package org.dnd4j.scalar;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class ScalarTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Scalar(null);
    }

    @Override
    protected String remembered() {
        return """
                542ec451 0.0000 0.0000 -0.90281 1.0607 -0.91005 0.73298 -0.91005 0.73298 -0.94147 0.80476 0.81999 0.77579
                0.0072377 0.89296 -0.96244 0.83956 -0.96244 0.83956 -0.60678 0.64453 1.1269 0.56342 0.059624 0.77810
                -0.86676 0.89385 -0.86676 0.89385 0.53524 0.54065 0.29512 0.48719 0.98847 0.63299 -1.7382 1.0032
                """;
    }
}
