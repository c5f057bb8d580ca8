package org.dnd4j.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.model.Competitor;
import org.dnd4j.core.model.Condition;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.dnd4j.unrolled.Unrolled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generator learns by the same steps as the DnD-Transformer, here one code map for each of three classes. */
class UnrolledTrainingTest {
    private static final int CLASSES = 3;
    private static final CodeSpace SPACE = new CodeSpace(4, List.of(6, 4));
    private static final int EACH = 2 * 2 * 2;

    @TempDir
    Path folder;

    /** The code map of a class. */
    private static long[] map(int label) {
        Random random = new Random(label);
        return IntStream.range(0, EACH).mapToLong(i -> random.nextInt(SPACE.size(i % 2))).toArray();
    }

    private static final CodeBatches.Source PICTURES = new CodeBatches.Source() {
        @Override
        public int size() {
            return 4 * CLASSES;
        }

        @Override
        public int variants() {
            return 1;
        }

        @Override
        public int label(int i) {
            return i % CLASSES;
        }

        @Override
        public void codes(int i, int variant, long[] into, int at) {
            System.arraycopy(map(label(i)), 0, into, at, EACH);
        }
    };

    @Test
    void aCodeMapAClassIsLearntByHeart() {
        Competitor model =
                new Competitor(new Unrolled(32, 2, 2, 8, 0., 0.), SPACE, 2, 2, new Condition.Classes(CLASSES, true));
        Training training =
                new Training(150, 12, null, 5e-3, null, null, null, null, null, null, 0.0, null, 0.0, null);
        try (Torch torch = Torch.open("cpu")) {
            Weights w = Weights.start(torch, model.weights(), Precision.FLOAT32, true, Key.of(1));
            CodeBatches batches = new CodeBatches(PICTURES, EACH, Key.of(2));
            TransformerObjective objective = new TransformerObjective(model, w, batches, batches, 12, 1, 0.1, Key.of(3));
            Path journal = folder.resolve("journal.jsonl");
            new Trainer(w, objective, training, folder.resolve("learnt.safetensors"), journal, Map.of())
                    .run("transformer", Progress.NONE);
            List<Map<String, Object>> lines = Journal.read(journal);
            assertEquals(Math.log(6), (Double) lines.get(0).get("loss.0"), 1e-5);
            assertEquals(Math.log(4), (Double) lines.get(0).get("loss.1"), 1e-5);
            assertTrue(lines.get(0).containsKey("classGap") && lines.get(0).containsKey("accuracy.1"), lines.get(0).toString());
            Likelihood likelihood = Likelihood.of(model, w, batches, 5, Progress.NONE);
            assertEquals(List.of(1.0, 1.0), likelihood.accuracy().stream().map(a -> (double) Math.round(a * 1e6) / 1e6).toList());
            assertTrue(likelihood.bitsPerImage() < 0.5, likelihood.toString());
            assertTrue(likelihood.classGap() > 1, likelihood.toString());
            try (Scope scope = torch.scope()) {
                int[] labels = {0, 1, 2};
                long[] drawn = new Generation(model, Sampling.greedy(1.5), w)
                        .codes(labels, Generation.keys(0, 0, 3), p -> {})
                        .toLongArray();
                for (int label : labels) {
                    assertArrayEquals(map(label), Arrays.copyOfRange(drawn, label * EACH, (label + 1) * EACH));
                }
            }
        }
    }
}
