package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Nearest;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link Decomposition}. */
public abstract class DecompositionTck {
    private static final int N = 12;

    private Lab lab;

    /** The plugin under test; called once a test. */
    protected abstract Decomposition decomposition();

    /** A code space that the plugin accepts: a few codes and numbers, since every law runs over all of them. */
    protected CodeSpace space() {
        return CodeSpace.of(8, 3, 16);
    }

    /** Among how many candidates {@code nearest} finds the nearest codes; all codes, if not overridden. */
    protected int candidates() {
        return Integer.MAX_VALUE;
    }

    /** How many rounds over 256 latents D7 may take. */
    protected int rounds() {
        return 60;
    }

    /** The rate of Adam in D7, for weights learnt by gradient. */
    protected double rate() {
        return 0.01;
    }

    /** What an earlier version computed, as the skipped test of D10 gives it; null if there was none. */
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

    private NDArray latents(long seed) {
        return lab.normal(seed, N, space().width()); // [n,c]
    }

    private NDArray codes(long seed, int k) {
        long[] codes = new java.util.Random(seed).longs(N, 0, space().size(k)).toArray();
        return lab.torch.manager().create(codes); // [n]
    }

    @Test
    void d1_theStateBeforeTheFirstCodeKnowsNoLatents() {
        Decomposition d = decomposition();
        Weights w = lab.stirred(d.weights(space()));
        NDArray nothing = lab.array(new float[N * space().width()], N, space().width());
        float[] missing = new float[N * space().width()];
        Arrays.fill(missing, Float.NaN);
        NDArray begun = d.begin(nothing, w);
        Lab.shaped("begin", begun, DataType.FLOAT32, N, space().width());
        Lab.same("begin for zeros and for latents", begun, d.begin(latents(1), w));
        Lab.same("begin for zeros and for NaN", begun, d.begin(lab.array(missing, N, space().width()), w));
        Lab.same("begin for 12 rows and for 5 of them", begun.get(":5"), d.begin(nothing.get(":5"), w));
    }

    @Test
    void d2_everyMethodReturnsRowsAndEachRowSeesOnlyItself() {
        Decomposition d = decomposition();
        Weights w = lab.stirred(d.weights(space()));
        NDArray z = latents(1);
        NDArray other = latents(2).get("1:"); // [n−1,c]
        for (int k = 0; k < space().depth(); k++) {
            int depth = k;
            NDArray state = state(d, k, w);
            NDArray codes = codes(3, k);
            NDArray changed = codes.get(":1").concat(codes(4, k).get("1:")); // [n], the first as before
            NDArray e = d.codeword(codes, state, k, w);
            rows("target " + k, d.target(z, state, k, w), d.target(mixed(z, other), mixed(state, other), k, w));
            rows("codeword " + k, e, d.codeword(changed, mixed(state, other), k, w));
            rows("next " + k, d.next(state, e, k, w), d.next(mixed(state, other), mixed(e, other), k, w));
            rows("decode " + k, d.decode(state, k, w), d.decode(mixed(state, other), k, w));
            Nearest all = d.nearest(z, state, k, 1, w);
            Nearest mixed = d.nearest(mixed(z, other), mixed(state, other), k, 1, w);
            Lab.same("nearest " + k + " for row 0", all.codes().get(":1"), mixed.codes().get(":1"));
            Lab.near(
                    "decode " + depth + " for 12 rows and for 5 of them",
                    d.decode(state, k, w).get(":5"),
                    d.decode(state.get(":5"), k, w));
        }
    }

    /** The same first row, other rows below. */
    private static NDArray mixed(NDArray rows, NDArray other) {
        return rows.get(":1").concat(other); // [n,c]
    }

    private void rows(String what, NDArray rows, NDArray mixed) {
        Lab.shaped(what, rows, DataType.FLOAT32, N, space().width());
        Lab.near(what + ", row 0 beside other rows", rows.get(":1"), mixed.get(":1"));
    }

    /** A state that the fold can be in before code k. */
    private NDArray state(Decomposition d, int k, Weights w) {
        return Fold.encode(d, space().depth(), latents(5), w).states().get(k); // [n,c]
    }

