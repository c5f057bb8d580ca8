package org.dnd4j.denoising;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The programs beside plain loops over the formulas. */
class TwinTest {
    private static final int C = 4;
    private static final int K = 8;
    private static final CodeSpace SPACE = CodeSpace.of(C, 3, K);
    private static final List<Double> SIGNAL = List.of(0.1, 0.5, 0.8, 0.95);

    private Torch torch;
    private double[] z;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
        z = new Random(5).doubles(C, -2, 2).toArray();
    }

    @AfterEach
    void close() {
        torch.close();
    }

    /** One vector through the fold of a plugin, each of its results beside that of a loop over the formulas. */
    private interface Twin {
        double[] begin();

        double[] target(double[] state, int k);

        double[] next(double[] state, double[] codeword, int k);

        double[] decode(double[] state, int k);
    }

    private void compare(Decomposition d, Weights w, Twin twin) {
        try (Scope scope = torch.scope()) {
            NDArray latents = row(scope, z); // [1,c]
            NDArray state = d.begin(latents, w); // [1,c]
            double[] expected = twin.begin();
            near(expected, state);
            assertEquals(new Shape(3, C), d.begin(scope.manager().zeros(new Shape(3, C)), w).getShape());
            for (int k = 0; k < SPACE.depth(); k++) {
                NDArray target = d.target(latents, state, k, w); // [1,c]
                near(twin.target(expected, k), target);
                NDArray codeword = d.nearest(target, state, k, 1, w).codewords().squeeze(1); // [1,c]
                expected = twin.next(expected, doubles(codeword), k);
                state = d.next(state, codeword, k, w); // [1,c]
                near(expected, state);
                near(twin.decode(expected, k), d.decode(state, k, w));
            }
        }
    }

    private static NDArray row(Scope scope, double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return scope.manager().create(floats, new Shape(1, floats.length)); // [1,c]
    }

    private static double[] doubles(NDArray array) {
        float[] floats = array.toFloatArray();
        return each(i -> floats[i]);
    }

    private static double[] each(IntFunction<Number> value) {
        double[] values = new double[C];
        for (int i = 0; i < C; i++) {
            values[i] = value.apply(i).doubleValue();
        }
        return values;
    }

    private static void near(double[] expected, NDArray array) {
        double[] found = doubles(array);
        for (int i = 0; i < C; i++) {
            assertEquals(expected[i], found[i], 1e-4 * (1 + Math.abs(expected[i])), "element " + i);
        }
    }

    @Test
    void codebooksAreAReversedDiffusion() {
        int hidden = 6;
        Denoising d = new Denoising(null, SIGNAL, hidden, null);
        Weights w = Weights.load(torch, d.weights(SPACE), Precision.FLOAT32, true, weight -> drawn((int) weight.size()));
        compare(d, w, new Twin() {
            @Override
            public double[] begin() {
                float[] start = w.values("start");
                return each(i -> start[i]);
            }

            private double[] estimate(double[] s, int codes) {
                String network = "denoiser." + codes;
                float[] in = w.values(network + ".in.weight");
                float[] bias = w.values(network + ".in.bias");
                float[] out = w.values(network + ".out.weight");
                float[] gain = w.values(network + ".gain");
                double[] x = each(i -> gain[i] * s[i]);
                for (int h = 0; h < hidden; h++) {
                    double sum = bias[h];
                    for (int i = 0; i < C; i++) {
                        sum += in[h * C + i] * s[i];
                    }
                    for (int i = 0; i < C; i++) {
                        x[i] += out[i * hidden + h] * sum / (1 + Math.exp(-sum));
                    }
                }
                return x;
            }

            /** The posterior of Ho et al., β = 1 − α, as their equation 7 has it. */
            private double[] mean(double[] s, int k) {
                double before = SIGNAL.get(k);
                double after = SIGNAL.get(k + 1);
                double alpha = before / after;
                double[] x = estimate(s, k);
                return each(i -> Math.sqrt(after) * (1 - alpha) / (1 - before) * x[i]
                        + Math.sqrt(alpha) * (1 - after) / (1 - before) * s[i]);
            }

            private double deviation(int k) {
                double before = SIGNAL.get(k);
                double after = SIGNAL.get(k + 1);
                return Math.sqrt((1 - after) / (1 - before) * (1 - before / after));
            }

            @Override
            public double[] target(double[] state, int k) {
                double[] mean = mean(state, k);
                return each(i -> (Math.sqrt(SIGNAL.get(k + 1)) * z[i] - mean[i]) / deviation(k));
            }

            @Override
            public double[] next(double[] state, double[] codeword, int k) {
                double[] mean = mean(state, k);
                return each(i -> mean[i] + deviation(k) * codeword[i]);
            }

            @Override
            public double[] decode(double[] state, int k) {
                return estimate(state, k + 1);
            }
        });
    }

    private static float[] drawn(int size) {
        Random random = new Random(size);
        float[] drawn = new float[size];
        for (int i = 0; i < size; i++) {
            drawn[i] = (float) random.nextGaussian();
        }
        return drawn;
    }

    @Test
    void targetsAddUpToTheLevelsOfTheSchedule() {
        Denoising d = new Denoising("targets", SIGNAL, null, null);
        Weights w = Weights.start(torch, d.weights(SPACE), Precision.FLOAT32, true, Key.of(1));
        compare(d, w, new Twin() {
            @Override
            public double[] begin() {
                return new double[C];
            }

            @Override
            public double[] target(double[] state, int k) {
                return each(i -> Math.sqrt(SIGNAL.get(k + 1)) * z[i] - state[i]);
            }

            @Override
            public double[] next(double[] state, double[] codeword, int k) {
                return each(i -> state[i] + codeword[i]);
            }

            @Override
            public double[] decode(double[] state, int k) {
                return each(i -> state[i] / Math.sqrt(SIGNAL.get(k + 1)));
            }
        });
    }

    @Test
    void gaussianRowsHaveTheDeviationOfTheLatents() {
        Denoising d = new Denoising(null, SIGNAL, 6, "gaussian");
        Weights w = Weights.start(torch, d.weights(SPACE), Precision.FLOAT32, true, Key.of(1));
        float[] rows = {1, 5, 0, 2, 3, 5, 0, -2}; // means 2, 5, 0, 0
        try (Scope scope = torch.scope()) {
            NDArray latents = scope.manager().create(rows, new Shape(2, C)); // [n,c]
            d.fit(latents, SPACE, Key.of(2), w);
            float[] table = w.values("codebooks.1.weight");
            float[] words = d.codewords(latents, 1, w).toFloatArray();
            double[] deviation = {1, 0, 0, 2};
            for (int i = 0; i < words.length; i++) {
                assertEquals(table[i] * deviation[i % C], words[i], 1e-6, "element " + i);
            }
        }
    }

    @Test
    void refinementStepsByTheMeanOfWhatLiesAlong() {
        Refinement d = new Refinement();
        Weights w = Weights.start(torch, d.weights(SPACE), Precision.FLOAT32, true, Key.of(1));
        int n = 20;
        float[] latents = drawn(n * C);
        try (Scope scope = torch.scope()) {
            NDArray z = scope.manager().create(latents, new Shape(n, C)); // [n,c]
            d.fit(z, SPACE, Key.of(2), w);
            d.fit(z, SPACE, Key.of(3), w); // from steps of other lengths, the same
        }
        double[] mean = new double[C];
        for (int i = 0; i < n * C; i++) {
            mean[i % C] += latents[i] / n;
        }
        double[][] left = new double[n][];
        for (int row = 0; row < n; row++) {
            int first = row * C;
            left[row] = each(i -> latents[first + i] - mean[i]);
        }
        for (int k = 0; k < SPACE.depth(); k++) {
            float[] table = w.values("codebooks." + k + ".weight");
            double[] along = new double[n];
            double[][] chosen = new double[n][];
            for (int row = 0; row < n; row++) {
                for (int code = 0; code < K; code++) {
                    double product = 0;
                    double square = 0;
                    for (int i = 0; i < C; i++) {
                        product += left[row][i] * table[code * C + i];
                        square += table[code * C + i] * table[code * C + i];
                    }
                    double length = Math.sqrt(square);
                    if (chosen[row] == null || product / length > along[row]) {
                        int first = code * C;
                        along[row] = product / length;
                        chosen[row] = each(i -> table[first + i] / length);
                    }
                }
            }
            double step = Arrays.stream(along).average().orElseThrow();
            assertEquals(step, w.values("steps." + k)[0], 1e-5, "step " + k);
            for (int row = 0; row < n; row++) {
                for (int i = 0; i < C; i++) {
                    left[row][i] -= step * chosen[row][i];
                }
            }
        }
    }

    @Test
    void whereNothingIsLeftRefinementTakesShortSteps() {
        Refinement d = new Refinement();
        Weights w = Weights.start(torch, d.weights(SPACE), Precision.FLOAT32, true, Key.of(1));
        try (Scope scope = torch.scope()) {
            assertEquals(new Shape(3, C), d.begin(scope.manager().zeros(new Shape(3, C)), w).getShape());
            d.fit(row(scope, z), SPACE, Key.of(2), w);
        }
        for (int k = 0; k < SPACE.depth(); k++) {
            assertEquals(1e-6, w.values("steps." + k)[0], 1e-9, "step " + k);
        }
    }
}
