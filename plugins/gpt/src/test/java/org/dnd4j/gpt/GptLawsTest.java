package org.dnd4j.gpt;

import org.dnd4j.spi.Backbone;
import org.dnd4j.tck.BackboneTck;
import org.junit.jupiter.api.Nested;

class GptLawsTest {

    @Nested
    class WithBothDropouts extends BackboneTck {
        @Override
        protected Backbone backbone() {
            return new Gpt(null, 12, 2, 3, 0.1, 0.2);
        }

        @Override
        protected String remembered() {
            return """
                    483acad0 -1.0138 1.0908 -0.20085 0.47036 0.030334 0.021890 -0.68878 0.70978 -1.0138 1.0908
                    -1.3486 1.0348 -1.3137 1.0346 -1.1490 1.0920 -1.3187 1.0912 -0.62412 1.0529 -0.94870 1.0917
                    -0.94870 1.0917
                    """;
        }
    }

    @Nested
    class WithDropout extends BackboneTck {
        @Override
        protected Backbone backbone() {
            return new Gpt(null, 16, 3, 2, null, null);
        }

        @Override
        protected String remembered() {
            return """
                    30e2811f 0.076593 1.0917 0.43817 0.51014 0.0065551 0.021203 -0.35866 0.68102 0.076593 1.0917
                    -0.42224 0.99174 -0.33373 1.0187 -0.12841 1.1099 -0.081536 1.0582 -0.70839 1.0530 0.0040027 1.0698
                    -0.044450 1.1017 -0.044450 1.1017
                    """;
        }
    }

    @Nested
    class WithoutDropout extends BackboneTck {
        @Override
        protected Backbone backbone() {
            return new Gpt(null, 16, 2, 4, 0.0, 0.0);
        }

        @Override
        protected String remembered() {
            return """
                    8a5cd84c -0.37868 1.0753 -0.25705 0.50383 0.0090393 0.021563 -0.35866 0.68102 -0.37868 1.0753
                    -0.93403 0.99379 -0.82050 1.0218 -0.37868 1.0753 -0.050191 1.0575 -0.59578 1.0432 -0.48207 1.0782
                    -0.48207 1.0782
                    """;
        }
    }
}
