package org.dnd4j.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Watch;
import org.dnd4j.core.code.CodebookLearning;
import org.dnd4j.core.code.Codebooks;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.residual.Residual;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TokenizerObjectiveTest {
    private static final CodeSpace SPACE = CodeSpace.of(6, 2, 16);

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

    /** A linear map of 4×4 patches and one back. */
    record Linear() implements Autoencoder {
        @Override
        public int factor() {
            return 4;
        }

        @Override
        public int width() {
            return 6;
        }

        @Override
        public List<Weight> weights() {
            return List.of(
                    Weight.of("encoder.weight", 48, 6).normal(0.15), Weight.of("decoder.weight", 6, 48).normal(0.15));
        }

        @Override
        public NDArray encode(NDArray images, Weights w) {
            Shape s = images.getShape();
            long h = s.get(2) / 4;
            return images.reshape(s.get(0), 3, h, 4, h, 4)
                    .transpose(0, 2, 4, 1, 3, 5)
                    .reshape(-1, 48)
                    .matMul(w.get("encoder.weight"))
                    .reshape(s.get(0), h, h, 6); // [b,h,w,6]
        }

        @Override
        public NDArray decode(NDArray latents, Weights w) {
            Shape s = latents.getShape();
            return latents.reshape(-1, 6)
                    .matMul(w.get("decoder.weight"))
                    .reshape(s.get(0), s.get(1), s.get(2), 3, 4, 4)
                    .transpose(0, 3, 1, 4, 2, 5)
                    .reshape(s.get(0), 3, s.get(1) * 4, s.get(2) * 4); // [b,3,s,s]
        }
    }

    /** Residual rows, turned by a matrix learnt by gradient. */
    record Turned() implements Decomposition {
        @Override
        public List<Weight> weights(CodeSpace space) {
            return List.of(
                    new Residual(true).weights(space).get(0), Weight.of("turn", space.width(), space.width()).normal(0.1));
        }

        @Override
        public String table(int k) {
            return "codebooks.0.weight";
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
            return state.add(codeword); // [n,c]
        }

        @Override
        public NDArray decode(NDArray state, int k, Weights w) {
            return state.add(state.matMul(w.get("turn"))); // [n,c]
        }
    }

    /** Two-coloured 8×8 pictures, the same for the same step and part. */
    private static NDArray pictures(long step, int part, int count, Scope scope) {
        Random random = new Random(10 * step + part);
        byte[] bytes = new byte[count * 3 * 64];
        for (int i = 0; i < count; i++) {
            int edge = 1 + random.nextInt(7);
            for (int c = 0; c < 3; c++) {
                byte left = (byte) (random.nextInt(4) * 80);
                byte right = (byte) (random.nextInt(4) * 80);
                for (int p = 0; p < 64; p++) {
                    bytes[(i * 3 + c) * 64 + p] = p % 8 < edge ? left : right;
                }
            }
        }
        return scope.manager().create(ByteBuffer.wrap(bytes), new Shape(count, 3, 8, 8), DataType.UINT8);
    }

    private static Training training(int steps, int accumulate) {
        return new Training(steps, 16, accumulate, 0.01, 0.1, null, "cosine", null, null, null, 0.0, 1.0, 0.0, null);
    }

    private Path train(String name, Decomposition d, Training training, CodebookLearning learning, Progress progress) {
        Path file = folder.resolve(name + ".safetensors");
        Tokenizer tokenizer = new Tokenizer(new Linear(), new Quantizer(d, SPACE, 1));
        Weights w = Files.exists(file)
                ? Checkpoint.open(file).weights(torch, tokenizer.weights(), Precision.FLOAT32)
                : Weights.start(torch, tokenizer.weights(), Precision.FLOAT32, true, Key.of(1));
        int count = training.batch() / training.accumulate();
        try (TokenizerObjective objective = new TokenizerObjective(
                tokenizer, w, (s, p, scope) -> pictures(s, p, count, scope), 0.25, learning, Set.of(), Key.of(2))) {
            new Trainer(w, objective, training, file, journal(name), Map.of()).run("tokenizer", progress);
        }
        w.close();
        return file;
    }

    private Path journal(String name) {
        return folder.resolve(name + ".jsonl");
    }

    private static double number(List<Map<String, Object>> lines, int at, String name) {
        return ((Number) lines.get(at < 0 ? lines.size() + at : at).get(name)).doubleValue();
    }

    @Test
    void theErrorFallsAndTablesStayInUse() {
        train("residual", new Residual(false), training(200, 1), CodebookLearning.defaults(), Progress.NONE);
        List<Map<String, Object>> lines = Journal.read(journal("residual"));
        assertTrue(number(lines, -1, "l2") < 0.35 * number(lines, 0, "l2"), lines.get(199).toString());
        assertTrue(number(lines, -1, "perplexity.0") > 6, lines.get(199).toString());
        assertTrue(number(lines, -1, "perplexity.1") > 6, lines.get(199).toString());
        double sum = number(lines, 5, "l2") + 0.25 * number(lines, 5, "commitment");
        assertEquals(sum, number(lines, 5, "loss"), 1e-5);
        assertTrue(lines.get(0).containsKey("restarted.codebooks.1"));
    }

    @Test
    void whatADecompositionLearnsByGradientMoves() {
        train("turned", new Turned(), training(100, 2), CodebookLearning.defaults(), Progress.NONE);
        List<Map<String, Object>> lines = Journal.read(journal("turned"));
        assertTrue(number(lines, -1, "l2") < number(lines, 0, "l2"));
        assertTrue(number(lines, 0, "decomposition") > 0);
        Weights w = Weights.start(torch, List.of(new Turned().weights(SPACE).get(1).under("quantizer")), Precision.FLOAT32, true, Key.of(1));
        float[] start = w.values("quantizer.turn");
        w.close();
        float[] end = Checkpoint.open(folder.resolve("turned.safetensors")).file().floats("quantizer.turn");
        assertTrue(Math.abs(start[0] - end[0]) > 1e-4);
    }

    /** The longest of Adam's first steps is the rate itself: so much further does the decomposition go, and it alone. */
    @Test
    void theDecompositionLearnsAtARateOfItsOwn() {
        Tokenizer tokenizer = new Tokenizer(new Linear(), new Quantizer(new Turned(), SPACE, 1));
        Weights start = Weights.start(torch, tokenizer.weights(), Precision.FLOAT32, true, Key.of(1));
        for (double factor : new double[] {1, 0.25, 30}) {
            Training training = new Training(
                    1, 16, 1, 1e-3, null, null, null, null, null, List.of(0.9, 0.99), 0.0, 0.0, 0.0, null, factor, null);
            Path file = train("factor" + factor, new Turned(), training, CodebookLearning.defaults(), Progress.NONE);
            for (String name : List.of("encoder.weight", "decoder.weight", "quantizer.turn")) {
                float[] before = start.values(name);
                float[] after = Checkpoint.open(file).file().floats(name);
                double step = 1e-3 * (name.startsWith("quantizer") ? factor : 1);
                double furthest = 0;
                for (int i = 0; i < before.length; i++) {
                    furthest = Math.max(furthest, Math.abs(after[i] - before[i]));
                }
                assertEquals(step, furthest, 0.01 * step, name + " by " + factor);
            }
        }
        start.close();
    }

    /** Says to what it was fitted: the number of latents, and a sum that tells them apart. */
    private record Fitted(List<float[]> seen) implements Decomposition {
        @Override
        public List<Weight> weights(CodeSpace space) {
            return new Residual(false).weights(space).stream().map(w -> w.learning(Weight.Learns.FITTED)).toList();
        }

        @Override
        public void fit(NDArray latents, CodeSpace space, Key key, Weights w) {
            seen.add(latents.toFloatArray());
        }
    }

    @Test
    void theFirstFitSeesSixtyFourLatentsACodeAndTablesTwo() {
        Fitted fitted = new Fitted(new ArrayList<>());
        train("fitted", fitted, training(2, 2), CodebookLearning.defaults(), Progress.NONE);
        assertEquals(1, fitted.seen.size());
        float[] seen = fitted.seen.get(0);
        assertEquals(64 * 16 * 6, seen.length, "1024 latents of 6 numbers, of 32 parts of 8 pictures of 4 latents");
        Set<Float> first = new HashSet<>();
        for (int i = 0; i < seen.length; i += 8 * 4 * 6) {
            first.add(seen[i]);
        }
        assertTrue(first.size() > 16, first.size() + " different pictures begin the 32 parts");
        Weights w = Weights.start(torch, new Residual(false).weights(SPACE), Precision.FLOAT32, true, Key.of(1));
        for (String start : List.of("latents", "kept")) {
            CodebookLearning learning = new CodebookLearning(null, null, start, null, null, null, null, null);
            try (Codebooks books = new Codebooks(new Quantizer(new Residual(false), SPACE, 1), learning, w)) {
                assertEquals(start.equals("latents") ? 32 : 0, books.wanted(Set.of()));
                assertEquals(32, books.wanted(Set.of("codebooks.1.weight")));
            }
        }
        w.close();
    }

    @Test
    void theOrderOfTheReferenceLearnsToo() {
        CodebookLearning learning = new CodebookLearning(null, null, null, null, null, null, "each-depth", null);
        train("each", new Residual(true), training(60, 1), learning, Progress.NONE);
        List<Map<String, Object>> lines = Journal.read(journal("each"));
        assertTrue(number(lines, -1, "l2") < 0.7 * number(lines, 0, "l2"), lines.get(59).toString());
    }

    @Test
    void aStoppedTrainingGoesOnToTheSameBits() throws IOException {
        for (Decomposition d : List.of(new Residual(true), new Turned())) {
            String name = d.getClass().getSimpleName();
            Training training = training(14, 2);
            Path whole = train(name, d, training, CodebookLearning.defaults(), Progress.NONE);
            String cutName = name + "-cut";
            Watch stop = new Watch(w -> w.done == 6);
            assertThrows(Stopped.class, () -> train(cutName, d, training, CodebookLearning.defaults(), stop));
            Path cut = train(cutName, d, training, CodebookLearning.defaults(), Progress.NONE);
            assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(cut));
            List<Map<String, Object>> one = Journal.read(journal(name));
            List<Map<String, Object>> two = Journal.read(journal(cutName));
            for (int i = 0; i < one.size(); i++) {
                one.get(i).remove("seconds");
                two.get(i).remove("seconds");
                assertEquals(one.get(i), two.get(i));
            }
        }
    }

    @Test
    void gradientsReadNothingThatJavaTookBack() throws InterruptedException {
        Tokenizer tokenizer = new Tokenizer(new Linear(), new Quantizer(new Turned(), SPACE, 1));
        Weights w = Weights.start(torch, tokenizer.weights(), Precision.FLOAT32, true, Key.of(1));
        CodebookLearning learning = CodebookLearning.defaults();
        try (TokenizerObjective objective = new TokenizerObjective(
                tokenizer, w, (s, p, scope) -> pictures(s, p, 4, scope), 0.25, learning, Set.of(), Key.of(2))) {
            assertArrayEquals(encoderGradient(objective, w, false), encoderGradient(objective, w, true));
        }
        w.close();
    }

    private float[] encoderGradient(TokenizerObjective objective, Weights w, boolean collected) throws InterruptedException {
        try (Scope outer = torch.scope();
                Scope scope = torch.scope();
                Torch.Tape tape = torch.record()) {
            NDArray loss = objective.loss(1, 0, scope).total();
            if (collected) {
                System.gc();
                Thread.sleep(100); // buffers are freed by a thread of their own
            }
            return torch.gradients(loss, List.of(w.get("encoder.weight"))).head().toFloatArray();
        }
    }

    @Test
    void theGradientPassesStraightThrough() {
        try (Scope scope = torch.scope();
                Torch.Tape tape = torch.record()) {
            NDArray z = scope.manager().create(new float[] {1, 2, 3, 4}, new Shape(2, 2)).duplicate();
            z.setRequiresGradient(true);
            NDArray decoded = scope.manager().create(new float[] {1.5f, 2, 2.5f, 5}, new Shape(2, 2));
            NDArray weights = scope.manager().create(new float[] {7, -2, 0.5f, 3}, new Shape(2, 2));
            NDArray through = TokenizerObjective.straightThrough(z, decoded);
            assertArrayEquals(decoded.toFloatArray(), through.toFloatArray());
            NDArray gradient = torch.gradients(through.mul(weights).sum(), List.of(z)).head();
            assertArrayEquals(weights.toFloatArray(), gradient.toFloatArray());
        }
    }

    @Test
    void everyPrefixCommitsAndOnlyTheLatentIsMoved() {
        try (Scope scope = torch.scope();
                Torch.Tape tape = torch.record()) {
            NDArray z = scope.manager().create(new float[] {1, 2}, new Shape(1, 2)).duplicate();
            NDArray first = scope.manager().create(new float[] {0, 0}, new Shape(1, 2)).duplicate();
            NDArray second = scope.manager().create(new float[] {1, 1}, new Shape(1, 2));
            z.setRequiresGradient(true);
            first.setRequiresGradient(true);
            NDArray loss = TokenizerObjective.commitment(z, new NDList(first, second));
            assertEquals((2.5 + 0.5) / 2, loss.getFloat(), 1e-6);
            NDArray gradient = torch.gradients(loss, List.of(z)).head();
            assertArrayEquals(new float[] {0.5f, 1.5f}, gradient.toFloatArray(), 1e-6f);
            NDArray again = TokenizerObjective.commitment(z, new NDList(first, second));
            assertThrows(RuntimeException.class, () -> torch.gradients(again, List.of(first)));
        }
    }

    /** Resident memory after 450 steps is what it was after 150, but for noise. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void nativeMemoryStaysFlat() {
        long[] resident = new long[2];
        Progress watch = new Progress() {
            @Override
            public void stage(String name, long total, String unit) {}

            @Override
            public void at(long done, String note) {
                if (done == 150 || done == 450) {
                    System.gc();
                    resident[done == 150 ? 0 : 1] = resident();
                }
            }

            @Override
            public boolean stopped() {
                return false;
            }
        };
        train("memory", new Residual(false), training(450, 1), CodebookLearning.defaults(), watch);
        assertTrue(resident[1] - resident[0] < 24_000, "resident kB " + resident[0] + " → " + resident[1]);
    }

    private static long resident() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