    @Test
    void d3_nearestGivesDistinctCodesBestFirstWithTheirCodewords() {
        Decomposition d = decomposition();
        Weights w = lab.stirred(d.weights(space()));
        NDArray z = latents(1);
        for (int k = 0; k < space().depth(); k++) {
            NDArray state = state(d, k, w);
            NDArray target = d.target(z, state, k, w); // [n,c]
            int size = space().size(k);
            Nearest all = d.nearest(target, state, k, size, w);
            for (int a : new int[] {1, 2, size}) {
                Nearest some = d.nearest(target, state, k, a, w);
                Lab.shaped("codes", some.codes(), DataType.INT64, N, a);
                Lab.shaped("codewords", some.codewords(), DataType.FLOAT32, N, a, space().width());
                Lab.same("the first " + a + " codes of " + size, all.codes().get(":,:" + a), some.codes());
            }
            long[] codes = all.codes().toLongArray();
            for (int i = 0; i < N; i++) {
                long[] row = Arrays.copyOfRange(codes, i * size, (i + 1) * size);
                assertArrayEquals(
                        IntStream.range(0, size).asLongStream().toArray(),
                        Arrays.stream(row).sorted().toArray(),
                        "asked for all " + size + " codes of depth " + k + ", each is there once");
            }
            float[] before = new float[N];
            for (int a = 0; a < size; a++) {
                NDArray codeword = all.codewords().get(":," + a); // [n,c]
                Lab.near("codeword " + a, d.codeword(all.codes().get(":," + a), state, k, w), codeword);
                float[] distance = target.sub(codeword).square().sum(new int[] {1}).toFloatArray();
                for (int i = 0; i < N && a < candidates(); i++) {
                    assertTrue(
                            distance[i] >= before[i] - 1e-4f * (1 + before[i]),
                            "code " + a + " of depth " + k + " is nearer, by " + distance[i] + ", than the one before it, "
                                    + before[i]);
                }
                before = distance;
            }
        }
    }

    @Test
    void d4_decodingTheCodesReproducesTheStatesOfEncoding() {
        Decomposition d = decomposition();
        Weights w = lab.stirred(d.weights(space()));
        Fold there = Fold.encode(d, space().depth(), latents(1), w);
        Fold back = Fold.decode(d, there.codes(), latents(2), w);
        for (int k = 0; k < space().depth(); k++) {
            Lab.same("state after code " + k, there.states().get(k + 1), back.states().get(k + 1));
            Lab.same("latents after code " + k, there.decoded().get(k), back.decoded().get(k));
        }
        NDArray prefix = there.codes().get(":,:1"); // [n,1]
        Lab.same("latents from one code", there.decoded().get(0), Fold.decode(d, prefix, latents(2), w).decoded().get(0));
    }

    @Test
    void d5_equalArgumentsGiveEqualBitsAndAreLeftAsTheyWere() {
        Decomposition d = decomposition();
        Weights w = lab.stirred(d.weights(space()));
        for (int k = 0; k < space().depth(); k++) {
            NDArray state = state(d, k, w).duplicate();
            NDList arguments = new NDList(latents(1), state, latents(2), latents(3), codes(4, k));
            NDList kept = copies(arguments);
            Map<String, NDArray> results = results(d, arguments, k, w);
            results.replaceAll((method, result) -> result.duplicate());
            Fold.decode(d, Fold.encode(d, space().depth(), latents(5), w).codes(), latents(6), w);
            for (Decomposition again : List.of(d, decomposition())) {
                Map<String, NDArray> equal = results(again, copies(kept), k, w);
                results.forEach((method, result) -> Lab.same(method + ", asked again", result, equal.get(method)));
            }
            same("after code " + k + ", arguments: z, state, target, codeword, codes", kept, arguments);
        }
    }

    /** What each method makes of z, a state, a target, a codeword and codes. */
    private static Map<String, NDArray> results(Decomposition d, NDList arguments, int k, Weights w) {
        NDArray z = arguments.get(0); // [n,c]
        NDArray state = arguments.get(1); // [n,c]
        Nearest best = d.nearest(arguments.get(2), state, k, 2, w);
        Map<String, NDArray> results = new LinkedHashMap<>();
        results.put("begin", d.begin(z, w)); // [n,c]
        results.put("target " + k, d.target(z, state, k, w)); // [n,c]
        results.put("codes of nearest " + k, best.codes()); // [n,2]
        results.put("codewords of nearest " + k, best.codewords()); // [n,2,c]
        results.put("codeword " + k, d.codeword(arguments.get(4), state, k, w)); // [n,c]
        results.put("next " + k, d.next(state, arguments.get(3), k, w)); // [n,c]
        results.put("decode " + k, d.decode(state, k, w)); // [n,c]
        return results;
    }

