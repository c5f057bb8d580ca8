package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Nearest;
import org.dnd4j.spi.UserError;
import org.dnd4j.tck.toy.PerDepthResidual;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Test;

/** Decompositions that break one law each, or say which others break with it; D6 tries D4 in an uneven code space. */
class DecompositionTckTest {

    /** The plain fold, its tables learnt by moving average. */
    static class Plain implements Decomposition {
        @Override
        public List<Weight> weights(CodeSpace space) {
            return new PerDepthResidual().weights(space);
        }
    }

    /** The plain fold with tables that are otherwise declared. */
    static class Declared extends Plain {
        private final UnaryOperator<Weight> how;

        Declared(UnaryOperator<Weight> how) {
            this.how = how;
        }

        Declared(Learns how) {
            this(weight -> weight.learning(how));
        }

        @Override
        public List<Weight> weights(CodeSpace space) {
            return super.weights(space).stream().map(how).toList();
        }
    }

    /** The plain fold with one weight more. */
    static class Extra extends Plain {
        private final Weight extra;

        Extra(Weight extra) {
            this.extra = extra;
        }

        @Override
        public List<Weight> weights(CodeSpace space) {
            List<Weight> weights = new ArrayList<>(super.weights(space));
            weights.add(extra);
            return weights;
        }
    }

    static class Tried extends DecompositionTck {
        static Supplier<Decomposition> tried;
        static String remembered;

        @Override
        protected String remembered() {
            return remembered;
        }

        @Override
        protected Decomposition decomposition() {
            return tried.get();
        }

        @Override
        protected int rounds() {
            return 15;
        }

        @Override
        protected double rate() {
            return 0.05;
        }
    }

    private static String finds(String laws, Supplier<Decomposition> tried) {
        Tried.tried = tried;
        return Trial.finds(laws, Tried.class);
    }

    private static NDArray number(NDArray like, double value) {
        return like.getManager().full(new Shape(), (float) value); // []
    }

    @Test
    void soundDecompositionsPass() {
        finds("", Plain::new);
        finds("", () -> new Declared(Learns.GRADIENT));
    }

    @Test
    void d1_beginReadsValuesToThrowThemAway() {
        finds("d1", () -> new Plain() {
            @Override
            public NDArray begin(NDArray like, Weights w) {
                return like.mul(0); // [n,c]
            }
        });
    }

    @Test
    void d1_beginKnowsTheLatentsSoThatCodesAloneSayLess() {
        finds("d1 d4 d6", () -> new Plain() {
            @Override
            public NDArray begin(NDArray like, Weights w) {
                return like.mul(0.1); // [n,c]
            }
        });
    }

    @Test
    void d2_targetsLookAtOtherRows() {
        finds("d2", () -> new Plain() {
            @Override
            public NDArray target(NDArray z, NDArray state, int k, Weights w) {
                return z.sub(state).sub(z.mean(new int[] {0}, true).mul(0.1)); // [n,c]
            }
        });
    }

