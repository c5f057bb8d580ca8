package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.Pass;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Step;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Test;

/** Backbones that break one law each, or say which others break with it. */
class BackboneTckTest {
    private static final Program ATTENTION = Program.of(BackboneTckTest.class, "attention.py");

    /** Two layers of attention with one head, told apart by places that are learnt. */
    static class Attention implements Backbone {
        @Override
        public int width() {
            return 16;
        }

        @Override
        public int layers() {
            return 2;
        }

        @Override
        public List<Weight> weights(int heads, int positions) {
            List<Weight> weights = new ArrayList<>(List.of(Weight.of("places", 2, width()).normal(0.5)));
            for (int layer = 0; layer < layers(); layer++) {
                weights.add(Weight.matrix("layers." + layer + ".qkv", 3 * width(), width()).normal(0.3));
                weights.add(Weight.matrix("layers." + layer + ".out", width(), width()).normal(0.3));
            }
            for (int head = 0; head < heads; head++) {
                weights.add(Weight.of("norm." + head, width()).constant(1));
            }
            return weights;
        }

        @Override
        public NDList prepare(NDArray places, int rows, Weights w) {
            NDArray at = places.toType(DataType.FLOAT32, false).matMul(w.get("places")); // [s,d]
            Shape cache = new Shape(layers(), 2, rows, places.size(0), width());
            return rows == 0 ? new NDList(at) : new NDList(at, at.getManager().zeros(cache));
        }

        @Override
        public NDArray run(NDArray h, int from, int to, Pass pass) {
            for (int layer = from; layer < to; layer++) {
                h = layer(h, layer, pass); // [b,t,d]
            }
            return h;
        }

        Step both(int from, int to, int head, Pass pass) {
            List<String> names = IntStream.range(from, to)
                    .boxed()
                    .flatMap(i -> Stream.of("layers." + i + ".qkv", "layers." + i + ".out"))
                    .toList();
            Weights w = pass.weights();
            long[] seeds = pass.training() ? IntStream.range(from, to).mapToLong(i -> seed(i, pass)).toArray() : new long[0];
            return Step.of(ATTENTION, "reach", pass.state(), masks(pass), w.group(names), from, to, pass.start(), pass.cached(),
                    seeds, w.group("norm." + head));
        }

        private static NDList masks(Pass pass) {
            return pass.mask() == null ? new NDList() : new NDList(pass.mask());
        }

        private static long seed(int layer, Pass pass) {
            return pass.key().at(layer).seed();
        }

        NDArray layer(NDArray h, int layer, Pass pass) {
            Weights w = pass.weights().at("layers." + layer);
            long[] seeds = pass.training() ? new long[] {seed(layer, pass)} : new long[0];
            return pass.weights().run(ATTENTION, "layer", h, pass.state(), masks(pass), w.group("qkv", "out"), 0, layer,
                    pass.start(), pass.cached(), seeds); // [b,t,d]
        }

        @Override
        public NDArray norm(NDArray h, int head, Pass pass) {
            return pass.weights().run(ATTENTION, "norm", h, pass.weights().get("norm." + head)); // [b,t,d]
        }
    }

    /** With one weight more. */
    static class Extra extends Attention {
        private final Weight extra;

        Extra(Weight extra) {
            this.extra = extra;
        }

        @Override
        public List<Weight> weights(int heads, int positions) {
            List<Weight> weights = new ArrayList<>(super.weights(heads, positions));
            weights.add(extra);
            return weights;
        }
    }

    static class Tried extends BackboneTck {
        static Supplier<Backbone> tried;
        static String remembered;

        @Override
        protected String remembered() {
            return remembered;
        }

        @Override
        protected Backbone backbone() {
            return tried.get();
        }
    }

    private static String finds(String laws, Supplier<Backbone> tried) {
        Tried.tried = tried;
        return Trial.finds(laws, Tried.class);
    }

    private static Pass with(NDList state, Pass p) {
        return new Pass(p.start(), p.cached(), p.mask(), state, p.training(), p.key(), p.weights());
    }

    private static Pass with(NDArray mask, Pass p) {
        return new Pass(p.start(), p.cached(), mask, p.state(), p.training(), p.key(), p.weights());
    }

    private static Pass with(boolean training, Key key, Pass p) {
        return new Pass(p.start(), p.cached(), p.mask(), p.state(), training, key, p.weights());
    }

    @Test
    void soundBackbonesPass() {
        finds("", Attention::new);
    }

    @Test
    void b1_anotherTypeThanFloat32() {
        finds("b1", () -> new Attention() {
            @Override
            public NDArray norm(NDArray h, int head, Pass pass) {
                NDArray normed = super.norm(h, head, pass); // [b,t,d]
                return pass.weights().training() ? normed : normed.toType(DataType.FLOAT64, true);
            }
        });
    }

