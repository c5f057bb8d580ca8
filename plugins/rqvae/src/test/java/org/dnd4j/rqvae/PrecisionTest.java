package org.dnd4j.rqvae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Test;

/** Training in bfloat16 follows the gradients of float32, and the same step gives the same bits. */
class PrecisionTest {
    private static final RqVae NETWORK =
            new RqVae(32, List.of(2, 1), 1, List.of(8), RqVae.Middle.ATTENTION, 16, 16, 8, 1, false, 1, false,
                    RqVae.Norm.GROUP, 1.0);

    private static Map<String, float[]> gradients(Torch torch, Precision precision) {
        Random random = new Random(1);
        float[] pixels = new float[2 * 3 * 16 * 16];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        Weights w = Weights.start(torch, NETWORK.weights(), precision, true, Key.of(3));
        Map<String, float[]> found = new LinkedHashMap<>();
        try (Scope step = torch.scope();
                Torch.Tape tape = torch.record()) {
            NDArray x = torch.manager().create(pixels, new Shape(2, 3, 16, 16)).duplicate(); // [b,3,s,s]
            NDArray loss = NETWORK.decode(NETWORK.encode(x, w), w).sub(x).square().mean(); // []
            NDList g = torch.gradients(loss, List.copyOf(w.trainable().values()));
            int i = 0;
            for (var weight : w.trainable().keySet()) {
                found.put(weight.name(), g.get(i++).toFloatArray());
            }
        }
        w.close();
        return found;
    }

    /** 1 − cosine: how far two gradients point apart. */
    private static double apart(float[] a, float[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return 1 - ab / Math.sqrt(aa * bb);
    }

    @Test
    void halfPrecisionFollowsTheGradientsOfFullPrecision() {
        try (Torch torch = Torch.open("cpu")) {
            Map<String, float[]> full = gradients(torch, Precision.FLOAT32);
            Map<String, float[]> half = gradients(torch, Precision.BFLOAT16);
            Map<String, float[]> again = gradients(torch, Precision.BFLOAT16);
            full.forEach((name, g) -> {
                assertArrayEquals(half.get(name), again.get(name), name + " the second time");
                if (name.endsWith(".weight")) { // a bias before a group norm has a gradient of rounding errors alone
                    double apart = apart(g, half.get(name));
                    assertTrue(apart < 0.01, name + " points elsewhere: 1 − cosine is " + apart);
                }
            });
        }
    }
}
