package org.dnd4j.tck;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.spi.Metric;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Test;

/** Metrics that break one law each, or say which others break with it. */
class MetricTckTest {

    /** How far the mean colours of two sets are apart. */
    static class Grey implements Metric {
        @Override
        public Map<String, Score> measure(NDArray real, NDArray generated, Weights w) {
            return Map.of("grey", new Score(apart(real, generated), true));
        }

        double apart(NDArray real, NDArray generated) {
            return mean(real).sub(mean(generated)).norm().toFloatArray()[0];
        }

        static NDArray mean(NDArray images) {
            return images.transpose(1, 0, 2, 3).reshape(3, -1).mean(new int[] {1}); // [3]
        }
    }

    static class Tried extends MetricTck {
        static Supplier<Metric> tried;
        static String remembered;

        @Override
        protected String remembered() {
            return remembered;
        }

        @Override
        protected Metric metric() {
            return tried.get();
        }
    }

    private static String finds(String laws, Supplier<Metric> tried) {
        Tried.tried = tried;
        return Trial.finds(laws, Tried.class);
    }

    @Test
    void soundMetricsPass() {
        finds("", Grey::new);
    }

    @Test
    void m1_aDirectionThatDependsOnTheImages() {
        finds("m1", () -> new Grey() {
            @Override
            public Map<String, Score> measure(NDArray real, NDArray generated, Weights w) {
                double apart = apart(real, generated);
                return Map.of("grey", new Score(apart, apart < 1.5));
            }
        });
    }

    @Test
    void m1_aNumberThatIsNone() {
        finds("m1 m3", () -> new Grey() {
            @Override
            double apart(NDArray real, NDArray generated) {
                return Double.NEGATIVE_INFINITY;
            }
        });
    }

    @Test
    void m1_nothingIsMeasured() {
        finds("m1", () -> (real, generated, w) -> Map.of());
    }

    @Test
    void m2_imagesAreComparedInPairs() {
        finds("m2", () -> new Grey() {
            @Override
            double apart(NDArray real, NDArray generated) {
                return real.sub(generated).square().mean().toFloatArray()[0];
            }
        });
    }

    @Test
    void m2_onlyTheFirstImagesAreJudged() {
        finds("m2", () -> new Grey() {
            @Override
            double apart(NDArray real, NDArray generated) {
                return super.apart(real.get(":4"), generated.get(":4"));
            }
        });
    }

    @Test
    void m3_theWrongDirection() {
        finds("m3", () -> new Grey() {
            @Override
            public Map<String, Score> measure(NDArray real, NDArray generated, Weights w) {
                return Map.of("grey", new Score(apart(real, generated), false));
            }
        });
    }

    @Test
    void m3_aFavouriteColour() {
        finds("m3", () -> new Grey() {
            @Override
            double apart(NDArray real, NDArray generated) {
                return generated.add(1).square().mean().toFloatArray()[0];
            }
        });
    }

    @Test
    void m4_everyCallIsAnother() {
        finds("m4", () -> new Grey() {
            private int calls;

            @Override
            double apart(NDArray real, NDArray generated) {
                return super.apart(real, generated) + 1e-9 * calls++;
            }
        });
    }

    @Test
    void m4_otherWeightsEachTime() {
        finds("m4", () -> new Grey() {
            private int calls;

            @Override
            public List<Weight> weights() {
                return List.of(Weight.of("filter", 3).constant(calls++));
            }
        });
    }

    @Test
    void m4_anArrayInLongLivedMemory() {
        finds("m4", () -> new Grey() {
            @Override
            double apart(NDArray real, NDArray generated) {
                return Trial.kept(mean(real)).sub(mean(generated)).norm().toFloatArray()[0];
            }
        });
    }

    @Test
    void m4_anArrayOfAnEarlierStep() {
        finds("m4", () -> new Grey() {
            private NDArray mean;

            @Override
            double apart(NDArray real, NDArray generated) {
                mean = mean == null ? mean(real).sub(mean(real)) : mean; // [3]
                return mean(real).sub(mean(generated)).sub(mean).norm().toFloatArray()[0];
            }
        });
    }

    @Test
    void m5_anotherResultThanAnEarlierVersions() {
        try {
            Tried.remembered = "00000000";
            String line = Trial.quoted(finds("m5", Grey::new));
            Tried.remembered = line;
            finds("", Grey::new);
            Tried.remembered = line.replaceFirst(".", line.startsWith("0") ? "1" : "0");
            finds("m5", Grey::new);
        } finally {
            Tried.remembered = null;
        }
    }
}
