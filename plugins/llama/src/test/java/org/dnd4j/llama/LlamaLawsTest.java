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
                    e8810405 0.31509 1.0958 -0.19454 0.37395 0.12296 0.66868 0.35829 1.0958 0.12017 0.97313 0.31797
                    0.97691 0.40324 1.0960 0.26893 1.0651 0.40538 1.0387 0.36939 1.0496 0.51983 1.0928 0.51983 1.0928
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
                    748f20f0 0.63815 1.0485 -0.33616 0.19281 0.12296 0.66868 0.67117 1.0489 0.41527 0.97178 0.58864
                    0.98171 0.63815 1.0485 0.35824 1.0532 0.55671 1.0320 0.75155 1.0459 0.75155 1.0459
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
                    4992d27d 0.58069 1.0661 -0.37117 0.28786 0.12296 0.66868 0.60141 1.0680 0.37898 0.97099 0.55619
                    0.97862 0.51572 1.0623 0.33210 1.0533 0.57707 1.0324 0.15863 1.0473 0.80377 1.0651 0.80377 1.0651
                    """;
        }
    }
}
