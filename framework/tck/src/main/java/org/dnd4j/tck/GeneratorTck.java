package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Generator;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link Generator}, on code maps of 2×3 positions, three classes, two depths. */
public abstract class GeneratorTck {
    private static final int B = 2;
    private static final int ROWS = 2;
    private static final int COLUMNS = 3;
    private static final int CLASSES = 3;

    private Lab lab;

    /** The plugin under test, as small as it can be. */
    protected abstract Generator generator();

    /** A code space that the plugin accepts. */
    protected CodeSpace space() {
        return CodeSpace.of(4, 2, 8);
    }

    /** What an earlier version computed, as the skipped test of G6 gives it; null if there was none. */
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

    private List<Weight> declared(Generator generator) {
        return generator.weights(space(), ROWS, COLUMNS, CLASSES);
    }

    private NDArray codes(long seed) {
        int depth = space().depth();
        long[] codes = new long[B * ROWS * COLUMNS * depth];
        Random random = new Random(seed);
        for (int i = 0; i < codes.length; i++) {
            codes[i] = random.nextInt(space().size(i % depth));
        }
        return lab.torch.manager().create(codes, new Shape(B, ROWS, COLUMNS, depth)); // [b,h,w,D]
    }

    private NDArray classes() {
        return classes(0, CLASSES - 1);
    }

    private NDArray classes(long... labels) {
        return lab.torch.manager().create(labels); // [b]
    }

    private long[] shape() {
        return new long[] {ROWS, COLUMNS, space().depth()};
    }

    /** The plugin, for laws of those that predict codes. */
    private Generator predicting() {
        Generator generator = generator();
        Assumptions.assumeTrue(generator.predicts(), "not tried, for it does not predict codes one after another");
        return generator;
    }

    /** What {@code predict} says of known codes, an array {@code [b,K]} for each of them in turn. */
    private NDList predicted(Generator generator, NDArray codes, NDArray classes, Weights w) {
        int depth = space().depth();
        long[] known = codes.toLongArray();
        int rows = (int) classes.size();
        int each = known.length / rows;
        NDList state = generator.prepare(rows, shape(), w);
        NDList predicted = new NDList();
        long[] before = classes.toLongArray();
        for (int t = 0; t < each; t++) {
            NDArray last = lab.torch.manager().create(before); // [b]
            NDArray logits = generator.predict(last, t / depth, t % depth, shape(), state, w); // [b,K]
            Lab.shaped("predict", logits, DataType.FLOAT32, rows, space().size(t % depth));
            assertArrayEquals(before, last.toLongArray(), "codes that were handed in");
            predicted.add(logits);
            for (int row = 0; row < rows; row++) {
                before[row] = known[row * each + t];
            }
        }
        return predicted;
    }

    private NDArray sample(Generator generator, long seed, Weights w) {
        return generator.sample(classes(), shape(), Key.of(seed), w);
    }

    @Test
    void g1_theLossIsFiniteAndMovesEveryWeightLearntByGradient() {
        Generator generator = generator();
        Weights w = lab.stirred(declared(generator));
        NDArray codes = codes(1);
        lab.moves(() -> generator.loss(codes, classes(), Key.of(1), w), w);
        lab.moves(() -> generator.losses(codes, classes(), true, Key.of(1), w).head(), w);
    }

    @Test
    void g2_samplesAreCodesInRange() {
        Generator generator = generator();
        for (Weights w : List.of(lab.started(declared(generator)), lab.stirred(declared(generator)))) {
            NDArray codes = sample(generator, 1, w);
            Lab.shaped("sample", codes, DataType.INT64, B, ROWS, COLUMNS, space().depth());
            long[] flat = codes.toLongArray();
            for (int i = 0; i < flat.length; i++) {
                int size = space().size(i % space().depth());
                assertTrue(flat[i] >= 0 && flat[i] < size, "code " + flat[i] + " is not below " + size);
            }
        }
    }

