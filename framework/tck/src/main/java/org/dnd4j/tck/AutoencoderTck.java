package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link Autoencoder}, on two images a few latents high and wide. */
public abstract class AutoencoderTck {
    private static final int B = 2;

    private Lab lab;

    /** The plugin under test, as small as it can be. */
    protected abstract Autoencoder autoencoder();

    /** Height of the images in latents; the width is one latent more, if the network takes images that are not square. */
    protected int rows() {
        return 2;
    }

    /** Whether images need not be square. */
    protected boolean oblong() {
        return true;
    }

    /** What an earlier version computed, as the skipped test of A7 gives it; null if there was none. */
    protected String remembered() {
        return null;
    }

    @BeforeEach
    void open() {
        lab = new Lab();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private int columns() {
        return rows() + (oblong() ? 1 : 0);
    }

    private NDArray images(long seed) {
        int factor = autoencoder().factor();
        return lab.normal(seed, B, 3, (long) rows() * factor, (long) columns() * factor).tanh(); // [b,3,s,t]
    }

    private Weights weights(Autoencoder a) {
        return lab.stirred(a.weights());
    }

    @Test
    void a1_imagesBecomeAGridOfLatentsAndLatentsImages() {
        Autoencoder a = autoencoder();
        NDArray images = images(1);
        for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
            for (boolean training : new boolean[] {true, false}) {
                Weights w = lab.stirred(a.weights(), precision, training);
                NDArray latents = a.encode(images, w);
                Lab.shaped("encode", latents, DataType.FLOAT32, B, rows(), columns(), a.width());
                Lab.shaped("decode", a.decode(latents, w), DataType.FLOAT32, images.getShape().getShape());
            }
        }
    }

    @Test
    void a2_imagesOfABatchDoNotSeeEachOther() {
        Autoencoder a = autoencoder();
        Weights w = weights(a);
        NDArray images = images(1);
        NDArray mixed = images.get(":1").concat(images(2).get("1:")); // [b,3,s,t]
        NDArray latents = a.encode(images, w);
        NDArray others = a.encode(mixed, w);
        Lab.near("latents of the first image beside another", latents.get(":1"), others.get(":1"));
        Lab.near("latents of the first image alone", latents.get(":1"), a.encode(images.get(":1"), w));
        Lab.differ("latents of two images", latents.get("1:"), others.get("1:"));
        NDArray decoded = a.decode(latents, w);
        Lab.near("the first image beside another", decoded.get(":1"), a.decode(others, w).get(":1"));
        Lab.near("the first image alone", decoded.get(":1"), a.decode(latents.get(":1"), w));
    }

    @Test
    void a3_equalArgumentsGiveEqualBits() {
        Autoencoder a = autoencoder();
        Weights w = weights(a);
        NDArray images = images(1);
        NDArray kept = images.duplicate();
        NDArray latents = a.encode(images, w);
        NDArray keptLatents = latents.duplicate();
        NDArray decoded = a.decode(latents, w);
        a.decode(a.encode(images(2), w), w);
        Lab.same("images that were handed in", kept, images);
        Lab.same("latents that were handed in", keptLatents, latents);
        for (Autoencoder again : List.of(a, autoencoder())) {
            Lab.same("latents again", latents, again.encode(images, w));
            Lab.same("images again", decoded, again.decode(latents, w));
        }
    }

    @Test
    void a4_weightsAreDeclaredAndEachIsMovedByReconstruction() {
        Autoencoder a = autoencoder();
        List<Weight> declared = a.weights();
        assertEquals(declared, a.weights(), "declared again");
        Weights w = lab.stirred(declared);
        NDArray images = images(1);
        lab.moves(() -> a.decode(a.encode(images, w), w).sub(images).square().mean(), w);
        for (Weights other : List.of(lab.started(declared), lab.stirred(declared, Precision.FLOAT32, false))) {
            a.decode(a.encode(images, other), other);
        }
    }

    @Test
    void a4_theLastLayerIsOneOfTheWeights() {
        Autoencoder a = autoencoder();
        Assumptions.assumeTrue(a.lastLayer() != null, "not tried: no last layer is named");
        assertTrue(weights(a).has(a.lastLayer()), a.lastLayer() + " is not declared");
    }

    @Test
    void a5_impossibleSizesAreRefusedInOneLine() {
        Autoencoder a = autoencoder();
        Assumptions.assumeTrue(a.factor() > 1, "not tried: any size has whole latents of one pixel");
        Weights w = weights(a);
        long side = (long) rows() * a.factor();
        for (long[] sides : new long[][] {{side + 1, side}, {side, side + 1}, {side - 1, side}, {1, 1}}) {
            NDArray images = lab.normal(1, B, 3, sides[0], sides[1]); // [b,3,s,t]
            Lab.refusal(assertThrows(UserError.class, () -> a.encode(images, w), sides[0] + " by " + sides[1]));
        }
    }

    @Test
    void a6_noMethodKeepsAnArray() {
        Autoencoder a = autoencoder();
        Weights w = weights(a);
        float[] first = step(a, w, 1);
        int before = lab.longLived();
        step(a, w, 2);
        assertEquals(before, lab.longLived(), "arrays left behind by a step");
        assertArrayEquals(first, step(a, w, 1), "the arrays of earlier steps are gone, and nothing changes");
    }

    private float[] step(Autoencoder a, Weights w, long seed) {
        try (Scope step = lab.torch.scope()) {
            NDArray images = images(seed);
            try (Torch.Tape tape = lab.torch.record()) {
                a.decode(a.encode(images, w), w);
            }
            return a.decode(a.encode(images, w), w).toFloatArray();
        }
    }

    @Test
    void a7_whatItComputedOnceItComputesStill() {
        Autoencoder a = autoencoder();
        Weights w = weights(a);
        Memory memory = new Memory();
        memory.letter(a.factor() + " pixels a latent, " + a.width() + " wide");
        memory.letter(a.weights());
        NDArray latents = a.encode(images(1), w);
        memory.array("encode", latents);
        memory.array("decode", a.decode(latents, w));
        Weights faint = lab.faint(a.weights());
        memory.array("encode faint images", a.encode(images(1).mul(0.001), faint));
        memory.array("decode faint latents", a.decode(latents.mul(0.001), faint));
        memory.holds(remembered());
    }
}
