package org.dnd4j.llama;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.dnd4j.spi.Pass;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Step;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Attention in bfloat16, which only a GPU chooses, tried on the CPU against attention in float32. */
class HalvesTest {
    private static final int B = 2;
    private static final int S = 7;
    private static final int HALF = 7; // which argument of the step says so
    private static final Llama LLAMA = new Llama(null, 32, 2, 2, 8, 0., 0., 0., null);

    @Test
    void attentionInBfloat16IsNearAttentionInFloat32() {
        try (Torch torch = Torch.open("cpu")) {
            List<Weight> weights = LLAMA.weights(1, S).stream().map(w -> w.matrix() ? w.normal(0.3) : w).toList();
            Weights w = Weights.start(torch, weights, Precision.BFLOAT16, false, Key.of(1));
            Assumptions.assumeTrue(w.precision() == Precision.BFLOAT16, "this processor has no products of bfloat16");
            NDArray h = torch.manager().create(noise(B * S * 32), new Shape(B, S, 32)); // [b,s,d]
            long[] numbers = IntStream.range(0, 2 * S).mapToLong(i -> i < 2 ? -1 : (i - 2) / 2 % 3).toArray();
            NDArray places = torch.manager().create(numbers, new Shape(S, 2));
            NDArray expected = LLAMA.run(h, 0, 2, pass(0, false, LLAMA.prepare(places, 0, w), w)); // [b,s,d]
            NDList table = w.call(Llama.PROGRAM, "prepare", places, 16, false, new long[0], true);
            near(expected, halves(h, pass(0, false, table, w)));
            NDList cache = w.call(Llama.PROGRAM, "prepare", places, 16, false, new long[] {2, 2, B, 2, S, 16}, true);
            NDList tokens = new NDList();
            for (int t = 0; t < S; t++) {
                tokens.add(halves(h.get(":, {}:{}", t, t + 1), pass(t, true, cache, w)));
            }
            near(expected, NDArrays.concat(tokens, 1));
        }
    }

    private static float[] noise(int size) {
        Random random = new Random(1);
        float[] noise = new float[size];
        for (int i = 0; i < size; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }

    private static Pass pass(int start, boolean cached, NDList state, Weights w) {
        return new Pass(start, cached, null, state, false, Key.of(1), w);
    }

    /** What the layers make of {@code h}. */
    private static NDArray halves(NDArray h, Pass pass) {
        Step step = LLAMA.reach(0, 2, 0, pass);
        List<Object> arguments = new ArrayList<>(step.arguments());
        arguments.set(HALF, true);
        return pass.weights().call(new Step(step.program(), step.method(), arguments), h).head();
    }

    /** Eight bits of a number are kept, so that a sum of such is right in about five. */
    private static void near(NDArray expected, NDArray actual) {
        float largest = expected.abs().max().getFloat();
        float off = expected.sub(actual).abs().max().getFloat();
        assertTrue(off > 1e-5 * largest, "float32 was computed");
        assertTrue(off < 0.03 * largest, off + " of " + largest);
    }
}
