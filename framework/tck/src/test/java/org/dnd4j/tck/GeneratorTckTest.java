package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Generator;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Test;

/** Generators that break one law each, or say which others break with it. */
class GeneratorTckTest {

    /** Learns how often each code is used, wherever and for whatever class; samples all codes alike. */
    static class Counts implements Generator {
        @Override
        public List<Weight> weights(CodeSpace space, int rows, int columns, int classes) {
            return List.of(Weight.of("logits", space.size(0)));
        }

        @Override
        public NDArray loss(NDArray codes, NDArray classes, Key key, Weights w) {
            NDArray logits = w.get("logits").expandDims(0).repeat(0, codes.size()); // [n,K]
            return logits.logSoftmax(1).gather(codes.reshape(-1, 1), 1).mean().neg(); // []
        }

        @Override
        public NDArray sample(NDArray classes, long[] shape, Key key, Weights w) {
            Random random = random(key);
            int size = (int) w.get("logits").size();
            long[] codes = random.ints(classes.size() * shape[0] * shape[1] * shape[2], 0, size).asLongStream().toArray();
            return classes.getManager().create(codes, new Shape(classes.size(), shape[0], shape[1], shape[2])); // [b,h,w,D]
        }

        Random random(Key key) {
            return new Random(key.seed());
        }
    }

    /** Predicts a code by the one before it, the first by the class. */
    static class Chain implements Generator {
        static final int SIZE = 8;

        @Override
        public boolean predicts() {
            return true;
        }

        @Override
        public List<Weight> weights(CodeSpace space, int rows, int columns, int classes) {
            return List.of(
                    Weight.of("first", classes + 1, SIZE).normal(1),
                    Weight.of("coarse", SIZE, SIZE).normal(1),
                    Weight.of("fine", SIZE, SIZE).normal(1));
        }

        @Override
        public NDArray loss(NDArray codes, NDArray classes, Key key, Weights w) {
            return losses(codes, classes, true, key, w).head(); // []
        }

        @Override
        public NDList losses(NDArray codes, NDArray classes, boolean training, Key key, Weights w) {
            NDArray known = codes.reshape(classes.size(), -1, 2); // [b,S,2]
            NDArray coarse = known.get(":, :, 0"); // [b,S]
            NDArray after = known.get(":, :-1, 1").reshape(-1); // [b·(S−1)]
            NDArray first = rows(w.get("first"), classes).reshape(classes.size(), 1, SIZE); // [b,1,K]
            NDArray later = rows(w.get("coarse"), after).reshape(classes.size(), -1, SIZE); // [b,S−1,K]
            NDList logits = new NDList(
                    NDArrays.concat(new NDList(first, later), 1).reshape(-1, SIZE), // [b·S,K]
                    rows(w.get("fine"), coarse.reshape(-1))); // [b·S,K]
            NDList losses = new NDList();
            NDList right = new NDList();
            for (int k = 0; k < 2; k++) {
                NDArray code = known.get(":, :, " + k).reshape(-1, 1); // [b·S,1]
                losses.add(logits.get(k).logSoftmax(1).gather(code, 1).mean().neg());
                right.add(logits.get(k).argMax(1).reshape(-1, 1).eq(code).toType(DataType.FLOAT32, false).mean());
            }
            NDList all = new NDList(NDArrays.stack(losses).mean());
            all.addAll(losses);
            all.addAll(right);
            return all;
        }

        @Override
        public NDList prepare(int rows, long[] shape, Weights w) {
            return new NDList();
        }

        @Override
        public NDArray predict(NDArray before, int position, int depth, long[] shape, NDList state, Weights w) {
            return rows(w.get(depth == 1 ? "fine" : position == 0 ? "first" : "coarse"), before); // [b,K]
        }

        private static NDArray rows(NDArray table, NDArray which) {
            return which.oneHot((int) table.size(0)).matMul(table); // [n,K]
        }
    }

    /** With one weight more. */
    static class Extra extends Counts {
        private final Weight extra;

        Extra(Weight extra) {
            this.extra = extra;
        }

        @Override
        public List<Weight> weights(CodeSpace space, int rows, int columns, int classes) {
            List<Weight> weights = new ArrayList<>(super.weights(space, rows, columns, classes));
            weights.add(extra);
            return weights;
        }
    }

    static class Tried extends GeneratorTck {
        static Supplier<Generator> tried;
        static String remembered;

        @Override
        protected String remembered() {
            return remembered;
        }

        @Override
        protected Generator generator() {
            return tried.get();
        }
    }

    private static String finds(String laws, Supplier<Generator> tried) {
        Tried.tried = tried;
        return Trial.finds(laws, Tried.class);
    }

