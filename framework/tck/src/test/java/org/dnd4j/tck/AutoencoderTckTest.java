package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Test;

/** Autoencoders that break one law each, or say which others break with it. */
class AutoencoderTckTest {
    private static final Program PATCHES = Program.text("patches.py", """
            def encode(self, x: Tensor, w: Weights) -> Tensor:
              return self.linear(torch.permute(torch.pixel_unshuffle(x, 2), [0, 2, 3, 1]), w, 0)  # [b,h,w,c]
            def decode(self, z: Tensor, w: Weights) -> Tensor:
              return torch.pixel_shuffle(torch.permute(self.linear(z, w, 0), [0, 3, 1, 2]), 2)  # [b,3,2h,2w]
            """);

    /** One matrix from patches of 2×2 pixels to latents, one back. */
    static class Patches implements Autoencoder {
        @Override
        public int factor() {
            return 2;
        }

        @Override
        public int width() {
            return 4;
        }

        @Override
        public List<Weight> weights() {
            return List.of(Weight.matrix("in", 4, 12).normal(0.5), Weight.matrix("out", 12, 4).normal(0.5));
        }

        @Override
        public NDArray encode(NDArray images, Weights w) {
            if (images.getShape().get(2) % 2 + images.getShape().get(3) % 2 > 0) {
                throw new UserError("patches: sides must be even, not " + images.getShape());
            }
            return w.run(PATCHES, "encode", images, w.group("in")); // [b,h,w,c]
        }

        @Override
        public NDArray decode(NDArray latents, Weights w) {
            return w.run(PATCHES, "decode", latents, w.group("out")); // [b,3,s,t]
        }
    }

    /** With one weight more. */
    static class Extra extends Patches {
        private final Weight extra;

        Extra(Weight extra) {
            this.extra = extra;
        }

        @Override
        public List<Weight> weights() {
            List<Weight> weights = new ArrayList<>(super.weights());
            weights.add(extra);
            return weights;
        }
    }

    static class Tried extends AutoencoderTck {
        static Supplier<Autoencoder> tried;
        static String remembered;

        @Override
        protected String remembered() {
            return remembered;
        }

        @Override
        protected Autoencoder autoencoder() {
            return tried.get();
        }
    }

    private static String finds(String laws, Supplier<Autoencoder> tried) {
        Tried.tried = tried;
        return Trial.finds(laws, Tried.class);
    }

    @Test
    void soundAutoencodersPass() {
        finds("", Patches::new);
    }

    @Test
    void a1_anotherWidthThanItSays() {
        finds("a1", () -> new Patches() {
            @Override
            public int width() {
                return 5;
            }
        });
    }

    @Test
    void a1_anotherTypeThanFloat32() {
        finds("a1", () -> new Patches() {
            @Override
            public NDArray decode(NDArray latents, Weights w) {
                NDArray images = super.decode(latents, w); // [b,3,s,t]
                return w.training() ? images : images.toType(DataType.FLOAT64, true);
            }
        });
    }

    @Test
    void a2_latentsAreCentredOverTheBatch() {
        finds("a2", () -> new Patches() {
            @Override
            public NDArray encode(NDArray images, Weights w) {
                NDArray latents = super.encode(images, w); // [b,h,w,c]
                return latents.sub(latents.mean(new int[] {0}, true));
            }
        });
    }

    @Test
    void a2_imagesAreCentredOverTheBatch() {
        finds("a2", () -> new Patches() {
            @Override
            public NDArray decode(NDArray latents, Weights w) {
                NDArray images = super.decode(latents, w); // [b,3,s,t]
                return images.sub(images.mean(new int[] {0}, true));
            }
        });
    }

    @Test
    void a2_allImagesHaveTheSameLatents() {
        finds("a2 a4", () -> new Patches() {
            @Override
            public NDArray encode(NDArray images, Weights w) {
                return super.encode(images.zerosLike(), w); // [b,h,w,c]
            }
        });
    }

