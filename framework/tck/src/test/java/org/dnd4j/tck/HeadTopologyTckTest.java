package org.dnd4j.tck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;

/** Heads that break one law each. */
class HeadTopologyTckTest {

    /** One head a layer, as long as there are layers. */
    static class Heads implements HeadTopology {
        @Override
        public List<Tap> taps(int layers, int depth) {
            if (layers < 1 || depth < 1) {
                throw new UserError("heads: at least 1 layer and depth 1 are needed");
            }
            return IntStream.range(0, depth).mapToObj(k -> tap(layers, depth, k)).toList();
        }

        Tap tap(int layers, int depth, int k) {
            return new Tap(Math.min(k, layers - 1), k, k < depth - 1);
        }
    }

    static class Tried extends HeadTopologyTck {
        static Supplier<HeadTopology> tried;
        static String remembered;

        @Override
        protected String remembered() {
            return remembered;
        }

        @Override
        protected HeadTopology topology() {
            return tried.get();
        }
    }

    private static String finds(String laws, Supplier<HeadTopology> tried) {
        Tried.tried = tried;
        return Trial.finds(laws, Tried.class);
    }

    @Test
    void soundHeadsPass() {
        finds("", Heads::new);
    }

    @Test
    void h1_noMoreThanThreeHeads() {
        finds("h1", () -> (layers, depth) -> new Heads().taps(layers, Math.min(depth, 3)));
    }

    @Test
    void h1_depthsOutOfOrder() {
        finds("h1", () -> new Heads() {
            @Override
            Tap tap(int layers, int depth, int k) {
                return new Tap(Math.min(k, layers - 1), depth - 1 - k, k < depth - 1);
            }
        });
    }

    @Test
    void h2_headsThatGoBack() {
        finds("h2", () -> new Heads() {
            @Override
            Tap tap(int layers, int depth, int k) {
                return new Tap(Math.max(layers - 1 - k, 0), k, k < depth - 1);
            }
        });
    }

    @Test
    void h2_headsBehindTheLastLayer() {
        finds("h2", () -> new Heads() {
            @Override
            Tap tap(int layers, int depth, int k) {
                return new Tap(k, k, k < depth - 1);
            }
        });
    }

    @Test
    void h2_theLastHeadFeedsBack() {
        finds("h2", () -> new Heads() {
            @Override
            Tap tap(int layers, int depth, int k) {
                return new Tap(Math.min(k, layers - 1), k, true);
            }
        });
    }

    @Test
    void h3_nothingIsRefused() {
        finds("h3", () -> (layers, depth) -> depth < 1 ? List.of() : new Heads().taps(Math.max(layers, 1), depth));
    }

    @Test
    void h3_anotherExceptionThanUsersAreToSee() {
        finds("h3", () -> (layers, depth) -> {
            if (layers < 1 || depth < 1) {
                throw new IllegalArgumentException("at least 1 layer and depth 1 are needed");
            }
            return new Heads().taps(layers, depth);
        });
    }

    @Test
    void h3_aRefusalOfTwoLines() {
        finds("h3", () -> (layers, depth) -> {
            if (layers < 1 || depth < 1) {
                throw new UserError("at least 1 layer\nand depth 1 are needed");
            }
            return new Heads().taps(layers, depth);
        });
    }

    @Test
    void h4_everyCallPlacesHeadsElsewhere() {
        finds("h4", () -> new Heads() {
            private int calls;

            @Override
            public List<Tap> taps(int layers, int depth) {
                List<Tap> taps = new ArrayList<>(super.taps(layers, depth));
                if (depth > 1 && calls++ % 2 == 0) {
                    taps.set(0, new Tap(0, 0, false));
                }
                return Collections.unmodifiableList(taps);
            }
        });
    }

    @Test
    void h5_anotherResultThanAnEarlierVersions() {
        try {
            Tried.remembered = "00000000";
            String line = Trial.quoted(finds("h5", Heads::new));
            Tried.remembered = line;
            finds("", Heads::new);
            Tried.remembered = line.replaceFirst(".", line.startsWith("0") ? "1" : "0");
            finds("h5", Heads::new);
        } finally {
            Tried.remembered = null;
        }
    }
}