    @Test
    void b1_anotherShape() {
        finds("b1", () -> new Attention() {
            @Override
            public NDArray norm(NDArray h, int head, Pass pass) {
                NDArray normed = super.norm(h, head, pass); // [b,t,d]
                return pass.weights().training() ? normed : normed.get(":,-1:");
            }
        });
    }

    @Test
    void b1_oneLayerIsSkippedInInt8() {
        finds("b1", () -> new Attention() {
            @Override
            NDArray layer(NDArray h, int layer, Pass pass) {
                return layer == 1 && pass.weights().precision() == Precision.INT8 ? h : super.layer(h, layer, pass);
            }
        });
    }

    @Test
    void b2_looksAhead() {
        finds("b10 b2 b4", () -> new Attention() {
            @Override
            NDArray layer(NDArray h, int layer, Pass pass) {
                return super.layer(h, layer, pass).add(h.get(":,-1:")); // [b,t,d]
            }
        });
    }

    @Test
    void b2_looksAtNothing() {
        finds("b2 b7 b8 b10", () -> new Attention() {
            @Override
            NDArray layer(NDArray h, int layer, Pass pass) {
                return h;
            }
        });
    }

    @Test
    void b3_theWholeIsMoreThanItsPieces() {
        finds("b3 b4", () -> new Attention() {
            @Override
            public NDArray run(NDArray h, int from, int to, Pass pass) {
                NDArray out = super.run(h, from, to, pass); // [b,t,d]
                return to - from == layers() ? out.add(0.1) : out;
            }
        });
    }

    @Test
    void b3_piecesDropOtherNumbers() {
        finds("b3", () -> new Attention() {
            @Override
            public NDArray run(NDArray h, int from, int to, Pass pass) {
                return super.run(h, from, to, pass.at("from " + from)); // [b,t,d]
            }
        });
    }

    @Test
    void b3_aHeadIsReachedWithTheNormOfAnother() {
        finds("b3", () -> new Attention() {
            @Override
            public Step reach(int from, int to, int head, Pass pass) {
                return both(from, to, 0, pass);
            }
        });
    }

    @Test
    void b3_reachingALayerTooFew() {
        finds("b3", () -> new Attention() {
            @Override
            public Step reach(int from, int to, int head, Pass pass) {
                return both(from, Math.max(from, to - 1), head, pass);
            }
        });
    }

    @Test
    void b4_theCacheIsForgotten() {
        finds("b10 b4", () -> new Attention() {
            @Override
            public NDArray run(NDArray h, int from, int to, Pass pass) {
                Pass alone = new Pass(0, false, pass.mask(), pass.state(), pass.training(), pass.key(), pass.weights());
                return super.run(h, from, to, alone); // [b,t,d]
            }
        });
    }

    @Test
    void b4_everyCachedTokenStandsAtTheFirstPlace() {
        finds("b10 b4", () -> new Attention() {
            @Override
            public NDArray run(NDArray h, int from, int to, Pass pass) {
                NDArray at = pass.state().get(0); // [s,d]
                NDArray first = pass.start() == 0 ? at : at.get(":1").broadcast(at.getShape()); // [s,d]
                NDList state = pass.cached() ? new NDList(first, pass.state().get(1)) : pass.state();
                return super.run(h, from, to, with(state, pass)); // [b,t,d]
            }
        });
    }

    @Test
    void b4_bothLayersShareACache() {
        finds("b10 b4", () -> new Attention() {
            @Override
            public NDList prepare(NDArray places, int rows, Weights w) {
                NDList state = super.prepare(places, rows, w);
                if (rows > 0) {
                    NDArray one = state.get(1).get(":1"); // [1,2,b,s,d]
                    state.set(1, one.broadcast(state.get(1).getShape()));
                }
                return state;
            }
        });
    }

    @Test
    void b4_attentionInBfloat16IsAnother() {
        Trial.halves();
        finds("b4", () -> new Attention() {
            @Override
            NDArray layer(NDArray h, int layer, Pass pass) {
                NDArray out = super.layer(h, layer, pass); // [b,t,d]
                return pass.weights().halves() ? out.mul(1.2f) : out;
            }
        });
    }

    @Test
    void b5_sequencesShareTheirNorm() {
        finds("b5", () -> new Attention() {
            @Override
            public NDArray norm(NDArray h, int head, Pass pass) {
                return super.norm(h.sub(h.mean(new int[] {0}, true)), head, pass); // [b,t,d]
            }
        });
    }

    @Test
    void b5_sequencesSeeEachOther() {
        finds("b5 b10", () -> new Attention() {
            @Override
            NDArray layer(NDArray h, int layer, Pass pass) {
                return super.layer(h, layer, pass).add(h.mean(new int[] {0}, true)); // [b,t,d]
            }
        });
    }

    @Test
    void b6_statesAreChangedInPlace() {
        // in B1 and B7, torch itself does not let what a program returned be changed
        finds("b1 b11 b6 b7", () -> new Attention() {
            @Override
            public NDArray norm(NDArray h, int head, Pass pass) {
                NDArray normed = super.norm(h, head, pass); // [b,t,d]
                if (!pass.weights().torch().recording()) {
                    h.muli(1 + 1e-6);
                }
                return normed;
            }
        });
    }

