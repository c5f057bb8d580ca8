package org.dnd4j.rqvae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.tck.AutoencoderTck;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RqVaeTest {
    private static RqVae tiny(RqVae.Norm norm) {
        return new RqVae(32, List.of(1, 2), 1, List.of(8), RqVae.Middle.ATTENTION, 16, 16, 8, 1, 1, false, norm, 1.0);
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
            return new RqVae(32, List.of(1, 2), 1, List.of(), RqVae.Middle.NONE, 16, 16, 8, 2, 2, true, RqVae.Norm.PLACE, 1.5);
        }

        @Override
        protected String remembered() {
            return """
                    d7d0d794 0.36374 0.82558 -0.43171 1.0145 0.00041811 0.00073255 -0.00016102 0.00094141
                    """;
        }
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
        RqVae network = new RqVae(32, List.of(1, 2), 1, List.of(), RqVae.Middle.NONE, 64, 16, 8, 1, 4, true, norm, 1.0);
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