    @Test
    void d2_statesLookAtOtherRows() {
        finds("d2", () -> new Plain() {
            @Override
            public NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
                return state.add(codeword).add(state.mean(new int[] {0}, true).mul(0.1)); // [n,c]
            }
        });
    }

    @Test
    void d2_theSearchLooksAtOtherRows() {
        finds("d2 d3", () -> new Plain() {
            @Override
            public Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
                return super.nearest(target.sub(target.mean(new int[] {0}, true)), state, k, a, w);
            }
        });
    }

    @Test
    void d2_anotherTypeThanFloat32() {
        finds("d2 d6 d7 d9", () -> new Plain() {
            @Override
            public NDArray decode(NDArray state, int k, Weights w) {
                return k < 2 ? state : state.toType(DataType.FLOAT64, true); // [n,c]
            }
        });
    }

    @Test
    void d2_anotherShape() {
        finds("d2 d3 d4 d6", () -> new Plain() {
            @Override
            public NDArray codeword(NDArray codes, NDArray state, int k, Weights w) {
                return super.codeword(codes, state, k, w).expandDims(0); // [1,n,c]
            }
        });
    }

    @Test
    void d3_theFarthestFirst() {
        finds("d3", () -> new Plain() {
            @Override
            public Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
                Nearest found = super.nearest(target, state, k, a, w);
                return new Nearest(found.codes().flip(1), found.codewords().flip(1));
            }
        });
    }

    @Test
    void d3_theSameCodeOverAndOver() {
        finds("d3", () -> new Plain() {
            @Override
            public Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
                Nearest found = super.nearest(target, state, k, 1, w);
                return new Nearest(found.codes().repeat(1, a), found.codewords().repeat(1, a));
            }
        });
    }

    @Test
    void d3_oneCodeIsAnotherThanTheFirstOfTwo() {
        finds("d3", () -> new Plain() {
            @Override
            public Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
                Nearest found = super.nearest(target, state, k, a + (a == 1 ? 1 : 0), w);
                return a > 1 ? found : new Nearest(found.codes().get(":,1:"), found.codewords().get(":,1:"));
            }
        });
    }

    @Test
    void d3_codewordsOfOtherCodes() {
        finds("d3", () -> new Plain() {
            @Override
            public Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
                Nearest found = super.nearest(target, state, k, a, w);
                return new Nearest(found.codes(), found.codewords().flip(1)); // those of one code are right
            }
        });
    }

    @Test
    void d4_codewordsThatAreAlmostThose() {
        finds("d4 d6", () -> new Plain() {
            @Override
            public NDArray codeword(NDArray codes, NDArray state, int k, Weights w) {
                return super.codeword(codes, state, k, w).mul(1 + 1e-6); // [n,c]
            }
        });
    }

    @Test
    void d5_argumentsAreChanged() {
        finds("d2 d3 d5", () -> new Plain() {
            @Override
            public Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
                return super.nearest(target.addi(1), state, k, a, w);
            }
        });
    }

    @Test
    void d5_statesAreChangedInPlace() {
        finds("d2 d4 d5 d7", () -> new Plain() {
            @Override
            public NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
                return state.addi(codeword); // [n,c]
            }
        });
    }

    @Test
    void d5_everyCallIsAnother() {
        finds("d5", () -> new Plain() {
            private int calls;

            @Override
            public NDArray target(NDArray z, NDArray state, int k, Weights w) {
                return z.sub(state).add(1e-6 * calls++); // [n,c]
            }
        });
    }

    @Test
    void d5_theLossChangesTheLatents() {
        finds("d5", () -> new Declared(Learns.GRADIENT) {
            @Override
            public NDArray loss(NDArray z, NDList decoded, Weights w) {
                NDArray loss = super.loss(z, decoded, w); // []
                z.muli(number(z, 1 + 1e-6));
                return loss;
            }
        });
    }

    @Test
    void d5_fittingDrawsWithoutAKey() {
        finds("d5", () -> new Extra(Weight.of("mean", 8).learning(Learns.FITTED)) {
            @Override
            public void fit(NDArray latents, CodeSpace space, Key key, Weights w) {
                w.set("mean", latents.get(new Random().nextInt((int) latents.size(0)))); // [c]
            }
        });
    }

    @Test
    void d5_fittingChangesTheLatents() {
        finds("d5", () -> new Extra(Weight.of("mean", 8).learning(Learns.FITTED)) {
            @Override
            public void fit(NDArray latents, CodeSpace space, Key key, Weights w) {
                NDArray mean = latents.mean(new int[] {0}); // [c]
                w.set("mean", mean);
                latents.subi(mean);
            }
        });
    }

    @Test
    void d6_aBeamOfNothing() {
        finds("d6", () -> new Plain() {
            @Override
            public int beamWidth() {
                return 0;
            }
        });
    }

    @Test
    void d6_aWeightThatIsNotDeclared() {
        finds("d6", () -> new Plain() {
            @Override
            public NDArray decode(NDArray state, int k, Weights w) {
                return w.training() ? state : state.mul(w.get("scale")); // [n,c]
            }
        });
    }

    @Test
    void d6_twoWeightsOfOneName() {
        finds("d1 d2 d3 d4 d5 d6 d7 d8 d9 d10", () -> new Extra(Weight.of("codebooks.0.weight", 16, 8)));
    }

    @Test
    void d6_otherWeightsEachTime() {
        finds("d6", () -> new Plain() {
            private int calls;

            @Override
            public List<Weight> weights(CodeSpace space) {
                int call = calls++;
                return super.weights(space).stream().map(weight -> weight.normal(1 + 0.01 * call)).toList();
            }
        });
    }

    @Test
    void d6_aMovingAverageThatIsNoTable() {
        finds("d6", () -> new Extra(Weight.of("codebooks.3.weight", 16, 8).learning(Learns.EMA)));
    }

    @Test
    void d6_aTableThatIsPackedWhereItIsOnlyUsed() {
        finds("d6", () -> new Declared(weight ->
                Weight.matrix(weight.name(), weight.shape().get(0), weight.shape().get(1)).normal(1).learning(Learns.EMA)));
    }

    @Test
    void d6_aCodeSpaceThatShouldHaveBeenRefused() {
        finds("d6", () -> new Plain() {
            @Override
            public String table(int k) {
                return "codebooks.0.weight"; // of the first depth's size
            }

            @Override
            public List<Weight> weights(CodeSpace space) {
                return super.weights(space).subList(0, 1);
            }
        });
    }

    @Test
    void d6_aRefusalThatUsersCannotRead() {
        finds("d6", () -> new Plain() {
            @Override
            public List<Weight> weights(CodeSpace space) {
                if (space.sizes().stream().distinct().count() > 1) {
                    throw new UserError("sizes:\n" + space.sizes());
                }
                return super.weights(space);
            }
        });
    }

    @Test
    void d7_nothingIsLearnt() {
        finds("d7", () -> new Declared(weight -> weight.normal(10).learning(Learns.FIXED)));
    }

    @Test
    void d7_moreCodesSayNoMore() {
        finds("d7", () -> new Plain() {
            @Override
            public NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
                return k > 0 ? state : codeword; // [n,c]
            }
        });
    }

    @Test
    void d8_aJavaNumberOnTheTape() {
        String found = finds("d7? d8", () -> new Declared(Learns.GRADIENT) {
            @Override
            public NDArray loss(NDArray z, NDList decoded, Weights w) {
                return super.loss(z, decoded, w).mul(0.5f); // []
            }
        });
        assertTrue(found.contains("the gradient of "), found);
    }

    @Test
    void d8_aWeightThatTheLossDoesNotReach() {
        String found = finds("d7 d8", () -> new Extra(Weight.of("idle", 3)));
        assertTrue(found.contains("does not reach idle"), found);
    }

    @Test
    void d8_aWeightThatTheLossDoesNotMove() {
        String found = finds("d8", () -> new Extra(Weight.of("idle", 3)) {
            @Override
            public NDArray loss(NDArray z, NDList decoded, Weights w) {
                return super.loss(z, decoded, w).add(w.get("idle").sum().mul(number(z, 0))); // []
            }
        });
        assertTrue(found.contains("the gradient of idle is 0 everywhere"), found);
    }

    @Test
    void d8_aLossThatIsNotANumber() {
        finds("d7 d8", () -> new Declared(Learns.GRADIENT) {
            @Override
            public NDArray loss(NDArray z, NDList decoded, Weights w) {
                return super.loss(z, decoded, w).neg().sqrt(); // []
            }
        });
    }

    @Test
    void d8_aLossARow() {
        finds("d7 d8", () -> new Declared(Learns.GRADIENT) {
            @Override
            public NDArray loss(NDArray z, NDList decoded, Weights w) {
                return z.sub(decoded.get(0)).square().mean(new int[] {1}); // [n]
            }
        });
    }

    @Test
    void d9_anArrayInLongLivedMemory() {
        finds("d9", () -> new Plain() {
            @Override
            public NDArray target(NDArray z, NDArray state, int k, Weights w) {
                return Trial.kept(z.sub(state)); // [n,c]
            }
        });
    }

    @Test
    void d9_anArrayOfAnEarlierStep() {
        finds("d9", () -> new Plain() {
            private NDArray zeros;

            @Override
            public NDArray begin(NDArray like, Weights w) {
                if (zeros == null || !zeros.getShape().equals(like.getShape())) {
                    zeros = like.zerosLike(); // [n,c]
                }
                return zeros;
            }
        });
    }

    @Test
    void d10_anotherResultThanAnEarlierVersions() {
        try {
            Tried.remembered = "00000000";
            String line = Trial.quoted(finds("d10", Plain::new));
            Tried.remembered = line;
            finds("", Plain::new);
            Tried.remembered = line.replaceFirst(".", line.startsWith("0") ? "1" : "0");
            finds("d10", Plain::new);
        } finally {
            Tried.remembered = null;
        }
    }
}
