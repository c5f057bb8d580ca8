package org.dnd4j.scalar;

import java.util.List;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class LevelsTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Scalar(List.of(8, 2));
    }

    @Override
    protected String remembered() {
        return """
                c4ad5c4b 0.0000 0.0000 -0.90281 1.0607 -0.71106 0.54038 -0.71106 0.54038 0.37032 0.57025 0.30573 0.53413
                -0.19175 0.97935 -0.18500 0.72970 -0.18500 0.72970 -0.43095 0.43263 0.73422 0.46780 -0.71781 0.87149
                -0.036524 0.72261 -0.036524 0.72261 -0.016396 0.48431 0.32117 0.30271 1.2192 0.78072 -0.40695 0.76373
                """;
    }
}
