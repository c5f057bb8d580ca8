package org.dnd4j.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Watch;
import org.dnd4j.core.model.Condition;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.llama.Llama;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Tap;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LikelihoodTest {
    private static final int PICTURES = 10;

    /** Pictures of one code map each, with a class by {@code labels} from the first on. */
    private record Known(List<Integer> labels, int first, int size) implements CodeBatches.Source {
        @Override
        public int variants() {
            return 1;
        }

        @Override
        public int label(int i) {
            return labels.get(first + i);
        }

        @Override
        public void codes(int i, int variant, long[] into, int at) {
            for (int k = 0; k < 4; k++) {
                into[at + k] = (first + i + k) % 3;
            }
        }
    }

    private static final List<Integer> RIGHT = List.of(0, 1, 2, 0, 1, 2, 0, 1, 2, 0);
    /** One on and two on in turn. */
    private static final List<Integer> WRONG = List.of(1, 0, 0, 2, 2, 1, 1, 0, 0, 2);

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    private static DndTransformer model(int classes) {
        Llama llama = new Llama(null, 16, 2, 2, 8, 0., 0., 0., Llama.Condition.PLAIN);
        return new DndTransformer(llama, List.of(new Tap(0, 0, true), new Tap(1, 1, false)), new CodeSpace(4, List.of(5, 3)),
                1, 2, new Condition.Classes(classes, true), DndTransformer.Embeddings.PER_DEPTH, false, 0);
    }

    private Likelihood likelihood(DndTransformer model, Known pictures, int batch, Progress progress) {
        List<Weight> declared = model.weights().stream()
                .map(w -> w.name().contains("norm") ? w : w.normal(0.5))
                .toList();
        Weights w = Weights.start(torch, declared, Precision.FLOAT32, false, Key.of(3));
        return Likelihood.of(model, w, new CodeBatches(pictures, 4, Key.of(0)), batch, progress);
    }

    @Test
    void theClassGapIsTheLossUnderOtherClassesLessThatUnderTheRightOnes() {
        DndTransformer model = model(3);
        Likelihood right = likelihood(model, new Known(RIGHT, 0, PICTURES), 4, Progress.NONE);
        Likelihood wrong = likelihood(model, new Known(WRONG, 0, PICTURES), PICTURES, Progress.NONE);
        assertTrue(Math.abs(right.classGap()) > 1e-3, "gap " + right.classGap());
        assertEquals(wrong.loss().get(0) - right.loss().get(0), right.classGap(), 1e-6);
    }

    @Test
    void numbersAreMeansOverPicturesWhateverTheBatch() {
        DndTransformer model = model(3);
        double[] sums = new double[3];
        for (int i = 0; i < PICTURES; i++) {
            Likelihood one = likelihood(model, new Known(RIGHT, i, 1), 1, Progress.NONE);
            sums[0] += one.loss().get(0) / PICTURES;
            sums[1] += one.loss().get(1) / PICTURES;
            sums[2] += one.bitsPerImage() / PICTURES;
        }
        Likelihood all = likelihood(model, new Known(RIGHT, 0, PICTURES), 4, Progress.NONE);
        assertArrayEquals(sums, new double[] {all.loss().get(0), all.loss().get(1), all.bitsPerImage()}, 1e-5);
        assertEquals((sums[0] + sums[1]) * 2 / Math.log(2), all.bitsPerImage(), 1e-5);
    }

    @Test
    void withOneClassThereIsNoGap() {
        Known pictures = new Known(List.of(0, 0, 0), 0, 3);
        assertTrue(Double.isNaN(likelihood(model(1), pictures, 2, Progress.NONE).classGap()));
    }

    @Test
    void stopsWhenToldTo() {
        Watch progress = new Watch(w -> w.done >= 4);
        assertThrows(Stopped.class, () -> likelihood(model(3), new Known(RIGHT, 0, PICTURES), 2, progress));
        assertArrayEquals(new long[] {PICTURES, 4}, new long[] {progress.total, progress.done});
    }
}