    @Test
    void g3_equalArgumentsGiveEqualBits() {
        Generator generator = generator();
        Weights w = lab.stirred(declared(generator));
        NDArray codes = codes(1);
        NDArray classes = classes();
        NDArray sampled = generator.sample(classes, shape(), Key.of(1), w);
        NDArray loss = generator.loss(codes, classes, Key.of(1), w);
        NDList losses = losses(generator, codes, classes, w);
        sample(generator, 2, w);
        generator.loss(codes(2), classes(), Key.of(2), w);
        Lab.same("codes that were handed in", codes(1), codes);
        Lab.same("classes that were handed in", classes(), classes);
        for (Generator again : List.of(generator, generator())) {
            Lab.same("a sample again", sampled, sample(again, 1, w));
            Lab.same("a loss again", loss, again.loss(codes, classes, Key.of(1), w));
            same("losses again", losses, losses(again, codes, classes, w));
        }
    }

    /** Everything that can be said of known codes. */
    private NDList losses(Generator generator, NDArray codes, NDArray classes, Weights w) {
        NDList all = new NDList();
        all.addAll(generator.losses(codes, classes, true, Key.of(1), w));
        all.addAll(generator.losses(codes, classes, false, Key.of(1), w));
        if (generator.predicts()) {
            all.addAll(predicted(generator, codes, classes, w));
        }
        return all;
    }

    private static void same(String what, NDList expected, NDList seen) {
        assertEquals(expected.size(), seen.size(), what);
        for (int i = 0; i < expected.size(); i++) {
            Lab.same(what, expected.get(i), seen.get(i));
        }
    }

    @Test
    void g4_weightsAreDeclaredOnce() {
        Generator generator = generator();
        assertEquals(declared(generator), declared(generator), "declared again");
        Weights w = lab.started(declared(generator));
        generator.loss(codes(1), classes(), Key.of(1), w);
        losses(generator, codes(1), classes(), w);
        sample(generator, 1, w);
    }

    @Test
    void g5_noMethodKeepsAnArray() {
        Generator generator = generator();
        Weights w = lab.stirred(declared(generator));
        long[] first = step(generator, 1, w);
        int before = lab.longLived();
        step(generator, 2, w);
        assertEquals(before, lab.longLived(), "arrays left behind by a step");
        assertArrayEquals(first, step(generator, 1, w), "the arrays of earlier steps are gone, and nothing changes");
    }

    private long[] step(Generator generator, long seed, Weights w) {
        try (Scope step = lab.torch.scope()) {
            try (Torch.Tape tape = lab.torch.record()) {
                generator.loss(codes(seed), classes(), Key.of(seed), w);
            }
            losses(generator, codes(seed), classes(), w);
            return sample(generator, seed, w).toLongArray();
        }
    }

    @Test
    void g6_whatItComputedOnceItComputesStill() {
        Generator generator = generator();
        Weights w = lab.stirred(declared(generator));
        Memory memory = new Memory();
        memory.letter(declared(generator));
        memory.array("loss", generator.loss(codes(1), classes(), Key.of(1), w));
        memory.array("sample", sample(generator, 1, w));
        if (generator.predicts()) {
            losses(generator, codes(1), classes(), w).forEach(known -> memory.array("known codes", known));
        }
        memory.holds(remembered());
    }

    @Test
    void g7_lossesAreByDepthAndDropoutIsForTraining() {
        Generator generator = predicting();
        Weights w = lab.stirred(declared(generator));
        NDArray codes = codes(1);
        for (boolean training : new boolean[] {true, false}) {
            NDList losses = generator.losses(codes, classes(), training, Key.of(1), w);
            assertEquals(1 + 2 * space().depth(), losses.size(), "one in all, and two by depth");
            losses.forEach(loss -> Lab.shaped("a loss", loss, DataType.FLOAT32));
        }
        NDArray trained = generator.losses(codes, classes(), true, Key.of(1), w).head(); // []
        Lab.same("the loss of training", generator.loss(codes, classes(), Key.of(1), w), trained);
        NDList one = generator.losses(codes, classes(), false, Key.of(1), w);
        same("losses without training, whatever the key", one, generator.losses(codes, classes(), false, Key.of(2), w));
    }

