package org.dnd4j.rqvae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.UserError;
import org.dnd4j.tck.AutoencoderTck;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RqVaeTest {
    private static RqVae tiny(RqVae.Norm norm) {
        return new RqVae(32, List.of(1, 2), 1, List.of(8), RqVae.Middle.ATTENTION, 16, 16, 8, 1, false, 1, false, norm, 1.0);
    }

    @Nested
    class AsPublished extends AutoencoderTck {
        @Override
        protected Autoencoder autoencoder() {
            return tiny(RqVae.Norm.GROUP);
        }

        @Override
        protected String remembered() {
            return """
                    e2bdf7f1 -0.57841 0.29833 -0.22679 0.47615 -0.00033653 0.00025060 -0.00016021 0.00012666
                    """;
        }
    }

    @Nested
    class NormalisedByPlace extends AutoencoderTck {
        @Override
        protected Autoencoder autoencoder() {
            return tiny(RqVae.Norm.PLACE);
        }

        @Override
        protected String remembered() {
            return """
                    e2bdf7f1 -0.53515 0.31402 -0.51966 0.48864 -0.00034559 0.00024977 -0.00024315 0.00017599
                    """;
        }
    }

    @Nested
    class WithASkip extends AutoencoderTck {
        @Override
        protected Autoencoder autoencoder() {
            return new RqVae(32, List.of(1, 2), 1, List.of(), RqVae.Middle.NONE, 16, 16, 8, 2, false, 2, true,
                    RqVae.Norm.PLACE, 1.5);
        }

        @Override
        protected String remembered() {
            return """
                    d7d0d794 0.36374 0.82558 -0.43171 1.0145 0.00041811 0.00073255 -0.00016102 0.00094141
                    """;
        }
    }

    @Nested
    class InPatches extends AutoencoderTck {
        @Override
        protected Autoencoder autoencoder() {
            return new RqVae(32, List.of(1, 2), 1, List.of(8), RqVae.Middle.PLAIN, 16, 16, 8, 1, false, 2, false,
                    RqVae.Norm.GROUP, 1.0);
        }

        @Override
        protected String remembered() {
            return """
                    976f0705 -0.43261 0.31385 -0.51209 0.38396 -0.00024834 0.00023655 -6.0507e-05 7.0457e-05
                    """;
        }
    }

    @Nested
    class OfLengthOne extends AutoencoderTck {
        @Override
        protected Autoencoder autoencoder() {
            return new RqVae(32, List.of(1, 2), 1, List.of(8), RqVae.Middle.ATTENTION, 16, 16, 8, 1, true, 1, false,
                    RqVae.Norm.GROUP, 1.0);
        }

        @Override
        protected String remembered() {
            return """
                    e2bdf7f1 -0.77040 0.35355 -0.28841 0.45989 -0.45680 0.35355 -0.00016232 0.00012731
                    """;
        }
    }

    @Test
    void latentsOfLengthOneAreDirectionsOfTheOthers() {
        try (Torch torch = Torch.open("cpu")) {
            RqVae plain = tiny(RqVae.Norm.GROUP);
            Weights w = Weights.start(torch, plain.weights(), Precision.FLOAT32, false, Key.of(1));
            NDArray images = torch.manager().create(new float[2 * 3 * 64], new Shape(2, 3, 8, 8)).add(0.5f);
            float[] latents = plain.encode(images, w).toFloatArray();
            Autoencoder directions = new OfLengthOne().autoencoder();
            float[] unit = directions.encode(images, w).toFloatArray();
            for (int i = 0; i < unit.length; i += 8) {
                double length = 0;
                for (int j = 0; j < 8; j++) {
                    length += latents[i + j] * latents[i + j];
                }
                for (int j = 0; j < 8; j++) {
                    assertEquals(latents[i + j] / Math.sqrt(length), unit[i + j], 1e-6);
                }
            }
            Weights nothing = Weights.load(
                    torch, plain.weights(), Precision.FLOAT32, false, weight -> new float[(int) weight.size()]);
            assertArrayEquals(new float[unit.length], directions.encode(images, nothing).toFloatArray());
        }
    }

    /** Half of a kernel is just above 1, which bfloat16 takes for 1: what is left over tells what was computed in. */
    @ParameterizedTest
    @CsvSource({"32,32,true", "64,32,true", "32,64,true", "33,32,false", "32,33,false", "8,32,false", "32,8,false", "8,8,false"})
    void onlyChannelsThatComeIn32sAreConvolvedInBfloat16(int in, int out, boolean half) {
        float above = 1f / 1024;
        float[] pixel = new float[in];
        for (int i = 1; i < in; i += 2) {
            pixel[i - 1] = 1;
            pixel[i] = -1;
        }
        List<Weight> declared = List.of(Weight.of("kernel", out, in, 1, 1), Weight.of("bias", out));
        Program types = Program.text("types.py", "def to(self, x: Tensor, type: int) -> Tensor:\n  return x.to(type)\n");
        try (Torch torch = Torch.open("cpu")) {
            Weights w = Weights.load(torch, declared, Precision.FLOAT32, true, weight -> {
                float[] values = new float[(int) weight.size()];
                for (int i = 0; weight.name().equals("kernel") && i < values.length; i++) {
                    values[i] = i % in % 2 == 0 ? 1 + above : 1;
                }
                return values;
            });
            NDArray x = torch.manager().create(pixel, new Shape(1, in, 1, 1));
            NDArray y = w.run(RqVae.PROGRAM, "conv", w.run(types, "to", x, 15), w.group("kernel", "bias"), 0, 1, 0);
            float[] expected = new float[out];
            Arrays.fill(expected, half ? 0 : in / 2 * above);
            assertArrayEquals(expected, w.run(types, "to", y, 6).toFloatArray());
        }
    }

    @Test
    void whatIsLeftOutIsAsPublished() {
        assertEquals(
                new RqVae(128, List.of(1, 1, 2, 2, 4), 2, List.of(16), RqVae.Middle.ATTENTION, 256, 256, 256, 1, false,
                        1, false, RqVae.Norm.GROUP, 1.0),
                new RqVae(null, null, null, null, null, null, null, null, null, null, null, null, null, null));
    }

    @Test
    void whatCannotBeIsRefused() {
        for (int zero = 0; zero < 6; zero++) {
            int[] n = {2, 256, 256, 256, 1, 1};
            n[zero] = 0;
            refused(
                    List.of("blocks", "resolution", "latent", "embed", "blockSide", "patch").get(zero) + " 0: must be at least 1",
                    () -> new RqVae(null, null, n[0], null, null, n[1], n[2], n[3], n[4], null, n[5], null, null, null));
        }
        refused("multipliers []: one per level, 1 to 16 levels", () -> multiplied(32, List.of()));
        refused("multipliers [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]: one per level, 1 to 16 levels", () ->
                multiplied(32, Collections.nCopies(17, 1)));
        for (int[] wrong : new int[][] {{0, 1}, {-32, 1}, {33, 1}, {32, 0}}) {
            refused("channels " + wrong[0] + " × multiplier " + wrong[1] + ": channels must be a multiple of 32 (group norms have"
                    + " 32 groups) and multipliers at least 1", () -> multiplied(wrong[0], List.of(wrong[1])));
        }
        for (double gain : new double[] {0, -1, 100, Double.NaN}) {
            refused("gain " + gain + ": must be more than 0 and less than 100", () ->
                    new RqVae(null, null, null, null, null, null, null, null, null, null, null, null, null, gain));
        }
        assertEquals(1 << 15, multiplied(32, Collections.nCopies(16, 1)).factor());
        RqVae least = new RqVae(32, List.of(1), 1, null, null, 1, 1, 1, 1, null, 1, null, null, 99.0);
        assertEquals(1, least.factor());
        assertEquals(1, least.width());
    }

    @Test
    void picturesThatDoNotDivideAreRefused() {
        RqVae network = tiny(RqVae.Norm.GROUP); // a latent of 2×2 pixels
        try (Torch torch = Torch.open("cpu")) {
            Weights w = Weights.start(torch, network.weights(), Precision.FLOAT32, false, Key.of(1));
            for (long[] wrong : new long[][] {{15, 16}, {16, 15}, {0, 16}, {16, 0}}) {
                NDArray picture = torch.manager().zeros(new Shape(1, 3, wrong[0], wrong[1]));
                refused("image of " + wrong[1] + "×" + wrong[0] + " pixels: rqvae makes one latent of 2×2 pixels, so both sides"
                        + " must be multiples of 2", () -> network.encode(picture, w));
            }
            NDArray picture = torch.manager().zeros(new Shape(1, 3, 2, 4));
            assertEquals(new Shape(1, 1, 2, 8), network.encode(picture, w).getShape());
        }
    }

    private static RqVae multiplied(int channels, List<Integer> multipliers) {
        return new RqVae(channels, multipliers, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    private static void refused(String message, Executable what) {
        assertEquals(message, assertThrows(UserError.class, what).getMessage());
    }

    /** Normalised by place and without attention, equal surroundings have equal latents wherever they are. */
    @Test
    void whatIsFarAwayLeavesNoTraceInALatent() {
        try (Torch torch = Torch.open("cpu")) {
            float[] paper = corner(torch, RqVae.Norm.PLACE, false);
            assertArrayEquals(paper, corner(torch, RqVae.Norm.PLACE, true), 1e-6f);
            assertFalse(Arrays.equals(
                    corner(torch, RqVae.Norm.GROUP, false), corner(torch, RqVae.Norm.GROUP, true)));
        }
    }

    /** The latent in one corner of an empty picture, or of one with something in the other corner. */
    private static float[] corner(Torch torch, RqVae.Norm norm, boolean written) {
        RqVae network = new RqVae(32, List.of(1, 2), 1, List.of(), RqVae.Middle.NONE, 64, 16, 8, 1, false, 4, true,
                norm, 1.0);
        Weights w = Weights.start(torch, network.weights(), Precision.FLOAT32, false, Key.of(1));
        try (Scope step = torch.scope()) {
            float[] pixels = new float[3 * 128 * 128];
            Arrays.fill(pixels, 1);
            if (written) {
                Arrays.fill(pixels, 0, 16, -1);
            }
            NDArray z = network.encode(torch.manager().create(pixels, new Shape(1, 3, 128, 128)), w); // [1,16,16,8]
            assertEquals(new Shape(1, 16, 16, 8), z.getShape());
            return z.get("0,15,15").toFloatArray();
        } finally {
            w.close();
        }
    }
}
