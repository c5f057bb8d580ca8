package org.dnd4j.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Watch;
import org.dnd4j.core.checkpoint.Safetensors;
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
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final List<Weight> DECLARED =
            List.of(Weight.of("w", 2, 3).normal(0.5), Weight.of("b", 2));
    private static final int STEPS = 12;

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

    /** Mean squared error of a linear map on four rows drawn by step; the parts of a step are its halves. */
    private record Regression(Weights w, int parts, double poison) implements Objective {
        @Override
        public Loss loss(long step, int part, Scope scope) {
            Random random = new Random(step);
            float[] x = new float[12];
            float[] y = new float[8];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian();
            }
            for (int i = 0; i < 4; i++) {
                y[2 * i] = x[3 * i] - x[3 * i + 1];
                y[2 * i + 1] = x[3 * i + 2] * 2 + 1 + (float) poison;
            }
            NDArray rows = scope.manager().create(x, new Shape(4, 3)); // [4,3]
            NDArray wanted = scope.manager().create(y, new Shape(4, 2)); // [4,2]
            if (parts == 2) {
                rows = rows.get(2 * part + ":" + (2 * part + 2)); // [2,3]
                wanted = wanted.get(2 * part + ":" + (2 * part + 2)); // [2,2]
            }
            NDArray error = rows.matMul(w.get("w").transpose()).add(w.get("b")).sub(wanted).square().mean(); // []
            return new Loss(error, Map.of("mse", error));
        }
    }

    private static Training training(int accumulate) {
        return new Training(STEPS, 4, accumulate, 0.05, 0.0, null, "cosine", null, null, null, null, null, 0.9, null);
    }

    private Path train(String name, int accumulate, double poison, Progress progress) {
        Path file = folder.resolve(name + ".safetensors");
        Weights w = Files.exists(file)
                ? Checkpoint.open(file).weights(torch, DECLARED, Precision.FLOAT32)
                : Weights.start(torch, DECLARED, Precision.FLOAT32, true, Key.of(1));
        Training t = training(accumulate);
        new Trainer(w, new Regression(w, accumulate, poison), t, file, folder.resolve(name + ".jsonl"), Map.of("for", "test"))
                .run("train", progress);
        w.close();
        return file;
    }

    @Test
    void aStoppedTrainingGoesOnToTheSameBits() throws IOException {
        Path whole = train("whole", 1, 0, Progress.NONE);
        assertThrows(Stopped.class, () -> train("cut", 1, 0, new Watch(w -> w.done == 5)));
        Path cut = folder.resolve("cut.safetensors");
        assertEquals(5, Checkpoint.open(cut).step());
        // as a crash after the checkpoint leaves it: lines of steps that nobody remembers
        Files.writeString(folder.resolve("cut.jsonl"), "{\"step\":5,\"seconds\":9}\n{\"st", java.nio.file.StandardOpenOption.APPEND);
        train("cut", 1, 0, Progress.NONE);
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(cut));
        assertEquals(STEPS, Journal.read(folder.resolve("cut.jsonl")).size());
    }

    @Test
    void theLossFalls() {
        train("falls", 1, 0, Progress.NONE);
        List<Map<String, Object>> lines = Journal.read(folder.resolve("falls.jsonl"));
        assertTrue((Double) lines.get(STEPS - 1).get("loss") < (Double) lines.get(0).get("loss"));
        assertEquals(lines.get(3).get("loss"), lines.get(3).get("mse"));
    }

    @Test
    void partsOfAStepAddUpToTheWholeStep() {
        float[] whole = Checkpoint.open(train("one", 1, 0, Progress.NONE)).file().floats("w");
        float[] parts = Checkpoint.open(train("two", 2, 0, Progress.NONE)).file().floats("w");
        assertArrayEquals(whole, parts, 1e-5f);
    }

    @Test
    void aLossThatIsNoNumberEndsTheTraining() {
        String message = assertThrows(UserError.class, () -> train("nan", 1, Double.NaN, Progress.NONE)).getMessage();
        assertTrue(message.contains("the loss of step 0 is NaN"), message);
        assertTrue(Files.notExists(folder.resolve("nan.safetensors")));
    }

    @Test
    void aGradientThatIsNoNumberMovesNothing() {
        Weights w = Weights.start(torch, DECLARED, Precision.FLOAT32, true, Key.of(1));
        float[] before = w.values("w");
        Objective root = (step, part, scope) -> {
            NDArray zero = w.get("w").sub(w.get("w")).sum().add(w.get("b").sub(w.get("b")).sum()).sqrt(); // [], slope ∞·0
            return new Objective.Loss(zero, Map.of());
        };
        Path file = folder.resolve("root.safetensors");
        Trainer trainer = new Trainer(w, root, training(1), file, folder.resolve("root.jsonl"), Map.of());
        String message = assertThrows(UserError.class, () -> trainer.run("train", Progress.NONE)).getMessage();
        assertTrue(message.contains("the gradient's norm of step 0 is NaN"), message);
        assertArrayEquals(before, w.values("w"));
        assertTrue(Files.notExists(file));
        w.close();
    }

    @Test
    void averagedWeightsAreTheOnesToUse() {
        Checkpoint checkpoint = Checkpoint.open(train("ema", 1, 0, Progress.NONE));
        Weights w = checkpoint.trained(torch, DECLARED, Precision.FLOAT32);
        assertArrayEquals(checkpoint.file().floats("ema.w"), w.values("w"));
        w.close();
    }

    @Test
    void anyFlippedBitAndAnyCutAreNoticed() throws IOException {
        Path file = train("flip", 1, 0, Progress.NONE);
        byte[] bytes = Files.readAllBytes(file);
        Random random = new Random(0);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            assertThrows(UserError.class, () -> {
                Safetensors open = Safetensors.open(file);
                open.names().forEach(open::floats); // an array is checked when it is read
            });
            Files.write(file, java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            assertThrows(UserError.class, () -> Safetensors.open(file));
        }
    }

    @Test
    void aCheckpointOfAnotherShapeIsRefused() {
        Checkpoint checkpoint = Checkpoint.open(train("shape", 1, 0, Progress.NONE));
        String message = assertThrows(
                        UserError.class,
                        () -> checkpoint.weights(torch, List.of(Weight.of("w", 3, 2)), Precision.FLOAT32))
                .getMessage();
        assertEquals("weight 'w' of the checkpoint is [2, 3], the experiment wants [3, 2]", message);
    }
}
