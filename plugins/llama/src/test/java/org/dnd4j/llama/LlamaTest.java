package org.dnd4j.llama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.dnd4j.spi.Pass;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaTest {
    private static final int TOKENS = 7; // a condition token, then two rows of three

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    static Llama tiny(Llama.Condition condition, double drop, double path) {
        return new Llama(null, 16, 2, 2, 8, drop, drop, path, condition);
    }

    private Weights weights(Llama llama, Precision precision, boolean training) {
        float[] noise = noise(100_000, 3);
        return Weights.load(torch, llama.weights(1, TOKENS), precision, training, w -> {
            int offset = Math.floorMod(w.name().hashCode(), 90_000);
            float[] values = Arrays.copyOfRange(noise, offset, offset + (int) w.size());
            for (int i = 0; i < values.length; i++) {
                values[i] = w.matrix() ? 0.3f * values[i] : 1 + 0.3f * values[i];
            }
            return values;
        });
    }

    static float[] noise(int n, long seed) {
        Random random = new Random(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    static long[] places(int columns) {
        return IntStream.range(-1, TOKENS - 1)
                .flatMap(i -> i < 0 ? IntStream.of(-1, -1) : IntStream.of(i / columns, i % columns))
                .asLongStream()
                .toArray();
    }

    private NDArray places() {
        return torch.manager().create(places(3), new Shape(TOKENS, 2));
    }

    private NDArray hidden() {
        return torch.manager().create(noise(2 * TOKENS * 16, 1), new Shape(2, TOKENS, 16));
    }

    private static Pass pass(int start, boolean cached, NDList state, Weights w) {
        return new Pass(start, cached, null, state, false, Key.of(1), w);
    }

    @ParameterizedTest
    @EnumSource
    void equalsThePlainJavaTwin(Llama.Condition condition) {
        Llama llama = tiny(condition, 0.1, 0);
        Weights w = weights(llama, Precision.FLOAT32, true);
        try (Scope step = torch.scope()) {
            NDList state = llama.prepare(places(), 0, w);
            Pass pass = pass(0, false, state, w);
            NDArray y = llama.norm(llama.run(hidden(), 0, 2, pass), 0, pass);
            double[] expected = new Twin(16, 2, 2, condition, w::values).run(noise(2 * TOKENS * 16, 1), TOKENS, places(3));
            float[] seen = y.toFloatArray();
            for (int i = 0; i < seen.length; i++) {
                assertEquals(expected[i], seen[i], 2e-5 * (1 + Math.abs(expected[i])), "element " + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32,1e-5", "BFLOAT16,0.08", "INT8,0.08", "INT4,0.08"})
    void tokenByTokenThroughTheCacheEqualsAllAtOnce(Precision precision, double tolerance) {
        Llama llama = tiny(Llama.Condition.ZERO, 0.1, 0);
        Weights w = weights(llama, precision, false);
        try (Scope step = torch.scope()) {
            NDArray whole = llama.run(hidden(), 0, 2, pass(0, false, llama.prepare(places(), 0, w), w));
            NDList state = llama.prepare(places(), 2, w);
            assertEquals(DataType.FLOAT32, state.get(1).getDataType(), "the cache of a CPU");
            assertEquals(
                    w.halved().halves() ? DataType.UNKNOWN : DataType.FLOAT32, // bfloat16, which DJL has no name for
                    llama.prepare(places(), 2, w.halved()).get(1).getDataType(),
                    "the cache of a GPU");
            NDList parts = new NDList();
            int[] cuts = {0, 2, 3, 4, 7}; // several tokens first, single ones, several behind others
            for (int i = 1; i < cuts.length; i++) {
                NDArray part = hidden().get(":, " + cuts[i - 1] + ":" + cuts[i]);
                Pass pass = pass(cuts[i - 1], true, state, w);
                parts.add(llama.run(llama.run(part, 0, 1, pass), 1, 2, pass));
            }
            assertArrayEquals(
                    whole.toFloatArray(), ai.djl.ndarray.NDArrays.concat(parts, 1).toFloatArray(), (float) tolerance);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMaskedTokenIsNotAttendedTo(boolean cached) {
        Llama llama = tiny(Llama.Condition.PLAIN, 0.1, 0);
        Weights w = weights(llama, Precision.FLOAT32, false);
        try (Scope step = torch.scope()) {
            boolean[] allowed = new boolean[2 * TOKENS];
            Arrays.fill(allowed, true);
            allowed[TOKENS] = false; // the first token of the second row
            NDArray mask = torch.manager().create(allowed, new Shape(2, TOKENS));
            NDArray other = hidden();
            other.set(new ai.djl.ndarray.index.NDIndex(":, 0"), 5);
            NDArray[] y = new NDArray[2];
            for (int i = 0; i < 2; i++) {
                Pass pass = new Pass(0, cached, mask, llama.prepare(places(), cached ? 2 : 0, w), false, null, w);
                y[i] = llama.run(i == 0 ? hidden() : other, 0, 2, pass);
            }
            assertFalse(close(y[0].get("0, 1:"), y[1].get("0, 1:")), "row 0 sees its first token");
            assertTrue(close(y[0].get("1, 1:"), y[1].get("1, 1:")), "row 1 does not");
            assertFalse(y[0].isNaN().any().getBoolean());
        }
    }

    private static boolean close(NDArray a, NDArray b) {
        return a.sub(b).abs().max().getFloat() < 1e-5;
    }

    @Test
    void gradientsAgreeWithDifferences() {
        Llama llama = tiny(Llama.Condition.ZERO, 0.2, 0.2);
        Weights w = weights(llama, Precision.FLOAT32, true);
        List<String> names = List.copyOf(w.trainable().keySet()).stream().map(x -> x.name()).toList();
        float[][] gradients;
        try (Scope step = torch.scope();
                Torch.Tape tape = torch.record()) {
            NDList g = torch.gradients(loss(llama, w), List.copyOf(w.trainable().values()));
            gradients = g.stream().map(NDArray::toFloatArray).toArray(float[][]::new);
        }
        for (int n = 0; n < names.size(); n++) {
            float[] values = w.values(names.get(n));
            int worst = 0;
            for (int i = 1; i < values.length; i++) {
                worst = Math.abs(gradients[n][i]) > Math.abs(gradients[n][worst]) ? i : worst;
            }
            double difference = (shifted(llama, w, names.get(n), worst, 1e-2f) - shifted(llama, w, names.get(n), worst, -1e-2f)) / 2e-2;
            assertEquals(difference, gradients[n][worst], 0.02 * Math.abs(difference) + 1e-3, names.get(n));
        }
    }

    private NDArray loss(Llama llama, Weights w) {
        Pass pass = new Pass(0, false, null, llama.prepare(places(), 0, w), true, Key.of(5), w);
        return llama.norm(llama.run(hidden(), 0, 2, pass), 0, pass).mul(hidden().flip(1)).sum();
    }

    private double shifted(Llama llama, Weights w, String name, int i, float by) {
        float[] before = w.values(name);
        float[] moved = before.clone();
        moved[i] += by;
        try (Scope step = torch.scope()) {
            Shape shape = w.get(name).getShape();
            w.set(name, step.manager().create(moved, shape));
            double loss = loss(llama, w).getFloat();
            w.set(name, step.manager().create(before, shape));
            return loss;
        }
    }

    /** Each alone. */
    @ParameterizedTest
    @CsvSource({"0.3,0,0", "0,0.3,0", "0,0,0.3"})
    void dropoutIsKeyed(double residual, double forward, double path) {
        Llama llama = new Llama(null, 16, 2, 2, 8, residual, forward, path, Llama.Condition.PLAIN);
        Weights w = weights(llama, Precision.FLOAT32, true);
        try (Scope step = torch.scope()) {
            NDArray h = torch.manager().create(noise(64 * TOKENS * 16, 1), new Shape(64, TOKENS, 16));
            Pass pass = new Pass(0, false, null, llama.prepare(places(), 0, w), true, Key.of(1), w);
            float[] one = llama.run(h, 0, 2, pass).toFloatArray();
            assertArrayEquals(one, llama.run(llama.run(h, 0, 1, pass), 1, 2, pass).toFloatArray());
            assertFalse(Arrays.equals(one, llama.run(h, 0, 2, pass.at("other")).toFloatArray()));
        }
    }

    /** Paths are dropped more often the later they are; the first never is, and here it is the only one. */
    @Test
    void aSingleLayerDropsNoPath() {
        Llama llama = new Llama(null, 16, 1, 2, 8, 0.0, 0.0, 0.3, Llama.Condition.PLAIN);
        Weights w = weights(llama, Precision.FLOAT32, true);
        try (Scope step = torch.scope()) {
            NDList state = llama.prepare(places(), 0, w);
            float[] quiet = llama.run(hidden(), 0, 1, pass(0, false, state, w)).toFloatArray();
            Pass training = new Pass(0, false, null, state, true, Key.of(1), w);
            assertArrayEquals(quiet, llama.run(hidden(), 0, 1, training).toFloatArray());
        }
    }

    @Test
    void dropoutDropsItsShareAndKeepsTheMean() {
        Weights w = weights(tiny(Llama.Condition.PLAIN, 0, 0), Precision.FLOAT32, true);
        try (Scope step = torch.scope()) {
            NDArray ones = step.manager().ones(new Shape(400, 10, 10));
            float[] elements = w.run(Llama.PROGRAM, "dropped", ones, 0.2, 0., 3).toFloatArray();
            float[] rows = w.run(Llama.PROGRAM, "dropped", ones, 0., 0.2, 3).toFloatArray();
            for (int i = 0; i < elements.length; i++) {
                assertTrue(elements[i] == 0 || elements[i] == 1.25f);
                assertEquals(rows[i - i % 100], rows[i]);
            }
            assertEquals(1, IntStream.range(0, 40_000).mapToDouble(i -> elements[i]).sum() / 40_000, 0.01);
            assertEquals(1, IntStream.range(0, 40_000).mapToDouble(i -> rows[i]).sum() / 40_000, 0.1);
        }
    }

    @Test
    void sizesThatCannotBeAreRefused() {
        assertEquals("dim 20 does not divide into 2 heads whose size is a multiple of 4 (two places, each turning pairs):"
                + " dim must be a multiple of 8", refusal(null, 20, 2));
        assertEquals("dim 1024: preset B has 768; give one or the other", refusal("B", 1024, null));
        assertEquals("unknown preset 'M': one of nano, mini, S, B, L, XL, XXL, XXXL, 1B, 3B, 7B", refusal("M", null, null));
        Integer[][] partial = {{64, null, null}, {null, 2, null}, {null, null, 2}, {64, 2, null}, {64, null, 2}, {null, 2, 2}};
        for (Integer[] some : partial) {
            String message = assertThrows(
                            UserError.class,
                            () -> new Llama(null, some[0], some[1], some[2], null, null, null, null, null))
                    .getMessage();
            assertEquals("llama needs a preset, or dim, blocks and heads together", message);
        }
    }

    @Test
    void numbersThatCannotBeAreRefused() {
        for (int[] sizes : new int[][] {{0, 2, 2, 8}, {16, 0, 2, 8}, {16, 2, 0, 8}, {16, 2, 2, 0}}) {
            String message = assertThrows(UserError.class, () -> sized(sizes)).getMessage();
            assertTrue(message.endsWith(": each must be at least 1"), message);
        }
        for (double share : new double[] {-0.1, 1, Double.NaN}) {
            for (int which = 0; which < 3; which++) {
                Double[] shares = new Double[3];
                shares[which] = share;
                String message = assertThrows(
                                UserError.class,
                                () -> new Llama(null, 16, 2, 2, 8, shares[0], shares[1], shares[2], null))
                        .getMessage();
                assertTrue(message.endsWith(" " + share + ": must be at least 0 and less than 1"), message);
            }
        }
    }

    private static Llama sized(int... sizes) {
        return new Llama(null, sizes[0], sizes[1], sizes[2], sizes[3], null, null, null, null);
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Llama b = new Llama(null, null, null, null, null, null, null, null, null);
        assertEquals(new Llama("B", 768, 12, 12, 256, 0.1, 0.1, 0.0, Llama.Condition.PLAIN), b);
        assertEquals(768, b.width());
        assertEquals(12, b.layers());
        Llama paths = new Llama(null, 16, 1, 1, 1, null, null, 0.2, null);
        assertEquals(new Llama(null, 16, 1, 1, 1, 0.0, 0.0, 0.2, Llama.Condition.PLAIN), paths);
        assertEquals(sized(4, 1, 1, 1).width(), 4);
    }

    private static String refusal(String preset, Integer dim, Integer heads) {
        return assertThrows(UserError.class, () -> new Llama(preset, dim, 2 * (heads == null ? 0 : 1) == 0 ? null : 2, heads, null, null, null, null, null))
                .getMessage();
    }

    /** Parameter counts of REFERENCE B.1, without embeddings and output heads. */
    @Test
    void presetsHaveThePublishedNumberOfParameters() {
        assertEquals(1_410_972_672L - (16384L * 2 + 1001) * 1536, parameters("XXL"));
        assertEquals(2_569_164_800L - (16384L * 3 + 1001) * 2048 - 2048, parameters("XXXL"));
    }

    private static long parameters(String preset) {
        return new Llama(preset, null, null, null, null, null, null, null, null)
                .weights(1, 257).stream().mapToLong(w -> w.size()).sum();
    }
}
