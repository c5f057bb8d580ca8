package org.dnd4j.core.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.dnd4j.core.code.Quantizer.Quantized;
import org.dnd4j.residual.Residual;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Nearest;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizerTest {
    private static final CodeSpace SPACE = CodeSpace.of(3, 3, 4);
    private static final int N = 40;

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    /** Finds two codes where one is asked for. */
    @Plugin("twofold")
    record Twofold() implements Decomposition {
        @Override
        public List<Weight> weights(CodeSpace space) {
            return new Residual(false).weights(space);
        }

        @Override
        public NDArray begin(NDArray like, Weights w) {
            return like.zerosLike(); // [n,c]
        }

        @Override
        public NDArray target(NDArray z, NDArray state, int k, Weights w) {
            return z.sub(state); // [n,c]
        }

        @Override
        public NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
            return state.add(codeword); // [n,c]
        }

        @Override
        public NDArray decode(NDArray state, int k, Weights w) {
            return k == 1 ? state.expandDims(0) : state; // [1,n,c], which is wrong
        }

        @Override
        public Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
            return Nearest.inTable(target, w.get(table(k)), k == 2 ? a + 1 : a, w);
        }
    }

    @Test
    void aWrongShapeNamesThePluginAndTheLaw() {
        Twofold twofold = new Twofold();
        Weights w = Weights.start(torch, twofold.weights(SPACE), Precision.FLOAT32, true, Key.of(1));
        try (Scope scope = torch.scope()) {
            NDArray z = scope.manager().zeros(new Shape(N, 3)); // [n,c]
            Quantizer quantizer = new Quantizer(twofold, SPACE, 1);
            String decode = assertThrows(UserError.class, () -> quantizer.quantize(z, w)).getMessage();
            assertEquals("plugin 'twofold' (decomposition) breaks law D2: decode returned float32 [1,40,3], not float32 [40,3]", decode);
            Quantizer beam = new Quantizer(twofold, SPACE, 2);
            String nearest = assertThrows(UserError.class, () -> beam.quantize(z, w)).getMessage();
            assertEquals("plugin 'twofold' (decomposition) breaks law D3: nearest returned int64 [80,3], not int64 [80,2]", nearest);
        }
    }

    /** What the codes so far say depends on a map learnt by gradient, and where a codeword leads on the state. */
    record Mixing() implements Decomposition {
        @Override
        public List<Weight> weights(CodeSpace space) {
            List<Weight> weights = new ArrayList<>(new Residual(false).weights(space));
            weights.add(Weight.of("mix", space.width(), space.width()).normal(0.3));
            return weights;
        }

        @Override
        public NDArray begin(NDArray like, Weights w) {
            return like.zerosLike(); // [n,c]
        }

        @Override
        public NDArray target(NDArray z, NDArray state, int k, Weights w) {
            return z.sub(decode(state, k, w)); // [n,c]
        }

        @Override
        public NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
            return state.add(codeword).add(state.mul(codeword).mul(0.1f)); // [n,c]
        }

        @Override
        public NDArray decode(NDArray state, int k, Weights w) {
            return state.add(state.matMul(w.get("mix"))); // [n,c]
        }
    }

    private Weights weights(Decomposition d, long seed) {
        return Weights.start(torch, d.weights(SPACE), Precision.FLOAT32, true, Key.of(seed));
    }

    private static float[] latents(int n, long seed) {
        Random random = new Random(seed);
        float[] z = new float[n * SPACE.width()];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) (1.5 * random.nextGaussian());
        }
        return z;
    }

    private static NDArray array(Scope scope, float[] z) {
        return scope.manager().create(z, new Shape(z.length / SPACE.width(), SPACE.width())).duplicate();
    }

    /** Residual quantisation in plain loops: a path is its codes, its sum, and the squared error of that. */
    private record Path(List<Long> codes, double[] sum, double error) {}

    private record Naive(List<float[]> tables, int beam) {
        Path best(float[] z, int row) {
            List<Path> paths = List.of(new Path(List.of(), new double[SPACE.width()], 0));
            for (int k = 0; k < SPACE.depth(); k++) {
                List<Path> grown = new ArrayList<>();
                for (Path path : paths) {
                    List<Path> next = new ArrayList<>();
                    for (int code = 0; code < SPACE.size(k); code++) {
                        next.add(step(path, k, code, z, row));
                    }
                    next.sort(Comparator.comparingDouble(Path::error));
                    grown.addAll(next.subList(0, Math.min(beam, next.size())));
                }
                grown.sort(Comparator.comparingDouble(Path::error));
                paths = grown.subList(0, Math.min(beam, grown.size()));
            }
            return paths.get(0);
        }

        private Path step(Path path, int k, int code, float[] z, int row) {
            List<Long> codes = new ArrayList<>(path.codes());
            codes.add((long) code);
            double[] sum = path.sum().clone();
            double error = 0;
            for (int c = 0; c < sum.length; c++) {
                sum[c] += tables.get(k)[code * sum.length + c];
                error += Math.pow(z[row * sum.length + c] - sum[c], 2);
            }
            return new Path(codes, sum, error);
        }

        /** Plain beam, or greedy where that ends nearer. */
        Path search(float[] z, int row) {
            Path wide = best(z, row);
            Path greedy = new Naive(tables, 1).best(z, row);
            return greedy.error() < wide.error() ? greedy : wide;
        }
    }

    private static List<float[]> tables(Weights w, boolean shared) {
        List<float[]> tables = new ArrayList<>();
        for (int k = 0; k < SPACE.depth(); k++) {
            tables.add(w.values("codebooks." + (shared ? 0 : k) + ".weight"));
        }
        return tables;
    }

    private static double[] errors(float[] z, NDArray decoded) {
        float[] d = decoded.toFloatArray();
        double[] errors = new double[z.length / SPACE.width()];
        for (int i = 0; i < z.length; i++) {
            errors[i / SPACE.width()] += Math.pow(z[i] - d[i], 2);
        }
        return errors;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 64, 100})
    void codesAreThoseOfPlainLoops(int beam) {
        for (boolean shared : new boolean[] {false, true}) {
            Residual residual = new Residual(shared);
            Weights w = weights(residual, 5);
            float[] z = latents(N, 7);
            try (Scope scope = torch.scope()) {
                Quantized q = new Quantizer(residual, SPACE, beam).quantize(array(scope, z), w);
                long[] codes = q.codes().toLongArray();
                float[] last = q.last().toFloatArray();
                Naive naive = new Naive(tables(w, shared), beam);
                for (int row = 0; row < N; row++) {
                    Path path = naive.search(z, row);
                    for (int k = 0; k < SPACE.depth() && (!shared || beam == 1); k++) { // else orders of codes tie
                        assertEquals(path.codes().get(k), codes[row * SPACE.depth() + k], "row " + row + " depth " + k);
                    }
                    for (int c = 0; c < SPACE.width(); c++) {
                        assertEquals(path.sum()[c], last[row * SPACE.width() + c], 1e-5);
                    }
                }
            }
            w.close();
        }
    }

    @Test
    void aBeamIsNeverWorseThanGreedyAndAFullOneIsTheBest() {
        for (Decomposition d : List.of(new Residual(false), new Mixing())) {
            for (long seed = 0; seed < 5; seed++) {
                Weights w = weights(d, seed);
                float[] z = latents(N, seed);
                try (Scope scope = torch.scope()) {
                    double[] greedy = errors(z, new Quantizer(d, SPACE, 1).quantize(array(scope, z), w).last());
                    double[] best = exhaustive(d, w, z, scope);
                    for (int beam : new int[] {2, 3, 64}) {
                        double[] errors = errors(z, new Quantizer(d, SPACE, beam).quantize(array(scope, z), w).last());
                        for (int row = 0; row < N; row++) {
                            assertTrue(errors[row] <= greedy[row] + 1e-5, "beam " + beam + " row " + row);
                            if (beam == 64) {
                                assertEquals(best[row], errors[row], 1e-4);
                            }
                        }
                    }
                }
                w.close();
            }
        }
    }

    /** The smallest error over all K^D codes. */
    private double[] exhaustive(Decomposition d, Weights w, float[] z, Scope scope) {
        double[] best = new double[N];
        java.util.Arrays.fill(best, Double.MAX_VALUE);
        for (int all = 0; all < 64; all++) {
            long[] codes = new long[N * 3];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = all >> 2 * (i % 3) & 3;
            }
            NDList decoded = new Quantizer(d, SPACE, 1).decode(scope.manager().create(codes, new Shape(N, 3)), w);
            double[] errors = errors(z, decoded.get(2));
            for (int row = 0; row < N; row++) {
                best[row] = Math.min(best[row], errors[row]);
            }
        }
        return best;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void codesAloneGiveWhatEncodingGave(int beam) {
        for (Decomposition d : List.of(new Residual(true), new Mixing())) {
            Weights w = weights(d, 2);
            try (Scope scope = torch.scope()) {
                Quantizer quantizer = new Quantizer(d, SPACE, beam);
                Quantized q = quantizer.quantize(array(scope, latents(N, 1)), w);
                for (int depths = 1; depths <= 3; depths++) {
                    NDList decoded = quantizer.decode(q.codes().get(":, :" + depths), w);
                    assertEquals(depths, decoded.size());
                    for (int k = 0; k < depths; k++) {
                        assertArrayEquals(q.decoded().get(k).toFloatArray(), decoded.get(k).toFloatArray());
                    }
                }
                assertThrows(IllegalArgumentException.class, () -> quantizer.decode(q.codes().get(":, :0"), w));
            }
            w.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void gradientsReachWhatLearnsByGradientAndNotTheLatents(int beam) {
        Mixing d = new Mixing();
        Weights w = weights(d, 3);
        float[] z = latents(N, 4);
        Quantizer quantizer = new Quantizer(d, SPACE, beam);
        double[] found;
        try (Scope scope = torch.scope();
                Torch.Tape tape = torch.record()) {
            NDArray latents = array(scope, z);
            latents.setRequiresGradient(true);
            Quantized q = quantizer.quantize(latents, w);
            NDArray loss = q.last().sub(latents.stopGradient()).square().mean();
            NDArray gradient = torch.gradients(loss, List.of(w.get("mix"))).head();
            found = toDoubles(gradient);
            NDArray again = quantizer.quantize(latents, w).last().sub(latents.stopGradient()).square().mean();
            assertThrows(RuntimeException.class, () -> torch.gradients(again, List.of(latents)));
        }
        assertArrayEquals(found, differences(quantizer, w, z), 2e-3);
        w.close();
    }

    /** The gradient of the mean squared error by "mix", codes held, by central differences. */
    private double[] differences(Quantizer quantizer, Weights w, float[] z) {
        try (Scope scope = torch.scope()) {
            NDArray codes = quantizer.quantize(array(scope, z), w).codes();
            float[] mix = w.values("mix");
            double[] gradient = new double[mix.length];
            for (int i = 0; i < mix.length; i++) {
                for (int sign = -1; sign <= 1; sign += 2) {
                    float[] moved = mix.clone();
                    moved[i] += sign * 0.01f;
                    w.set("mix", scope.manager().create(moved, new Shape(3, 3)));
                    double[] errors = errors(z, quantizer.decode(codes, w).get(2));
                    gradient[i] += sign * java.util.Arrays.stream(errors).sum() / z.length / 0.02;
                }
            }
            w.set("mix", scope.manager().create(mix, new Shape(3, 3)));
            return gradient;
        }
    }

    private static double[] toDoubles(NDArray array) {
        float[] floats = array.toFloatArray();
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    @Test
    void weightsOutliveSearches() {
        Mixing d = new Mixing();
        Weights w = weights(d, 9);
        for (int i = 0; i < 3; i++) {
            try (Scope scope = torch.scope()) {
                w.get("mix");
                w.get("codebooks.0.weight");
                new Quantizer(d, SPACE, 2).quantize(array(scope, latents(N, i)), w);
            }
        }
        assertEquals(9, w.values("mix").length);
        w.close();
    }

    @Test
    void aTableLearntByAverageHasNoGradient() {
        assertEquals(Learns.EMA, new Residual(true).weights(SPACE).get(0).learns());
        assertThrows(UserError.class, () -> new Quantizer(new Residual(true), SPACE, 0));
    }
}