    @Test
    void b6_everyCallIsAnother() {
        finds("b6 b9", () -> new Attention() {
            private int calls;

            @Override
            public NDArray run(NDArray h, int from, int to, Pass pass) {
                return super.run(h, from, to, pass).add(1e-6 * calls++); // [b,t,d]
            }
        });
    }

    @Test
    void b6_dropsTheSameWhateverTheKey() {
        finds("b6", () -> new Attention() {
            @Override
            public NDArray run(NDArray h, int from, int to, Pass pass) {
                return super.run(h, from, to, with(pass.training(), Key.of(7), pass)); // [b,t,d]
            }
        });
    }

    @Test
    void b6_dropsWithoutTraining() {
        finds("b10 b4 b6", () -> new Attention() {
            @Override
            public NDArray run(NDArray h, int from, int to, Pass pass) {
                return super.run(h, from, to, with(true, pass.key(), pass)); // [b,t,d]
            }
        });
    }

    @Test
    void b7_aWeightThatNothingReaches() {
        String found = finds("b7", () -> new Extra(Weight.of("idle", 3)));
        assertTrue(found.contains("does not reach idle"), found);
    }

    @Test
    void b7_twoWeightsOfOneName() {
        finds("b1 b2 b3 b4 b5 b6 b7 b8 b9 b10 b11", () -> new Extra(Weight.of("places", 3)));
    }

    @Test
    void b7_otherWeightsEachTime() {
        finds("b7", () -> new Attention() {
            private int calls;

            @Override
            public List<Weight> weights(int heads, int positions) {
                int call = calls++;
                return super.weights(heads, positions).stream()
                        .map(weight -> weight.name().equals("norm.1") ? weight.constant(1 + 0.01 * call) : weight)
                        .toList();
            }
        });
    }

    @Test
    void b7_aWeightThatIsNotDeclared() {
        finds("b1 b7", () -> new Attention() {
            @Override
            public NDArray norm(NDArray h, int head, Pass pass) {
                return super.norm(h, pass.weights().training() ? head : 2, pass); // [b,t,d]
            }
        });
    }

    @Test
    void b7_aJavaNumberOnTheTape() {
        String found = finds("b7", () -> new Attention() {
            @Override
            public NDArray norm(NDArray h, int head, Pass pass) {
                return super.norm(h, head, pass).mul(0.5f); // [b,t,d]
            }
        });
        assertTrue(found.contains("the gradient of "), found);
    }

    @Test
    void b8_placesDoNotMatter() {
        finds("b8", () -> new Attention() {
            @Override
            NDArray layer(NDArray h, int layer, Pass pass) {
                NDList state = new NDList(pass.state());
                NDArray at = state.get(0); // [s,d]
                state.set(0, at.mean(new int[] {0}, true).broadcast(at.getShape())); // the same for all tokens
                return super.layer(h, layer, with(state, pass)); // [b,t,d]
            }
        });
    }

    @Test
    void b9_anArrayInLongLivedMemory() {
        finds("b9", () -> new Attention() {
            @Override
            public NDArray run(NDArray h, int from, int to, Pass pass) {
                return super.run(Trial.kept(h.add(0)), from, to, pass); // [b,t,d]
            }
        });
    }

    @Test
    void b9_anArrayOfAnEarlierStep() {
        finds("b7 b9", () -> new Attention() {
            private NDArray zero;

            @Override
            public NDArray norm(NDArray h, int head, Pass pass) {
                zero = zero == null ? h.get(":1,:1").zerosLike() : zero; // [1,1,d]
                return super.norm(h.add(zero), head, pass); // [b,t,d]
            }
        });
    }

    @Test
    void b10_theMaskIsForgotten() {
        finds("b10", () -> new Attention() {
            @Override
            public NDArray run(NDArray h, int from, int to, Pass pass) {
                return super.run(h, from, to, with((NDArray) null, pass)); // [b,t,d]
            }
        });
    }

    @Test
    void b10_theMaskIsForgottenWithACache() {
        finds("b10", () -> new Attention() {
            @Override
            public NDArray run(NDArray h, int from, int to, Pass pass) {
                NDArray mask = pass.cached() ? null : pass.mask(); // [b,s]
                return super.run(h, from, to, with(mask, pass)); // [b,t,d]
            }
        });
    }

    @Test
    void b11_anotherResultThanAnEarlierVersions() {
        try {
            Tried.remembered = "00000000";
            String line = Trial.quoted(finds("b11", Attention::new));
            Tried.remembered = line;
            finds("", Attention::new);
            Tried.remembered = line.replaceFirst(".", line.startsWith("0") ? "1" : "0");
            finds("b11", Attention::new);
        } finally {
            Tried.remembered = null;
        }
    }
}
