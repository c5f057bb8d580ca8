package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.image.Tokenizer.Part;
import org.dnd4j.residual.Residual;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenizerTest {
    private static final CodeSpace SPACE = CodeSpace.of(12, 3, 8);

    /** Latents are 2×2 pixels each, so that everything can be followed by hand. */
    record Patches() implements Autoencoder {
        @Override
        public int factor() {
            return 2;
        }

        @Override
        public int width() {
            return 12;
        }

        @Override
        public List<Weight> weights() {
            return List.of();
        }

        @Override
        public NDArray encode(NDArray images, Weights w) {
            Shape s = images.getShape();
            return images.reshape(s.get(0), 3, s.get(2) / 2, 2, s.get(3) / 2, 2)
                    .transpose(0, 2, 4, 1, 3, 5)
                    .reshape(s.get(0), s.get(2) / 2, s.get(3) / 2, 12); // [b,h,w,12]
        }

        @Override
        public NDArray decode(NDArray latents, Weights w) {
            Shape s = latents.getShape();
            return latents.reshape(s.get(0), s.get(1), s.get(2), 3, 2, 2)
                    .transpose(0, 3, 1, 4, 2, 5)
                    .reshape(s.get(0), 3, s.get(1) * 2, s.get(2) * 2); // [b,3,s,s]
        }
    }

    /** Weights whose names say nothing, one of which both ways ask for, and one that training does not move. */
    record Nameless() implements Autoencoder {
        @Override
        public int factor() {
            return 1;
        }

        @Override
        public int width() {
            return 3;
        }

        @Override
        public List<Weight> weights() {
            return List.of(
                    Weight.of("a", 1).constant(1),
                    Weight.of("b", 1).constant(1),
                    Weight.of("c", 1).constant(1),
                    Weight.of("d", 1).learning(Weight.Learns.FIXED));
        }

        @Override
        public NDArray encode(NDArray images, Weights w) {
            return images.transpose(0, 2, 3, 1).mul(w.get("a")).mul(w.get("c")).add(w.get("d")); // [b,h,w,3]
        }

        @Override
        public NDArray decode(NDArray latents, Weights w) {
            return latents.transpose(0, 3, 1, 2).mul(w.get("b")).mul(w.get("c")); // [b,3,s,s]
        }
    }

    private Torch torch;
    private Weights w;
    private final Tokenizer tokenizer = new Tokenizer(new Patches(), new Quantizer(new Residual(false), SPACE, 1));

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
        w = Weights.start(torch, tokenizer.weights(), Precision.FLOAT32, false, Key.of(1));
    }

    @AfterEach
    void close() {
        w.close();
        torch.close();
    }

    private static NDArray bytes(Scope scope, int count) {
        byte[] bytes = new byte[count * 3 * 4 * 4];
        new Random(3).nextBytes(bytes);
        return scope.manager().create(java.nio.ByteBuffer.wrap(bytes), new Shape(count, 3, 4, 4), ai.djl.ndarray.types.DataType.UINT8);
    }

    @Test
    void weightsCarryThePublishedNames() {
        assertEquals(
                List.of(
                        "quantizer.codebooks.0.weight",
                        "quantizer.codebooks.1.weight",
                        "quantizer.codebooks.2.weight",
                        "pixels.mean",
                        "pixels.deviation"),
                tokenizer.weights().stream().map(Weight::name).toList());
    }

    @Test
    void whatAPartAsksForIsSeenWhateverItIsCalled() {
        Tokenizer nameless = new Tokenizer(new Nameless(), new Quantizer(new Residual(true), CodeSpace.of(3, 2, 8), 1));
        assertEquals(List.of("b", "quantizer.codebooks.0.weight"), moved(nameless, Part.ENCODER));
        assertEquals(List.of("a", "quantizer.codebooks.0.weight"), moved(nameless, Part.DECODER));
        assertEquals(List.of("quantizer.codebooks.0.weight"), moved(nameless, Part.ENCODER, Part.DECODER));
        assertEquals(List.of("a", "b", "c"), moved(nameless, Part.DECOMPOSITION));
        assertEquals(nameless.weights(), nameless.weights(Set.of(), torch, 4));
    }

    private List<String> moved(Tokenizer tokenizer, Part... parts) {
        return tokenizer.weights(Set.of(parts), torch, 4).stream()
                .filter(w -> w.learns() != Weight.Learns.FIXED)
                .map(Weight::name)
                .toList();
    }

    @Test
    void bytesBecomeMinusOneToOne() {
        try (Scope scope = torch.scope()) {
            NDArray bytes = bytes(scope, 2);
            byte[] raw = bytes.toByteArray();
            float[] found = tokenizer.pixels(bytes).toFloatArray();
            for (int i = 0; i < raw.length; i++) {
                assertEquals((raw[i] & 0xFF) / 127.5 - 1, found[i], 1e-6);
            }
        }
    }

    @Test
    void codesSayWhatReconstructionShows() {
        try (Scope scope = torch.scope()) {
            NDArray images = tokenizer.pixels(bytes(scope, 2));
            NDArray codes = tokenizer.encode(images, w);
            assertEquals(new Shape(2, 2, 2, 3), codes.getShape());
            NDList byDepth = tokenizer.reconstruct(images, w);
            for (int k = 1; k <= 3; k++) {
                NDArray decoded = tokenizer.decode(codes.get(":, :, :, :" + k), w);
                assertArrayEquals(byDepth.get(k - 1).toFloatArray(), decoded.toFloatArray());
            }
        }
    }

    @Test
    void standardisedPixelsAreWhatTheNetworkSees() {
        try (Scope scope = torch.scope()) {
            NDArray images = tokenizer.pixels(bytes(scope, 2));
            float[] before = tokenizer.latents(images, w).toFloatArray();
            w.set("pixels.mean", scope.manager().create(new float[] {0.1f, -0.2f, 0.3f}));
            w.set("pixels.deviation", scope.manager().create(new float[] {0.5f, 2f, 0.25f}));
            float[] after = tokenizer.latents(images, w).toFloatArray();
            float[] mean = {0.1f, -0.2f, 0.3f};
            float[] deviation = {0.5f, 2f, 0.25f};
            for (int i = 0; i < before.length; i++) {
                int channel = i % 12 / 4;
                assertEquals((before[i] - mean[channel]) / deviation[channel], after[i], 1e-5);
            }
            float[] back = tokenizer.images(tokenizer.latents(images, w), w).toFloatArray();
            assertArrayEquals(images.toFloatArray(), back, 1e-5f);
        }
    }

    @Test
    void fidelityIsTheErrorOfEveryPrefix() {
        try (Scope scope = torch.scope()) {
            Fidelity fidelity = new Fidelity(tokenizer, w);
            NDArray first = tokenizer.pixels(bytes(scope, 2));
            NDArray second = tokenizer.pixels(bytes(scope, 3)).neg();
            fidelity.add(first);
            fidelity.add(second);
            double[] l2 = new double[3];
            double[] pooled = new double[3];
            double[] psnr = new double[3];
            double[] missed = new double[3];
            double all = 0;
            for (NDArray batch : List.of(first, second)) {
                float[] x = batch.toFloatArray();
                NDList made = tokenizer.reconstruct(batch, w);
                for (float value : x) {
                    all += value * value; // latents are the pixels themselves, elsewhere
                }
                for (int k = 0; k < 3; k++) {
                    float[] y = made.get(k).toFloatArray();
                    for (int picture = 0; picture < x.length / 48; picture++) {
                        double clipped = 0;
                        for (int i = picture * 48; i < picture * 48 + 48; i++) {
                            l2[k] += Math.pow(x[i] - y[i], 2) / 48 / 5;
                            missed[k] += Math.pow(x[i] - y[i], 2);
                            clipped += Math.pow(127.5 * (x[i] - Math.max(-1, Math.min(1, y[i]))), 2) / 48;
                        }
                        pooled[k] += clipped / 5;
                        psnr[k] += 10 * Math.log10(255 * 255 / clipped) / 5;
                    }
                }
            }
            assertEquals(5, fidelity.pictures());
            for (int k = 0; k < 3; k++) {
                assertEquals(l2[k], fidelity.l2().get(k), 1e-4);
                assertEquals(missed[k] / all, fidelity.latents().get(k), 1e-5);
                assertEquals(psnr[k], fidelity.psnr().get(k), 1e-3);
                assertEquals(10 * Math.log10(255 * 255 / pooled[k]), fidelity.pooledPsnr().get(k), 1e-3);
                assertTrue(fidelity.pooledPsnr().get(k) <= fidelity.psnr().get(k));
                assertEquals(norm(w.values("quantizer.codebooks." + k + ".weight"), k, first, second), fidelity.norms().get(k), 1e-3);
            }
            assertTrue(fidelity.usage().shares().get(0) > 0);
        }
    }

    private double norm(float[] table, int k, NDArray... batches) {
        double sum = 0;
        for (NDArray batch : batches) {
            long[] codes = tokenizer.encode(batch, w).toLongArray();
            for (int i = k; i < codes.length; i += 3) {
                double square = 0;
                for (int c = 0; c < 12; c++) {
                    square += Math.pow(table[(int) codes[i] * 12 + c], 2);
                }
                sum += Math.sqrt(square) / 20;
            }
        }
        return sum;
    }
}