    @Test
    void g8_codeByCodeItPredictsWhatItsLossesJudge() {
        Generator generator = predicting();
        Weights w = lab.stirred(declared(generator));
        int depth = space().depth();
        long[] known = codes(1).toLongArray();
        NDList predicted = predicted(generator, codes(1), classes(), w);
        double[] entropy = new double[depth];
        double[] right = new double[depth];
        int positions = predicted.size() / depth;
        for (int t = 0; t < predicted.size(); t++) {
            int size = space().size(t % depth);
            float[] logits = predicted.get(t).toFloatArray();
            for (int row = 0; row < B; row++) {
                float[] x = Arrays.copyOfRange(logits, row * size, (row + 1) * size);
                int code = (int) known[row * predicted.size() + t];
                double sum = 0;
                boolean most = true;
                for (float other : x) {
                    sum += Math.exp(other - x[code]);
                    most &= other <= x[code];
                }
                entropy[t % depth] += Math.log(sum) / (B * positions);
                right[t % depth] += (most ? 1.0 : 0.0) / (B * positions);
            }
        }
        NDList losses = generator.losses(codes(1), classes(), false, Key.of(1), w);
        for (int k = 0; k < depth; k++) {
            float loss = losses.get(1 + k).toFloatArray()[0];
            assertEquals(entropy[k], loss, 1e-4 * entropy[k], "nats a code at depth " + k);
            float share = losses.get(1 + depth + k).toFloatArray()[0];
            assertEquals(right[k], share, 1e-6, "share of right codes at depth " + k);
        }
    }

    @Test
    void g8_withAttentionInBfloat16AsOnAGpu() {
        Generator generator = predicting();
        Weights w = lab.stirred(declared(generator), Precision.BFLOAT16, false);
        Weights halved = Lab.halved(w);
        NDList expected = predicted(generator, codes(1), classes(), w);
        NDList seen = predicted(generator, codes(1), classes(), halved);
        NDList losses = generator.losses(codes(1), classes(), false, Key.of(1), w);
        NDList others = generator.losses(codes(1), classes(), false, Key.of(1), halved);
        boolean kept = Lab.halves(generator.prepare(B, shape(), halved));
        for (int t = 0; t < expected.size(); t++) {
            Lab.roughly("logits of code " + t + " with attention in bfloat16", expected.get(t), seen.get(t));
        }
        for (int k = 0; k <= space().depth(); k++) { // of all depths, then of each
            Lab.roughly("nats " + k + " with attention in bfloat16", losses.get(k), others.get(k));
            if (kept) {
                assertNotEquals(losses.get(k).toFloatArray()[0], others.get(k).toFloatArray()[0], "nats " + k);
            }
        }
        int last = expected.size() - 1; // the first attends to one place, which takes no sum
        if (kept) {
            Lab.differ("attention in bfloat16, as the cache is", expected.get(last), seen.get(last));
        }
    }

    @Test
    void g9_rowsOfTheBatchDoNotSeeEachOther() {
        Generator generator = predicting();
        Weights w = lab.stirred(declared(generator));
        NDArray codes = codes(1);
        NDList together = predicted(generator, codes, classes(), w);
        float[] losses = new float[1 + 2 * space().depth()];
        for (int row = 0; row < B; row++) {
            NDArray alone = codes.get(row + ":" + (row + 1)); // [1,h,w,D]
            NDArray label = classes().get(row + ":" + (row + 1)); // [1]
            NDList predicted = predicted(generator, alone, label, w);
            for (int t = 0; t < together.size(); t++) {
                NDArray its = together.get(t).get(row + ":" + (row + 1)); // [1,K]
                Lab.near("what is predicted for row " + row + " alone", its, predicted.get(t));
            }
            NDList own = generator.losses(alone, label, false, Key.of(1), w);
            for (int i = 0; i < losses.length; i++) {
                losses[i] += own.get(i).toFloatArray()[0] / B;
            }
        }
        NDList all = generator.losses(codes, classes(), false, Key.of(1), w);
        for (int i = 0; i < losses.length; i++) {
            assertEquals(losses[i], all.get(i).toFloatArray()[0], 1e-4 * (1 + losses[i]), "losses, mean over the rows");
        }
    }

    @Test
    void g10_theLabelAboveTheLastStandsForNone() {
        Generator generator = predicting();
        Weights w = lab.stirred(declared(generator));
        NDArray none = classes(CLASSES, CLASSES); // [b]
        NDList losses = generator.losses(codes(1), none, false, Key.of(1), w);
        NDList predicted = predicted(generator, codes(1), none, w);
        for (int label = 0; label < CLASSES; label++) {
            NDArray some = classes(label, label); // [b]
            Lab.differ("no class and class " + label, predicted.head(), predicted(generator, codes(1), some, w).head());
            NDArray loss = generator.losses(codes(1), some, false, Key.of(1), w).head(); // []
            Lab.differ("the losses of no class and class " + label, losses.head(), loss);
        }
    }
}