    @Test
    void soundGeneratorsPass() {
        finds("", Counts::new);
        finds("", Chain::new);
    }

    @Test
    void g1_aWeightThatTheLossDoesNotReach() {
        String found = finds("g1", () -> new Extra(Weight.of("idle", 3)));
        assertTrue(found.contains("does not reach idle"), found);
    }

    @Test
    void g1_aJavaNumberOnTheTape() {
        String found = finds("g1", () -> new Counts() {
            @Override
            public NDArray loss(NDArray codes, NDArray classes, Key key, Weights w) {
                return super.loss(codes, classes, key, w).mul(0.5f); // []
            }
        });
        assertTrue(found.contains("the gradient of "), found);
    }

    @Test
    void g1_aLossThatIsNotANumber() {
        finds("g1", () -> new Counts() {
            @Override
            public NDArray loss(NDArray codes, NDArray classes, Key key, Weights w) {
                return super.loss(codes, classes, key, w).neg().sqrt(); // []
            }
        });
    }

    @Test
    void g1_aLossAnImage() {
        finds("g1", () -> new Counts() {
            @Override
            public NDArray loss(NDArray codes, NDArray classes, Key key, Weights w) {
                return super.loss(codes, classes, key, w).expandDims(0).repeat(0, classes.size()); // [b]
            }
        });
    }

    @Test
    void g2_codesOutOfRange() {
        finds("g2", () -> new Counts() {
            @Override
            public NDArray sample(NDArray classes, long[] shape, Key key, Weights w) {
                return super.sample(classes, shape, key, w).add(1); // [b,h,w,D]
            }
        });
    }

    @Test
    void g2_anotherShape() {
        finds("g2", () -> new Counts() {
            @Override
            public NDArray sample(NDArray classes, long[] shape, Key key, Weights w) {
                return super.sample(classes, shape, key, w).transpose(0, 2, 1, 3); // [b,w,h,D]
            }
        });
    }

    @Test
    void g2_anotherType() {
        finds("g2 g5", () -> new Counts() {
            @Override
            public NDArray sample(NDArray classes, long[] shape, Key key, Weights w) {
                return super.sample(classes, shape, key, w).toType(DataType.INT32, true); // [b,h,w,D]
            }
        });
    }

    @Test
    void g3_drawsWithoutAKey() {
        finds("g3 g5", () -> new Counts() {
            @Override
            Random random(Key key) {
                return new Random();
            }
        });
    }

    @Test
    void g3_everyLossIsAnother() {
        finds("g3", () -> new Counts() {
            private int calls;

            @Override
            public NDArray loss(NDArray codes, NDArray classes, Key key, Weights w) {
                return super.loss(codes, classes, key, w).add(1e-6f * calls++); // []
            }
        });
    }

    @Test
    void g3_codesAreChangedInPlace() {
        finds("g1 g3", () -> new Counts() {
            @Override
            public NDArray loss(NDArray codes, NDArray classes, Key key, Weights w) {
                NDArray loss = super.loss(codes, classes, key, w); // []
                codes.muli(codes.zerosLike());
                return loss;
            }
        });
    }

    @Test
    void g3_classesAreChangedInPlace() {
        finds("g3", () -> new Counts() {
            @Override
            public NDArray sample(NDArray classes, long[] shape, Key key, Weights w) {
                classes.addi(1);
                return super.sample(classes, shape, key, w); // [b,h,w,D]
            }
        });
    }

    @Test
    void g4_otherWeightsEachTime() {
        finds("g4", () -> new Counts() {
            private int calls;

            @Override
            public List<Weight> weights(CodeSpace space, int rows, int columns, int classes) {
                return List.of(Weight.of("logits", space.size(0)).constant(calls++));
            }
        });
    }

    @Test
    void g4_twoWeightsOfOneName() {
        finds("g1 g2 g3 g4 g5 g6", () -> new Extra(Weight.of("logits", 3)));
    }

    @Test
    void g4_aWeightThatIsNotDeclared() {
        finds("g2 g3 g4 g5 g6", () -> new Counts() {
            @Override
            public NDArray sample(NDArray classes, long[] shape, Key key, Weights w) {
                return super.sample(classes, shape, key, w.at("model")); // [b,h,w,D]
            }
        });
    }

    @Test
    void g5_anArrayInLongLivedMemory() {
        finds("g5", () -> new Counts() {
            @Override
            public NDArray sample(NDArray classes, long[] shape, Key key, Weights w) {
                return Trial.kept(super.sample(classes, shape, key, w)); // [b,h,w,D]
            }
        });
    }