    private static NDList copies(NDList arrays) {
        return new NDList(arrays.stream().map(NDArray::duplicate).toList());
    }

    private static void same(String what, NDList expected, NDList seen) {
        for (int i = 0; i < expected.size(); i++) {
            Lab.same(what + ", number " + (i + 1) + " of them", expected.get(i), seen.get(i));
        }
    }

    @Test
    void d5_theSameLossAgainGivesEqualBits() {
        Decomposition d = decomposition();
        Weights w = lab.stirred(d.weights(space()));
        Assumptions.assumeFalse(w.trainable().isEmpty(), "not tried: no weight is learnt by gradient");
        NDArray z = latents(1);
        NDArray kept = z.duplicate();
        NDList decoded = Fold.encode(d, space().depth(), z, w).decoded();
        NDList copies = copies(decoded);
        NDArray loss = d.loss(z, decoded, w); // []
        same("prefixes that were handed to the loss", copies, decoded);
        Lab.same("latents that were handed to the loss", kept, z);
        Lab.same("the loss again", loss, d.loss(kept, copies, w));
        Lab.same("the loss of another", loss, decomposition().loss(kept, copies, w));
    }

    @Test
    void d5_fittingAgainGivesEqualBits() {
        Decomposition d = decomposition();
        List<Weight> declared = d.weights(space());
        Assumptions.assumeTrue(
                declared.stream().anyMatch(w -> w.learns() == Learns.FITTED), "not tried: no weight is learnt by fitting");
        NDArray z = lab.normal(1, 64, space().width()); // [n,c]
        NDArray kept = z.duplicate();
        Weights one = lab.started(declared);
        d.fit(z, space(), Key.of(1), one);
        Lab.same("latents that were fitted", kept, z);
        for (Decomposition again : List.of(d, decomposition())) {
            Weights two = lab.started(declared);
            again.fit(kept, space(), Key.of(1), two);
            for (Weight weight : declared) {
                assertArrayEquals(one.values(weight.name()), two.values(weight.name()), weight.name());
            }
        }
    }

    @Test
    void d6_weightsAreDeclaredAndOnlyThoseAreAskedFor() {
        Decomposition d = decomposition();
        List<Weight> declared = d.weights(space());
        assertEquals(declared, d.weights(space()), "declared again");
        assertTrue(d.beamWidth() >= 1, "a beam of " + d.beamWidth());
        List<String> tables = IntStream.range(0, space().depth()).mapToObj(d::table).toList();
        for (Weight weight : declared) {
            if (weight.learns() == Learns.EMA) {
                int k = tables.indexOf(weight.name());
                assertTrue(k >= 0, weight.name() + " learns by moving average, but is the table of no depth: " + tables);
                assertEquals(List.of((long) space().size(k), (long) space().width()), weight.shape(), weight.name());
            }
        }
        fold(d, lab.started(declared));
        Fold exact = Fold.encode(d, space().depth(), latents(1), lab.stirred(declared));
        Weights used = lab.stirred(declared, Precision.FLOAT32, false);
        Fold packed = Fold.decode(d, exact.codes(), latents(1), used);
        Lab.near("latents decoded by weights that are only used", exact.latents(), packed.latents());
        fold(d, lab.stirred(declared, Precision.BFLOAT16, false));
        fold(d, lab.stirred(declared, Precision.INT8, false));
    }

    private void fold(Decomposition d, Weights w) {
        Fold fold = Fold.encode(d, space().depth(), latents(1), w);
        fold.decoded().forEach(z -> Lab.shaped("decoded", z, DataType.FLOAT32, N, space().width()));
        Fold.decode(d, fold.codes(), latents(1), w);
    }

    @Test
    void d6_aCodeSpaceOfUnequalDepthsWorksOrIsRefused() {
        Decomposition d = decomposition();
        CodeSpace uneven = new CodeSpace(space().width(), List.of(8, 4));
        Lab.orSkip(() -> d.weights(uneven));
        Weights w = lab.stirred(d.weights(uneven));
        Fold fold = Fold.encode(d, 2, latents(1), w);
        Lab.same("latents", fold.latents(), Fold.decode(d, fold.codes(), latents(2), w).latents());
        for (int k = 0; k < 2; k++) {
            for (long code : fold.codes().get(":," + k).toLongArray()) {
                assertTrue(code >= 0 && code < uneven.size(k), "code " + code + " of " + uneven.size(k));
            }
        }
    }

