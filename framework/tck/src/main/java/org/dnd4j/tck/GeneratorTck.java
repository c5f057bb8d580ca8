package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Generator;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
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
        return lab.torch.manager().create(new long[] {0, CLASSES - 1}); // [b]
    }

    private NDArray sample(Generator generator, long seed, Weights w) {
        return generator.sample(classes(), new long[] {ROWS, COLUMNS, space().depth()}, Key.of(seed), w);
    }

    @Test
    void g1_theLossIsFiniteAndMovesEveryWeightLearntByGradient() {
        Generator generator = generator();
        Weights w = lab.stirred(declared(generator));
        NDArray codes = codes(1);
        lab.moves(() -> generator.loss(codes, classes(), Key.of(1), w), w);
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
        NDArray sampled = generator.sample(classes, new long[] {ROWS, COLUMNS, space().depth()}, Key.of(1), w);
        NDArray loss = generator.loss(codes, classes, Key.of(1), w);
        sample(generator, 2, w);
        generator.loss(codes(2), classes(), Key.of(2), w);
        Lab.same("codes that were handed in", codes(1), codes);
        Lab.same("classes that were handed in", classes(), classes);
        for (Generator again : List.of(generator, generator())) {
            Lab.same("a sample again", sampled, sample(again, 1, w));
            Lab.same("a loss again", loss, again.loss(codes, classes, Key.of(1), w));
        }
    }

    @Test
    void g4_weightsAreDeclaredOnce() {
        Generator generator = generator();
        assertEquals(declared(generator), declared(generator), "declared again");
        Weights w = lab.started(declared(generator));
        generator.loss(codes(1), classes(), Key.of(1), w);
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
        memory.holds(remembered());
    }
}