    @Test
    void g5_anArrayOfAnEarlierStep() {
        finds("g5", () -> new Counts() {
            private NDArray zero;

            @Override
            public NDArray sample(NDArray classes, long[] shape, Key key, Weights w) {
                NDArray codes = super.sample(classes, shape, key, w); // [b,h,w,D]
                zero = zero == null ? codes.zerosLike() : zero;
                return codes.add(zero);
            }
        });
    }

    @Test
    void g6_anotherResultThanAnEarlierVersions() {
        try {
            Tried.remembered = "00000000";
            String line = Trial.quoted(finds("g6", Counts::new));
            Tried.remembered = line;
            finds("", Counts::new);
            Tried.remembered = line.replaceFirst(".", line.startsWith("0") ? "1" : "0");
            finds("g6", Counts::new);
        } finally {
            Tried.remembered = null;
        }
    }

    @Test
    void g6_predictionsAreRemembered() {
        try {
            Tried.remembered = "00000000";
            Tried.remembered = Trial.quoted(finds("g6", Chain::new));
            finds("", Chain::new);
            finds("g6 g8", () -> new Chain() {
                @Override
                public NDArray predict(NDArray before, int position, int depth, long[] shape, NDList state, Weights w) {
                    return super.predict(before, position, depth, shape, state, w).mul(1.01f); // [b,K]
                }
            });
        } finally {
            Tried.remembered = null;
        }
    }

    @Test
    void g7_losesOneDepth() {
        finds("g7 g8 g9", () -> new Chain() {
            @Override
            public NDList losses(NDArray codes, NDArray classes, boolean training, Key key, Weights w) {
                return new NDList(super.losses(codes, classes, training, key, w).subList(0, 2));
            }
        });
    }

    @Test
    void g7_trainsOnSomethingElse() {
        finds("g7", () -> new Chain() {
            @Override
            public NDArray loss(NDArray codes, NDArray classes, Key key, Weights w) {
                return super.loss(codes, classes, key, w).add(0.1f); // []
            }
        });
    }

    @Test
    void g7_isJudgedWithDropout() {
        finds("g7", () -> new Chain() {
            @Override
            public NDList losses(NDArray codes, NDArray classes, boolean training, Key key, Weights w) {
                NDList losses = super.losses(codes, classes, training, key, w);
                losses.set(0, losses.get(0).add((float) (key.seed() * 0x1p-60))); // []
                return losses;
            }
        });
    }

    @Test
    void g8_knowsTheClassOnlyWhereItIsJudged() {
        finds("g8 g10", () -> new Chain() {
            @Override
            public NDArray predict(NDArray before, int position, int depth, long[] shape, NDList state, Weights w) {
                boolean first = position == 0 && depth == 0;
                NDArray known = first ? before.zerosLike() : before; // [b]
                return super.predict(known, position, depth, shape, state, w); // [b,K]
            }
        });
    }

    @Test
    void g8_attentionInBfloat16IsAnother() {
        Trial.halves();
        finds("g8", () -> new Chain() {
            @Override
            public NDArray predict(NDArray before, int position, int depth, long[] shape, NDList state, Weights w) {
                NDArray logits = super.predict(before, position, depth, shape, state, w); // [b,K]
                return w.halves() ? logits.mul(1.2f) : logits;
            }
        });
        finds("g8", () -> new Chain() {
            @Override
            public NDList losses(NDArray codes, NDArray classes, boolean training, Key key, Weights w) {
                NDList losses = super.losses(codes, classes, training, key, w);
                losses.set(0, w.halves() ? losses.get(0).mul(1.2f) : losses.get(0));
                return losses;
            }
        });
    }

    @Test
    void g8_anotherShape() {
        finds("g2? g3 g4 g5 g6 g8 g9 g10", () -> new Chain() {
            @Override
            public NDArray predict(NDArray before, int position, int depth, long[] shape, NDList state, Weights w) {
                return super.predict(before, position, depth, shape, state, w).expandDims(1); // [b,1,K]
            }
        });
    }

    @Test
    void g9_rowsAreMixed() {
        finds("g8 g9", () -> new Chain() {
            @Override
            public NDArray predict(NDArray before, int position, int depth, long[] shape, NDList state, Weights w) {
                NDArray logits = super.predict(before, position, depth, shape, state, w); // [b,K]
                return logits.add(logits.mean(new int[] {0}, true)); // [b,K]
            }
        });
    }

    @Test
    void g10_noClassIsTheFirst() {
        finds("g10", () -> new Chain() {
            @Override
            public NDArray predict(NDArray before, int position, int depth, long[] shape, NDList state, Weights w) {
                boolean none = position == 0 && depth == 0;
                NDArray known = none ? before.mul(before.neq(3).toType(DataType.INT64, false)) : before; // [b]
                return super.predict(known, position, depth, shape, state, w); // [b,K]
            }
        });
    }
}