    @Test
    void d7_afterLearningMoreCodesAreNearer() {
        Decomposition d = decomposition();
        Weights w = lab.started(d.weights(space()));
        NDArray z = clustered(256); // [n,c]
        Lesson.teach(d, space(), z, rounds(), rate(), w);
        NDList decoded = Fold.encode(d, space().depth(), z, w).decoded();
        float spread = error(z, z.mean(new int[] {0}, true).broadcast(z.getShape()));
        float one = error(z, decoded.get(0));
        float all = error(z, decoded.get(decoded.size() - 1));
        assertTrue(one < spread, "one code leaves " + one + ", the mean alone " + spread);
        assertTrue(space().depth() == 1 || all < one, "all codes leave " + all + ", one code " + one);
    }

    /** Latents with something to learn: sums of three small alphabets, and a little noise. */
    private NDArray clustered(int n) {
        int width = space().width();
        float[] alphabets = Lab.numbers(7, 12 * width);
        float[] noise = Lab.numbers(8, n * width);
        float[] z = new float[n * width];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < width; j++) {
                z[i * width + j] = alphabets[i % 4 * width + j]
                        + 0.5f * alphabets[(4 + i / 4 % 4) * width + j]
                        + 0.25f * alphabets[(8 + i / 16 % 4) * width + j]
                        + 0.1f * noise[i * width + j];
            }
        }
        return lab.array(z, n, width); // [n,c]
    }

    private static float error(NDArray z, NDArray decoded) {
        return z.sub(decoded).square().mean().toFloatArray()[0];
    }

    @Test
    void d8_theLossIsFiniteAndMovesEveryWeightLearntByGradient() {
        Decomposition d = decomposition();
        Weights w = lab.stirred(d.weights(space()));
        Assumptions.assumeFalse(w.trainable().isEmpty(), "not tried: no weight is learnt by gradient");
        NDArray z = latents(1);
        lab.moves(() -> d.loss(z, Fold.encode(d, space().depth(), z, w).decoded(), w), w);
    }

    @Test
    void d9_noMethodKeepsAnArray() {
        Decomposition d = decomposition();
        List<Weight> declared = d.weights(space());
        Weights w = lab.stirred(declared);
        float[] first;
        try (Scope step = lab.torch.scope()) {
            first = Fold.encode(d, space().depth(), latents(1), w).latents().toFloatArray();
        }
        Weights fitted = lab.started(declared);
        int before = lab.longLived();
        try (Scope step = lab.torch.scope()) {
            NDArray z = latents(2);
            Fold.decode(d, Fold.encode(d, space().depth(), z, w).codes(), z, w);
            if (!w.trainable().isEmpty()) {
                try (Torch.Tape tape = lab.torch.record()) {
                    d.loss(z, Fold.encode(d, space().depth(), z, w).decoded(), w);
                }
            }
            d.fit(z, space(), Key.of(1), fitted);
        }
        assertEquals(before, lab.longLived(), "arrays left behind by a step");
        try (Scope step = lab.torch.scope()) {
            NDArray again = Fold.encode(d, space().depth(), latents(1), w).latents();
            assertArrayEquals(first, again.toFloatArray(), "the arrays of earlier steps are gone, and nothing changes");
        }
    }

    @Test
    void d10_whatItComputedOnceItComputesStill() {
        Decomposition d = decomposition();
        Weights w = lab.stirred(d.weights(space()));
        Memory memory = new Memory();
        memory.letter(d.weights(space()));
        NDArray z = latents(1);
        Fold fold = Fold.encode(d, space().depth(), z, w);
        memory.array("begin", fold.states().head());
        for (int k = 0; k < space().depth(); k++) {
            memory.letter(d.table(k));
            memory.array("target " + k, fold.targets().get(k));
            memory.array("state " + k, fold.states().get(k + 1));
            memory.array("decode " + k, fold.decoded().get(k));
            memory.array("codeword " + k, d.codeword(codes(3, k), fold.states().get(k), k, w));
            Nearest nearest = d.nearest(fold.targets().get(k), fold.states().get(k), k, 2, w);
            memory.array("codes " + k, nearest.codes());
            memory.array("codewords " + k, nearest.codewords());
        }
        if (!w.trainable().isEmpty()) {
            memory.array("loss", d.loss(z, fold.decoded(), w));
        }
        d.fit(z, space(), Key.of(7), w);
        memory.array("fitted", Fold.encode(d, space().depth(), z, w).latents());
        memory.holds(remembered());
    }
}
