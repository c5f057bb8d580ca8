package org.dnd4j.history;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Nearest;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Codewords and the search for them against plain loops. */
class NetworkTest {
    private static final int C = 3;
    private static final int HIDDEN = 4;
    private static final CodeSpace SPACE = CodeSpace.of(C, 2, 8);

    private final Torch torch = Torch.open("cpu");
    private final Conditioned conditioned = new Conditioned(HIDDEN, 2, 3);

    @AfterEach
    void close() {
        torch.close();
    }

    private static float[] numbers(long seed, int count) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private NDArray rows(long seed, int n) {
        return torch.manager().create(numbers(seed, n * C), new Shape(n, C)).duplicate();
    }

    private Weights stirred() {
        return Weights.load(torch, conditioned.weights(SPACE), Precision.FLOAT32, true, weight ->
                numbers(weight.name().hashCode(), (int) weight.size()));
    }

    /** What the network says about one row after one state. */
    private static double[] said(float[] row, float[] state, Weights w) {
        double[] h = product(w, "row.weight", doubles(row));
        double[] told = product(w, "history.weight", doubles(state));
        float[] bias = w.values("networks.1.history.bias");
        for (int i = 0; i < HIDDEN; i++) {
            h[i] = silu(h[i] + told[i] + bias[i]);
        }
        for (int block = 0; block < 2; block++) {
            double[] up = product(w, "blocks." + block + ".up.weight", h);
            up = Arrays.stream(up).map(NetworkTest::silu).toArray();
            double[] down = product(w, "blocks." + block + ".down.weight", up);
            for (int i = 0; i < HIDDEN; i++) {
                h[i] += down[i];
            }
        }
        double[] word = product(w, "out.weight", h);
        for (int j = 0; j < C; j++) {
            word[j] += row[j];
        }
        return word;
    }

    private static double[] product(Weights w, String name, double[] x) {
        float[] m = w.values("networks.1." + name);
        double[] y = new double[m.length / x.length];
        for (int i = 0; i < m.length; i++) {
            y[i / x.length] += m[i] * x[i % x.length];
        }
        return y;
    }

    private static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    private static double[] doubles(float[] x) {
        return IntStream.range(0, x.length).mapToDouble(i -> x[i]).toArray();
    }

    private static float[] row(float[] flat, int i) {
        return Arrays.copyOfRange(flat, i * C, (i + 1) * C);
    }

    @Test
    void aCodewordIsItsRowAndWhatTheNetworkSays() {
        Weights w = stirred();
        NDArray state = rows(1, 8);
        NDArray codes = torch.manager().create(new long[] {3, 1, 0, 7, 5, 5, 2, 4}); // [8]
        float[] words = conditioned.codeword(codes, state, 1, w).toFloatArray();
        float[] table = w.values("codebooks.1.weight");
        for (int i = 0; i < 8; i++) {
            double[] word = said(row(table, (int) codes.toLongArray()[i]), row(state.toFloatArray(), i), w);
            assertArrayEquals(word, doubles(row(words, i)), 1e-4);
        }
    }

    @Test
    void theNearestOfTheCandidatesComeFirstAndTheOtherCodesAfterThem() {
        Weights w = stirred();
        NDArray state = rows(1, 5);
        NDArray target = rows(2, 5);
        float[] table = w.values("codebooks.1.weight");
        Nearest all = conditioned.nearest(target, state, 1, 8, w);
        for (int i = 0; i < 5; i++) {
            float[] t = row(target.toFloatArray(), i);
            float[] s = row(state.toFloatArray(), i);
            List<Integer> plain = IntStream.range(0, 8).boxed()
                    .sorted(Comparator.comparingDouble(code -> distance(t, doubles(row(table, code)))))
                    .toList();
            List<Integer> best = new ArrayList<>(plain.subList(0, 3).stream()
                    .sorted(Comparator.comparingDouble(code -> distance(t, said(row(table, code), s, w))))
                    .toList());
            best.addAll(plain.subList(3, 8));
            assertArrayEquals(
                    best.stream().mapToLong(code -> code).toArray(),
                    Arrays.copyOfRange(all.codes().toLongArray(), 8 * i, 8 * i + 8));
        }
        for (int a : new int[] {1, 2, 3, 4}) {
            Nearest some = conditioned.nearest(target, state, 1, a, w);
            assertArrayEquals(all.codes().get(":,:" + a).toLongArray(), some.codes().toLongArray(), "first " + a);
            for (int b = 0; b < a; b++) {
                float[] word = conditioned.codeword(some.codes().get(":," + b), state, 1, w).toFloatArray();
                assertArrayEquals(word, some.codewords().get(":," + b).toFloatArray(), 1e-5f, "codewords " + b);
            }
        }
    }

    private static double distance(float[] target, double[] word) {
        return IntStream.range(0, C).mapToDouble(j -> (target[j] - word[j]) * (target[j] - word[j])).sum();
    }

    @Test
    void manyRowsAreSearchedInParts() {
        Weights w = stirred();
        int n = 2 * (262144 / 8) + 1; // one more than two parts, if all codes are asked for
        NDArray target = rows(1, n);
        NDArray state = rows(2, n);
        Nearest all = conditioned.nearest(target, state, 1, 8, w);
        Nearest last = conditioned.nearest(target.get(n - 2 + ":"), state.get(n - 2 + ":"), 1, 8, w);
        assertEquals(new Shape(n, 8), all.codes().getShape());
        assertArrayEquals(last.codes().toLongArray(), all.codes().get(n - 2 + ":").toLongArray());
        assertEquals(new Shape(0, 1), conditioned.nearest(rows(1, 0), rows(1, 0), 1, 1, w).codes().getShape());
    }

    @Test
    void itStartsAsResidualQuantisation() {
        Weights w = Weights.start(torch, conditioned.weights(SPACE), Precision.FLOAT32, true, Key.of(1));
        NDArray codes = torch.manager().create(new long[] {3, 1, 0, 7}); // [4]
        assertArrayEquals(
                w.get("codebooks.1.weight").get(codes).toFloatArray(),
                conditioned.codeword(codes, rows(1, 4), 1, w).toFloatArray());
    }

    @Test
    void whatCannotBeIsRefused() {
        assertEquals("conditioned: hidden is 0: must be at least 1", refused(0, 1, 1));
        assertEquals("conditioned: blocks is -1: must be at least 0", refused(1, -1, 1));
        assertEquals("conditioned: candidates is 0: must be at least 1", refused(1, 0, 0));
        assertEquals(new Conditioned(128, 1, 16), new Conditioned(null, null, null));
        assertEquals(4, conditioned.beamWidth());
    }

    private static String refused(Integer hidden, Integer blocks, Integer candidates) {
        return assertThrows(UserError.class, () -> new Conditioned(hidden, blocks, candidates)).getMessage();
    }
}