    @Test
    void a3_imagesAreChangedInPlace() {
        finds("a3", () -> new Patches() {
            @Override
            public NDArray encode(NDArray images, Weights w) {
                NDArray latents = super.encode(images, w); // [b,h,w,c]
                if (!w.torch().recording()) {
                    images.muli(1 + 1e-6); // while recording, torch itself finds it
                }
                return latents;
            }
        });
    }

    @Test
    void a3_everyCallIsAnother() {
        finds("a3 a6", () -> new Patches() {
            private int calls;

            @Override
            public NDArray encode(NDArray images, Weights w) {
                return super.encode(images, w).add(1e-6 * calls++); // [b,h,w,c]
            }
        });
    }

    @Test
    void a4_aWeightThatReconstructionDoesNotReach() {
        String found = finds("a4", () -> new Extra(Weight.of("idle", 3)));
        assertTrue(found.contains("does not reach idle"), found);
    }

    @Test
    void a4_aWeightThatIsNotDeclared() {
        finds("a1 a4", () -> new Patches() {
            @Override
            public NDArray decode(NDArray latents, Weights w) {
                return super.decode(w.training() ? latents : latents.mul(w.get("scale")), w); // [b,3,s,t]
            }
        });
    }

    @Test
    void a4_twoWeightsOfOneName() {
        finds("a1 a2 a3 a4 a5 a6 a7", () -> new Extra(Weight.of("in", 3)));
    }

    @Test
    void a4_aJavaNumberOnTheTape() {
        String found = finds("a4", () -> new Patches() {
            @Override
            public NDArray decode(NDArray latents, Weights w) {
                return super.decode(latents, w).mul(0.5f); // [b,3,s,t]
            }
        });
        assertTrue(found.contains("the gradient of "), found);
    }

    @Test
    void a4_aLastLayerThatIsNotThere() {
        finds("a4", () -> new Patches() {
            @Override
            public String lastLayer() {
                return "decoder.conv_out.weight";
            }
        });
    }

    @Test
    void a5_sidesAreCutDown() {
        finds("a5", () -> new Patches() {
            @Override
            public NDArray encode(NDArray images, Weights w) {
                long[] sides = images.getShape().getShape();
                return super.encode(images.get(":,:," + ":" + sides[2] / 2 * 2 + ",:" + sides[3] / 2 * 2), w); // [b,h,w,c]
            }
        });
    }

    @Test
    void a5_aProgramRefusesWhatUsersShouldBeTold() {
        finds("a5", () -> new Patches() {
            @Override
            public NDArray encode(NDArray images, Weights w) {
                return w.run(PATCHES, "encode", images, w.group("in")); // [b,h,w,c]
            }
        });
    }

    @Test
    void a6_anArrayInLongLivedMemory() {
        finds("a6", () -> new Patches() {
            @Override
            public NDArray encode(NDArray images, Weights w) {
                return super.encode(Trial.kept(images.duplicate()), w); // [b,h,w,c]
            }
        });
    }

    @Test
    void a6_anArrayOfAnEarlierStep() {
        finds("a4 a6", () -> new Patches() {
            private NDArray zero;

            @Override
            public NDArray encode(NDArray images, Weights w) {
                NDArray latents = super.encode(images, w); // [b,h,w,c]
                zero = zero == null ? latents.get(":1,:1,:1").zerosLike() : zero; // [1,1,1,c]
                return latents.add(zero);
            }
        });
    }

    @Test
    void a7_anotherResultThanAnEarlierVersions() {
        try {
            Tried.remembered = "00000000";
            String line = Trial.quoted(finds("a7", Patches::new));
            Tried.remembered = line;
            finds("", Patches::new);
            Tried.remembered = line.replaceFirst(".", line.startsWith("0") ? "1" : "0");
            finds("a7", Patches::new);
        } finally {
            Tried.remembered = null;
        }
    }
}
