package org.dnd4j.unrolled;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.dnd4j.spi.CodeSpace;
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

/** Two layers of 16 over maps of 2×3 positions and three depths, which have codes of different numbers. */
class UnrolledTest {
    private static final int ROWS = 2;
    private static final int COLUMNS = 3;
    private static final int CLASSES = 4;
    private static final CodeSpace SPACE = new CodeSpace(4, List.of(5, 7, 6));
    private static final long[] LABELS = {2, CLASSES}; // the second has none
    private static final Unrolled TINY = new Unrolled(16, 2, 2, 8, 0.2, 0.2);

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    /** Numbers far from where a training begins. */
    private static float[] noise(String name, int size) {
        Random random = new Random(name.hashCode());
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            float drawn = 0.4f * (float) random.nextGaussian();
            values[i] = name.contains("norm") ? 1 + drawn : drawn;
        }
        return values;
    }

    private Weights weights(Precision precision) {
        return weights(precision, 1);
    }

    /** What is added to the hidden state is so many times smaller or larger. */
    private Weights weights(Precision precision, double added) {
        return Weights.load(torch, TINY.weights(SPACE, ROWS, COLUMNS, CLASSES), precision, false,
                w -> noise(w.name(), (int) w.size(), added));
    }

    private static float[] noise(String name, int size, double added) {
        float[] values = noise(name, size);
        if (name.matches("(classes|positions|depths|codes|.*\\.wo|.*\\.w2)\\..*")) {
            for (int i = 0; i < size; i++) {
                values[i] *= (float) added;
            }
        }
        return values;
    }

    private static long[] codes() {
        Random random = new Random(1);
        return IntStream.range(0, LABELS.length * ROWS * COLUMNS * SPACE.depth())
                .mapToLong(i -> random.nextInt(SPACE.size(i % SPACE.depth())))
                .toArray();
    }

    private NDArray codes(Scope scope) {
        return scope.manager().create(codes(), new Shape(LABELS.length, ROWS * COLUMNS, SPACE.depth())); // [b,S,D]
    }

    /** Also where a hidden state is so small that what its norm is kept above counts. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 0.01})
    void equalsThePlainJavaTwin(double added) {
        Weights w = weights(Precision.FLOAT32, added);
        int each = ROWS * COLUMNS * SPACE.depth();
        Map<String, float[]> values = new HashMap<>();
        w.declared().forEach(weight -> values.put(weight.name(), noise(weight.name(), (int) weight.size(), added)));
        Twin twin = new Twin(16, 2, 2, SPACE.depth(), values::get);
        try (Scope scope = torch.scope()) {
            NDArray labels = scope.manager().create(LABELS);
            NDList logits = TINY.logits(codes(scope), labels, false, Key.of(0), w);
            for (int row = 0; row < LABELS.length; row++) {
                long[] known = java.util.Arrays.copyOfRange(codes(), row * each, (row + 1) * each);
                double[][] expected = twin.logits((int) LABELS[row], known);
                for (int t = 0; t < each; t++) {
                    NDArray seen = logits.get(t % SPACE.depth()).get(row, t / SPACE.depth()); // [K]
                    double[] numbers = toDoubles(seen);
                    assertArrayEquals(expected[t], numbers, 1e-4, "picture " + row + ", code " + t);
                }
            }
        }
    }

    private static double[] toDoubles(NDArray array) {
        float[] floats = array.toFloatArray();
        return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
    }

    /** Draws the most probable code every time, from the cache, and asks without one whether it was the most probable. */
    @ParameterizedTest
    @CsvSource({"FLOAT32,1e-5", "BFLOAT16,0.08", "INT8,0.12"})
    void codeByCodeThroughTheCacheEqualsAllAtOnce(Precision precision, double tolerance) {
        Weights w = weights(precision);
        int depth = SPACE.depth();
        long[] shape = {ROWS, COLUMNS, depth};
        int each = ROWS * COLUMNS * depth;
        try (Scope scope = torch.scope()) {
            NDList state = TINY.prepare(LABELS.length, shape, w);
            NDList predicted = new NDList();
            long[] drawn = new long[LABELS.length * each];
            long[] before = LABELS.clone();
            for (int t = 0; t < each; t++) {
                NDArray last = scope.manager().create(before); // [b]
                predicted.add(TINY.predict(last, t / depth, t % depth, shape, state, w)); // [b,K]
                before = predicted.get(t).argMax(1).toLongArray();
                for (int row = 0; row < LABELS.length; row++) {
                    drawn[row * each + t] = before[row];
                }
            }
            NDArray all = scope.manager().create(drawn, new Shape(LABELS.length, ROWS * COLUMNS, depth)); // [b,S,D]
            NDList logits = TINY.logits(all, scope.manager().create(LABELS), false, Key.of(0), w);
            for (int t = 0; t < each; t++) {
                NDArray expected = logits.get(t % depth).get(":, " + t / depth); // [b,K]
                assertArrayEquals(expected.toFloatArray(), predicted.get(t).toFloatArray(), (float) tolerance, "code " + t);
                if (precision == Precision.FLOAT32) {
                    assertArrayEquals(expected.argMax(1).toLongArray(), predicted.get(t).argMax(1).toLongArray());
                }
            }
        }
    }

    /** With one table and one output for all depths, two codes a position are two positions of one code. */
    @Test
    void depthsAreMorePositionsOfAnOrdinarySequence() {
        CodeSpace two = CodeSpace.of(4, 2, 6);
        CodeSpace one = CodeSpace.of(4, 1, 6);
        Weights deep = Weights.load(torch, TINY.weights(two, ROWS, COLUMNS, CLASSES), Precision.FLOAT32, false,
                w -> noise(w.name().replaceFirst("(codes|output)\\.1", "$1.0"), (int) w.size()));
        Weights flat = Weights.load(torch, TINY.weights(one, ROWS, 2 * COLUMNS, CLASSES), Precision.FLOAT32, false, w -> {
            if (w.name().equals("depths.weight")) {
                return new float[(int) w.size()];
            } else if (!w.name().equals("positions.weight")) {
                return noise(w.name(), (int) w.size());
            }
            float[] positions = noise(w.name(), (int) w.size() / 2);
            float[] depths = noise("depths.weight", 2 * 16);
            float[] all = new float[(int) w.size()];
            for (int i = 0; i < all.length; i++) {
                int t = i / 16;
                all[i] = positions[t / 2 * 16 + i % 16] + depths[t % 2 * 16 + i % 16];
            }
            return all;
        });
        long[] codes = new Random(2).ints(2L * ROWS * COLUMNS * 2, 0, 6).asLongStream().toArray();
        try (Scope scope = torch.scope()) {
            NDArray labels = scope.manager().create(LABELS);
            NDArray map = scope.manager().create(codes, new Shape(2, ROWS, COLUMNS, 2)); // [b,h,w,2]
            NDArray row = scope.manager().create(codes, new Shape(2, ROWS, 2 * COLUMNS, 1)); // [b,h,2w,1]
            NDList unrolled = TINY.losses(map, labels, false, Key.of(0), deep);
            NDList ordinary = TINY.losses(row, labels, false, Key.of(0), flat);
            assertEquals(number(ordinary.get(0)), number(unrolled.get(0)), 1e-5);
            assertEquals(number(ordinary.get(1)), number(ordinary.get(0)), 1e-6);
            assertEquals(number(ordinary.get(1)), (number(unrolled.get(1)) + number(unrolled.get(2))) / 2, 1e-5);
            assertEquals(number(ordinary.get(2)), (number(unrolled.get(3)) + number(unrolled.get(4))) / 2, 1e-6);
        }
    }

    private static float number(NDArray scalar) {
        return scalar.toFloatArray()[0];
    }

    @Test
    void atFirstEveryCodeIsAsProbableAsAnother() {
        Weights w = Weights.start(
                torch, TINY.weights(SPACE, ROWS, COLUMNS, CLASSES), Precision.FLOAT32, true, Key.of(1));
        try (Scope scope = torch.scope()) {
            NDArray map = codes(scope).reshape(LABELS.length, ROWS, COLUMNS, SPACE.depth()); // [b,h,w,D]
            NDList losses = TINY.losses(map, scope.manager().create(LABELS), true, Key.of(0), w);
            for (int k = 0; k < SPACE.depth(); k++) {
                assertEquals(Math.log(SPACE.size(k)), number(losses.get(1 + k)), 1e-5);
            }
            assertEquals(Math.log(5 * 7 * 6) / 3, number(losses.head()), 1e-5);
        }
    }

    /** Each kind of dropout alone: another key, another loss, and other codes of the batch the same. */
    @ParameterizedTest
    @CsvSource({"0.3,0", "0,0.3"})
    void dropoutIsKeyed(double branches, double tokens) {
        Unrolled drops = new Unrolled(16, 2, 2, 8, branches, tokens);
        Weights w = weights(Precision.FLOAT32);
        try (Scope scope = torch.scope()) {
            NDArray labels = scope.manager().create(LABELS);
            float[] one = drops.logits(codes(scope), labels, true, Key.of(1), w).get(0).toFloatArray();
            assertArrayEquals(one, drops.logits(codes(scope), labels, true, Key.of(1), w).get(0).toFloatArray());
            float[] other = drops.logits(codes(scope), labels, true, Key.of(2), w).get(0).toFloatArray();
            float[] quiet = drops.logits(codes(scope), labels, false, Key.of(1), w).get(0).toFloatArray();
            assertNotEquals(one[0], other[0]);
            assertNotEquals(one[0], quiet[0]);
            float[] none = new Unrolled(16, 2, 2, 8, 0., 0.).logits(codes(scope), labels, true, Key.of(1), w).get(0).toFloatArray();
            assertArrayEquals(quiet, none);
        }
    }

    @Test
    void dropoutDropsItsShareAndKeepsTheMean() {
        Weights w = weights(Precision.FLOAT32);
        try (Scope step = torch.scope()) {
            float[] seen = w.run(Unrolled.PROGRAM, "dropped", step.manager().ones(new Shape(400, 100)), 0.2, 3).toFloatArray();
            for (float x : seen) {
                assertTrue(x == 0 || x == 1.25f);
            }
            assertEquals(1, IntStream.range(0, seen.length).mapToDouble(i -> seen[i]).average().orElseThrow(), 0.01);
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        assertEquals("dim 20 does not divide into 3 heads: must be a multiple of 3", refusal(20, 2, 3, 8));
        assertEquals("unrolled needs dim, blocks and heads", refusal(null, 2, 2, 8));
        assertEquals("unrolled needs dim, blocks and heads", refusal(16, null, 2, 8));
        assertEquals("unrolled needs dim, blocks and heads", refusal(16, 2, null, 8));
        for (int[] sizes : new int[][] {{0, 2, 2, 8}, {16, 0, 2, 8}, {16, 2, 0, 8}, {16, 2, 2, 0}}) {
            String message = refusal(sizes[0], sizes[1], sizes[2], sizes[3]);
            assertTrue(message.endsWith(": each must be at least 1"), message);
        }
        for (double share : new double[] {-0.1, 1, Double.NaN}) {
            assertThrows(UserError.class, () -> new Unrolled(16, 2, 2, 8, share, null));
            assertThrows(UserError.class, () -> new Unrolled(16, 2, 2, 8, null, share));
        }
        assertEquals("a code grid of 1×1: unrolled needs at least two positions",
                assertThrows(UserError.class, () -> TINY.weights(SPACE, 1, 1, 1)).getMessage());
        TINY.weights(SPACE, 1, 2, 1);
        assertEquals(1, new Unrolled(1, 1, 1, 1, null, null).dim());
    }

    private static String refusal(Integer dim, Integer blocks, Integer heads, Integer multipleOf) {
        return assertThrows(UserError.class, () -> new Unrolled(dim, blocks, heads, multipleOf, null, null)).getMessage();
    }

    /** Of maps that are no squares, and on a CPU in float32. */
    @ParameterizedTest
    @EnumSource
    void theCacheHasAPlaceForEachCode(Precision precision) {
        try (Scope scope = torch.scope()) {
            Weights w = weights(precision);
            long[] shape = {ROWS, COLUMNS, SPACE.depth()};
            NDArray cache = TINY.prepare(4, shape, w).head();
            assertEquals(new Shape(2, 2, 4, 2, ROWS * COLUMNS * SPACE.depth(), 8), cache.getShape());
            assertEquals(DataType.FLOAT32, cache.getDataType());
            assertEquals(
                    w.halved().halves() ? DataType.UNKNOWN : DataType.FLOAT32, // bfloat16, which DJL has no name for
                    TINY.prepare(4, shape, w.halved()).head().getDataType(),
                    "the cache of a GPU");
        }
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        assertEquals(new Unrolled(768, 12, 12, 256, 0.1, 0.1), new Unrolled(768, 12, 12, null, null, null));
        assertTrue(TINY.predicts());
    }

    /** 12 layers of 768: 85 million parameters, as llama's B. */
    @Test
    void layersAreAsLargeAsLlamas() {
        long layers = new Unrolled(768, 12, 12, null, null, null)
                .weights(SPACE, 2, 2, 1).stream().filter(w -> w.name().startsWith("layers.")).mapToLong(w -> w.size()).sum();
        assertEquals(12L * (4 * 768 * 768 + 3 * 768 * 2048 + 2 * 768), layers);
    }
}
