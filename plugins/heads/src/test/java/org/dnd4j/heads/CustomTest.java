package org.dnd4j.heads;

import java.util.List;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.tck.HeadTopologyTck;
import org.junit.jupiter.api.Nested;

class CustomTest {

    @Nested
    class Spaced extends HeadTopologyTck {
        @Override
        protected HeadTopology topology() {
            return new Custom(null, null);
        }

        @Override
        protected String remembered() {
            return "4fadaccb";
        }
    }

    @Nested
    class Chosen extends HeadTopologyTck {
        @Override
        protected HeadTopology topology() {
            return new Custom(List.of(1, 1, 3), List.of(true, false, false));
        }

        @Override
        protected String remembered() {
            return "e9cddbf0";
        }
    }
}
