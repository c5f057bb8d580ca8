package org.dnd4j.gpt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dnd4j.spi.Pass;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GptTest {
    private static final int TOKENS = 7; // a condition token, then two rows of three
    private static final int D = 12;

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    private static Gpt tiny(double attention, double residual) {
        return new Gpt(null, D, 2, 3, attention, residual);
    }

    private Weights weights(Gpt gpt, Precision precision, boolean training) {
        float[] noise = noise(100_000, 3);
        return Weights.load(torch, gpt.weights(1, TOKENS), precision, training, w -> {
            int offset = Math.floorMod(w.name().hashCode(), 90_000);
            float[] values = Arrays.copyOfRange(noise, offset, offset + (int) w.size());
            for (int i = 0; i < values.length; i++) {
                values[i] = (w.name().matches(".*ln_.*weight") ? 1 : 0) + 0.3f * values[i];
            }
            return values;
        });
    }

    private static float[] noise(int n, long seed) {
        Random random = new Random(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    private NDArray places(int tokens) {
        long[] places = IntStream.range(-1, tokens - 1)
                .flatMap(i -> i < 0 ? IntStream.of(-1, -1) : IntStream.of(i / 3, i % 3))
                .asLongStream()
                .toArray();
        return torch.manager().create(places, new Shape(tokens, 2)); // [s,2]
    }

    private NDArray hidden() {
        return torch.manager().create(noise(2 * TOKENS * D, 1), new Shape(2, TOKENS, D)); // [b,s,d]
    }

    private Pass pass(int start, boolean cached, NDList state, Weights w) {
        return new Pass(start, cached, null, state, false, Key.of(1), w);
    }

    private Pass training(NDArray mask, Gpt gpt, Weights w) {
        return new Pass(0, false, mask, gpt.prepare(places(TOKENS), 0, w), true, Key.of(5), w);
    }

    @Test
    void equalsThePlainJavaTwin() {
        Gpt gpt = tiny(0, 0.1);
        Weights w = weights(gpt, Precision.FLOAT32, true);
        try (Scope step = torch.scope()) {
            Pass pass = pass(0, false, gpt.prepare(places(TOKENS), 0, w), w);
            float[] seen = gpt.norm(gpt.run(hidden(), 0, 2, pass), 0, pass).toFloatArray();
            double[] expected = new Twin(D, 2, 3, w::values).run(noise(2 * TOKENS * D, 1), TOKENS);
            for (int i = 0; i < seen.length; i++) {
                assertEquals(expected[i], seen[i], 2e-5 * (1 + Math.abs(expected[i])), "element " + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32,1e-5", "BFLOAT16,0.08", "INT8,0.08"})
    void tokenByTokenThroughTheCacheEqualsAllAtOnce(Precision precision, double tolerance) {
        Gpt gpt = tiny(0, 0.1);
        Weights w = weights(gpt, precision, false);
        try (Scope step = torch.scope()) {
            NDArray whole = gpt.run(hidden(), 0, 2, pass(0, false, gpt.prepare(places(TOKENS), 0, w), w));
            NDList state = gpt.prepare(places(TOKENS), 2, w);
            assertEquals(DataType.FLOAT32, state.get(0).getDataType(), "the cache of a CPU");
            assertEquals(
                    w.halved().halves() ? DataType.UNKNOWN : DataType.FLOAT32, // bfloat16, which DJL has no name for
                    gpt.prepare(places(TOKENS), 2, w.halved()).get(0).getDataType(),
                    "the cache of a GPU");
            NDList parts = new NDList();
            int[] cuts = {0, 2, 3, 4, 7}; // several tokens first, single ones, several behind others
            for (int i = 1; i < cuts.length; i++) {
                NDArray part = hidden().get(":, " + cuts[i - 1] + ":" + cuts[i]);
                Pass pass = pass(cuts[i - 1], true, state, w);
                parts.add(gpt.run(gpt.run(part, 0, 1, pass), 1, 2, pass));
            }
            assertArrayEquals(whole.toFloatArray(), NDArrays.concat(parts, 1).toFloatArray(), (float) tolerance);
        }
    }

    /** Without a cache, with one, and where dropout needs attention's weights one by one. */
    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "false,true"})
    void aMaskedTokenIsNotAttendedTo(boolean cached, boolean training) {
        Gpt gpt = tiny(0.2, 0.1);
        Weights w = weights(gpt, Precision.FLOAT32, training);
        try (Scope step = torch.scope()) {
            boolean[] allowed = new boolean[2 * TOKENS];
            Arrays.fill(allowed, true);
            allowed[TOKENS] = false; // the first token of the second row
            NDArray mask = torch.manager().create(allowed, new Shape(2, TOKENS));
            NDArray other = hidden();
            other.set(new NDIndex(":, 0"), 5);
            NDArray[] y = new NDArray[2];
            for (int i = 0; i < 2; i++) {
                NDList state = gpt.prepare(places(TOKENS), cached ? 2 : 0, w);
                Pass pass = new Pass(0, cached, mask, state, training, Key.of(1), w);
                y[i] = gpt.run(i == 0 ? hidden() : other, 0, 2, pass);
            }
            assertFalse(close(y[0].get("0, 1:"), y[1].get("0, 1:")), "row 0 sees its first token");
            assertTrue(close(y[0].get("1, 1:"), y[1].get("1, 1:")), "row 1 does not");
            assertFalse(y[0].isNaN().any().getBoolean());
        }
    }

    private static boolean close(NDArray a, NDArray b) {
        return a.sub(b).abs().max().getFloat() < 1e-5;
    }

    /** Dropping next to nothing takes another way through attention, which must come to the same. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void attentionWeightByWeightEqualsAttentionAtOnce(boolean masked) {
        Weights w = weights(tiny(0, 0), Precision.FLOAT32, true);
        try (Scope step = torch.scope()) {
            boolean[] allowed = new boolean[2 * TOKENS];
            Arrays.fill(allowed, true);
            allowed[1] = false;
            NDArray mask = masked ? torch.manager().create(allowed, new Shape(2, TOKENS)) : null;
            float[] atOnce = tiny(0, 0).run(hidden(), 0, 2, training(mask, tiny(0, 0), w)).toFloatArray();
            float[] each = tiny(1e-12, 0).run(hidden(), 0, 2, training(mask, tiny(0, 0), w)).toFloatArray();
            assertArrayEquals(atOnce, each, 1e-5f);
        }
    }

    @Test
    void attentionThatDropsWeightsIsCausalStill() {
        Gpt gpt = tiny(0.3, 0);
        Weights w = weights(gpt, Precision.FLOAT32, true);
        try (Scope step = torch.scope()) {
            NDArray other = hidden();
            other.set(new NDIndex(":, 4:"), 5);
            NDArray before = gpt.run(hidden(), 0, 2, training(null, gpt, w));
            NDArray after = gpt.run(other, 0, 2, training(null, gpt, w));
            assertTrue(close(before.get(":, :4"), after.get(":, :4")));
            assertFalse(close(before.get(":, 4:"), after.get(":, 4:")));
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        Gpt gpt = tiny(0.2, 0.2);
        Weights w = weights(gpt, Precision.FLOAT32, true);
        List<String> names = w.trainable().keySet().stream().map(Weight::name).toList();
        assertEquals(gpt.weights(1, TOKENS).stream().map(Weight::name).toList(), names);
        float[][] gradients;
        try (Scope step = torch.scope();
                Torch.Tape tape = torch.record()) {
            NDList g = torch.gradients(loss(gpt, w), List.copyOf(w.trainable().values()));
            gradients = g.stream().map(NDArray::toFloatArray).toArray(float[][]::new);
        }
        for (int n = 0; n < names.size(); n++) {
            float[] values = w.values(names.get(n));
            int worst = 0;
            for (int i = 1; i < values.length; i++) {
                worst = Math.abs(gradients[n][i]) > Math.abs(gradients[n][worst]) ? i : worst;
            }
            double up = shifted(gpt, w, names.get(n), worst, 1e-2f);
            double difference = (up - shifted(gpt, w, names.get(n), worst, -1e-2f)) / 2e-2;
            assertEquals(difference, gradients[n][worst], 0.02 * Math.abs(difference) + 1e-3, names.get(n));
        }
    }

    private NDArray loss(Gpt gpt, Weights w) {
        Pass pass = training(null, gpt, w);
        return gpt.norm(gpt.run(hidden(), 0, 2, pass), 0, pass).mul(hidden().flip(1)).sum();
    }

    private double shifted(Gpt gpt, Weights w, String name, int i, float by) {
        float[] before = w.values(name);
        float[] moved = before.clone();
        moved[i] += by;
        try (Scope step = torch.scope()) {
            Shape shape = w.get(name).getShape();
            w.set(name, step.manager().create(moved, shape));
            double loss = loss(gpt, w).getFloat();
            w.set(name, step.manager().create(before, shape));
            return loss;
        }
    }

    /** Each alone. */
    @ParameterizedTest
    @CsvSource({"0.3,0", "0,0.3"})
    void dropoutIsKeyed(double attention, double residual) {
        Gpt gpt = tiny(attention, residual);
        Weights w = weights(gpt, Precision.FLOAT32, true);
        try (Scope step = torch.scope()) {
            Pass pass = training(null, gpt, w);
            float[] one = gpt.run(hidden(), 0, 2, pass).toFloatArray();
            assertArrayEquals(one, gpt.run(gpt.run(hidden(), 0, 1, pass), 1, 2, pass).toFloatArray());
            assertFalse(Arrays.equals(one, gpt.run(hidden(), 0, 2, pass.at("other")).toFloatArray()));
        }
    }

    @Test
    void dropoutDropsItsShareAndKeepsTheMean() {
        Weights w = weights(tiny(0, 0), Precision.FLOAT32, true);
        try (Scope step = torch.scope()) {
            NDArray ones = step.manager().ones(new Shape(400, 10, 10));
            float[] elements = w.run(Gpt.PROGRAM, "dropped", ones, 0.2, 3).toFloatArray();
            for (float element : elements) {
                assertTrue(element == 0 || element == 1.25f);
            }
            assertEquals(1, IntStream.range(0, 40_000).mapToDouble(i -> elements[i]).sum() / 40_000, 0.01);
        }
    }

    @Test
    void moreTokensThanPlacesAreRefused() {
        Gpt gpt = tiny(0, 0);
        Weights w = weights(gpt, Precision.FLOAT32, false);
        String message = assertThrows(IllegalArgumentException.class, () -> gpt.prepare(places(TOKENS + 1), 1, w))
                .getMessage();
        assertEquals("8 tokens, and places for 7 were declared", message);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertEquals("dim 20 does not divide into 3 heads: dim must be a multiple of 3", refusal(null, 20, 2, 3));
        assertEquals("dim 1024: preset small has 768; give one or the other", refusal("small", 1024, null, null));
        assertEquals("unknown preset 'B': one of nano, mini, small, medium, large, xl", refusal("B", null, null, null));
        Integer[][] partial = {{64, null, null}, {null, 2, null}, {null, null, 2}, {64, 2, null}, {64, null, 2}, {null, 2, 2}};
        for (Integer[] some : partial) {
            assertEquals("gpt needs a preset, or dim, blocks and heads together", refusal(null, some[0], some[1], some[2]));
        }
        for (int[] sizes : new int[][] {{0, 2, 2}, {16, 0, 2}, {16, 2, 0}}) {
            String message = refusal(null, sizes[0], sizes[1], sizes[2]);
            assertTrue(message.endsWith(": each must be at least 1"), message);
        }
        for (double share : new double[] {-0.1, 1, Double.NaN}) {
            for (boolean attention : new boolean[] {false, true}) {
                String message = assertThrows(
                                UserError.class,
                                () -> new Gpt("nano", null, null, null, attention ? share : 0, attention ? 0 : share))
                        .getMessage();
                String which = attention ? "attentionDropout " : "residualDropout ";
                assertEquals(which + share + ": must be at least 0 and less than 1", message);
            }
        }
    }

    private static String refusal(String preset, Integer dim, Integer blocks, Integer heads) {
        return assertThrows(UserError.class, () -> new Gpt(preset, dim, blocks, heads, null, null)).getMessage();
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Gpt small = new Gpt(null, null, null, null, null, null);
        assertEquals(new Gpt("small", 768, 12, 12, 0.0, 0.1), small);
        assertEquals(768, small.width());
        assertEquals(12, small.layers());
        assertEquals(1, new Gpt(null, 1, 1, 1, null, null).width());
    }

    /** Parameter counts of the released models, without their table of 50257 tokens. */
    @ParameterizedTest
    @CsvSource({"small,124439808", "medium,354823168", "large,774030080", "xl,1557611200"})
    void presetsHaveThePublishedNumberOfParameters(String preset, long published) {
        Gpt gpt = new Gpt(preset, null, null, null, null, null);
        assertEquals(
                published - 50257L * gpt.width(),
                gpt.weights(1, 1024).stream().mapToLong(Weight::size).sum());
    }

    /** What is added to the hidden state, twice a layer, starts so small that the sum is as large as one product. */
    @Test
    void weightsStartAsPublished() {
        Map<String, Weight.Start> starts = new Gpt(null, 8, 2, 1, null, null)
                .weights(2, TOKENS).stream().collect(Collectors.toMap(Weight::name, Weight::start));
        for (String name : List.of("wpe", "h.1.attn.c_attn", "h.1.mlp.c_fc")) {
            assertEquals(new Weight.Start.Normal(0.02), starts.get(name + ".weight"), name);
        }
        for (String name : List.of("h.1.attn.c_proj", "h.1.mlp.c_proj")) {
            assertEquals(new Weight.Start.Normal(0.01), starts.get(name + ".weight"), name);
            assertEquals(new Weight.Start.Constant(0), starts.get(name + ".bias"), name);
        }
        for (String name : List.of("h.0.ln_1", "h.0.ln_2", "ln_f.0", "ln_f.1")) {
            assertEquals(new Weight.Start.Constant(1), starts.get(name + ".weight"), name);
            assertEquals(new Weight.Start.Constant(0), starts.get(name + ".bias"), name);
        }
    }
}
