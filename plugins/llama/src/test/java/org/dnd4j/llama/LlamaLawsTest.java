package org.dnd4j.llama;

import org.dnd4j.spi.Backbone;
import org.dnd4j.tck.BackboneTck;
import org.junit.jupiter.api.Nested;

class LlamaLawsTest {

    @Nested
    class WithDropout extends BackboneTck {
        @Override
        protected Backbone backbone() {
            return new Llama(null, 16, 3, 2, null, null, null, null, null);
        }

        @Override
        protected String remembered() {
            return """
                    4fc2e48d -0.29547 1.0763 -0.65609 0.38964 0.0028609 0.0049534 -0.18711 0.66448 -0.26457 1.0768
                    -0.47618 0.96912 -0.47461 0.98034 -0.28499 1.0894 -0.38788 1.0629 -0.15685 1.0407 0.019067 1.0364
                    -0.30476 1.0743 -0.30476 1.0743
                    """;
        }
    }

    @Nested
    class AsPublished extends BackboneTck {
        @Override
        protected Backbone backbone() {
            return new Llama(null, 16, 2, 2, 8, 0.0, 0.0, 0.0, Llama.Condition.ZERO);
        }

        @Override
        protected String remembered() {
            return """
                    f1a3ecdb -0.58476 1.0490 -0.39442 0.24993 0.0051314 0.0034703 -0.18711 0.66448 -0.56635 1.0489
                    -0.75276 0.96477 -0.71119 0.98247 -0.58476 1.0490 -0.40769 1.0466 -0.28068 1.0324 -0.65975 1.0473
                    -0.65975 1.0473
                    """;
        }
    }

    @Nested
    class WithDroppedPaths extends BackboneTck {
        @Override
        protected Backbone backbone() {
            return new Llama(null, 16, 3, 1, 8, null, null, 0.3, null);
        }

        @Override
        protected String remembered() {
            return """
                    a2f6b862 -0.58808 1.0558 -0.42501 0.33933 0.0039484 0.0047382 -0.18711 0.66448 -0.60282 1.0574
                    -0.74003 0.96636 -0.71220 0.97988 -0.60951 1.0527 -0.38962 1.0464 -0.20673 1.0357 -0.20279 1.0276
                    -0.64941 1.0552 -0.64941 1.0552
                    """;
        }
    }
}
