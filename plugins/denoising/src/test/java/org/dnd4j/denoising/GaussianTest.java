package org.dnd4j.denoising;

import java.util.List;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class GaussianTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Denoising(null, List.of(0.1, 0.5, 0.75, 0.9), 16, "gaussian");
    }

    @Override
    protected String remembered() {
        return """
                017053d5 1.0308 0.70477 -4.6147 2.7888 1.3429 1.3745 2.4586 2.0268 -0.69087 0.80635 2.0621 1.0103 -6.7350
                4.6328 1.1208 1.5512 1.9032 1.8564 0.21294 0.97584 0.32745 0.87887 -9.5642 7.5771 0.95426 1.4718 0.69698
                1.2602 0.95214 1.0281 2.5035 1.2363 6.1904 3.9642 0.12907 1.2838
                """;
    }
}
