package org.dnd4j.cosine;

import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class CosineTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Cosine(null);
    }

    @Override
    protected CodeSpace space() {
        return CodeSpace.of(8, 1, 16);
    }

    @Override
    protected String remembered() {
        return """
                739f7071 0.0000 0.0000 -0.90281 1.0607 -0.037181 0.35355 -0.037181 0.35355 0.12886 0.35355 0.065802 0.35355
                1.3957 0.89376 -0.037181 0.35355
                """;
    }
}
