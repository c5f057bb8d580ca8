package org.dnd4j.denoising;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class DenoisingTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Denoising(null, null, 16, null);
    }

    @Override
    protected String remembered() {
        return """
                119c7068 1.0308 0.70477 -1.7024 1.6247 -0.52252 0.52045 -0.58077 0.63814 -0.69087 0.80635 -0.10698 0.87263
                -1.1310 3.2379 -0.86777 0.64512 -1.0545 0.70195 0.21294 0.97584 1.7351 0.94504 0.78585 5.6285 -1.1603
                0.68832 -1.1112 0.72105 0.95214 1.0281 2.0416 1.0611 1.1429 0.73191 -1.1112 0.72105
                """;
    }
}
