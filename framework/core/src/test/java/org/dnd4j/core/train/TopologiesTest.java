package org.dnd4j.core.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.model.Condition;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.gpt.Gpt;
import org.dnd4j.heads.Custom;
import org.dnd4j.heads.Dnd;
import org.dnd4j.heads.One;
import org.dnd4j.heads.Parallel;
import org.dnd4j.heads.Vertical;
import org.dnd4j.llama.Llama;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any backbone learns under any topology, and what each depth can learn is what its head is told of those before it. */
class TopologiesTest {
    private static final int CLASSES = 3;
    private static final int CODES = 2 * CLASSES;
    private static final int POSITIONS = 4;
    private static final int LAYERS = 3;
    private static final int STEPS = 80;
    private static final double GUESSED = Math.log(CODES);
    private static final double TOSSED = Math.log(2);

    @TempDir
    Path folder;

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    /** The class and a coin that is tossed at every position make the first code; the next ones are one more each. */
    private record Tosses(int depth) implements CodeBatches.Source {
        @Override
        public int size() {
            return 2048;
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
            SplittableRandom coin = new SplittableRandom(i);
            for (int p = 0; p < POSITIONS; p++) {
                int code = 2 * label(i) + coin.nextInt(2);
                for (int k = 0; k < depth; k++) {
                    into[at + p * depth + k] = (code + k) % CODES;
                }
            }
        }
    }

    static Stream<Arguments> pairs() {
        Backbone gpt = new Gpt(null, 32, LAYERS, 2, 0., 0.);
        Backbone llama = new Llama(null, 32, LAYERS, 2, 8, 0., 0., 0., null);
        return Stream.of(gpt, llama)
                .flatMap(b -> Stream.of(
                        Arguments.of(b, new One(null), List.of(TOSSED)),
                        Arguments.of(b, new Parallel(null), List.of(TOSSED, TOSSED, TOSSED)),
                        Arguments.of(b, new Vertical(null), List.of(TOSSED, TOSSED, TOSSED)),
                        Arguments.of(b, new Dnd(null), List.of(TOSSED, 0., 0.)),
                        // the last two heads stand after one layer, and only there is something fed back
                        Arguments.of(
                                b,
                                new Custom(List.of(0, 2, 2), List.of(false, true, false)),
                                List.of(TOSSED, TOSSED, 0.))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theLossFallsToWhatCanBeKnown(Backbone backbone, HeadTopology heads, List<Double> known) {
        int depth = known.size();
        DndTransformer model = new DndTransformer(
                backbone, heads.taps(LAYERS, depth), CodeSpace.of(4, depth, CODES), 2, 2,
                new Condition.Classes(CLASSES, false), DndTransformer.Embeddings.SHARED, false, 0);
        // codes that are seen from the first step on, so that few steps will do
        List<Weight> declared = model.weights().stream()
                .map(v -> v.name().startsWith("tok_embeddings") ? v.normal(0.5) : v)
                .toList();
        Weights w = Weights.start(torch, declared, Precision.FLOAT32, true, Key.of(1));
        CodeBatches batches = new CodeBatches(new Tosses(depth), POSITIONS * depth, Key.of(2));
        Training training =
                new Training(STEPS, 32, 1, 1e-2, 0.1, null, "cosine", null, null, null, 0., null, 0., null);
        Path journal = folder.resolve("journal.jsonl");
        new Trainer(w, new TransformerObjective(model, w, batches, null, 32, 1, 0, Key.of(3)), training,
                        folder.resolve("checkpoint.safetensors"), journal, Map.of())
                .run("train", Progress.NONE);
        List<Map<String, Object>> steps = Journal.read(journal);
        for (int k = 0; k < depth; k++) {
            assertEquals(GUESSED, (Double) steps.get(0).get("loss." + k), 1e-5);
            double last = 0;
            for (Map<String, Object> step : steps.subList(steps.size() - 10, steps.size())) {
                last += (Double) step.get("loss." + k) / 10;
            }
            assertEquals(known.get(k), last, 0.1, "depth " + k);
        }
        drawn(model, w, known);
    }

    /** What is drawn keeps to the class, and to the code before where that is known: by guessing, half of it would. */
    private void drawn(DndTransformer model, Weights w, List<Double> known) {
        int n = 30;
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % CLASSES;
        }
        Sampling sampling = new Sampling(null, null, null, null, null, null, null);
        try (Scope scope = torch.scope()) {
            NDArray codes = new Generation(model, sampling, w).codes(labels, Generation.keys(0, 0, n), p -> {});
            int depth = known.size();
            long[] drawn = codes.toLongArray(); // [n,h,w,D]
            for (int k = 0; k < depth; k++) {
                int ones = 0;
                int right = 0;
                for (int i = 0; i < n * POSITIONS; i++) {
                    long toss = Math.floorMod(drawn[i * depth + k] - k - 2L * labels[i / POSITIONS], CODES);
                    ones += toss == 1 ? 1 : 0;
                    boolean told = known.get(k) == 0;
                    right += toss < 2 && (!told || drawn[i * depth + k] == (drawn[i * depth + k - 1] + 1) % CODES) ? 1 : 0;
                }
                assertTrue(right > 0.8 * n * POSITIONS, "depth " + k + ": " + right);
                assertTrue(Math.abs(ones - 0.5 * n * POSITIONS) < 0.2 * n * POSITIONS, "depth " + k + ": " + ones);
            }
        }
    }
}
