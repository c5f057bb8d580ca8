package org.dnd4j.core.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dnd4j.core.checkpoint.Npy;
import org.dnd4j.core.code.CodebookLearning;
import org.dnd4j.core.code.Codebooks;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.code.Quantizer.Quantized;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/**
 * Vectors of 16 numbers to be said in 4 codes of 64 (REFERENCE G.2): a decomposition learns from a file's 20 000 and is
 * judged on 5 000 others.
 */
record Toy(float[] train, float[] test) {
    private static final int WIDTH = 16;
    private static final CodeSpace SPACE = CodeSpace.of(WIDTH, 4, 64);
    private static final Key KEY = Key.of(1);

    /**
     * How to learn.
     *
     * @param beam of the codes learnt from; those judged have their own
     * @param decay of the tables' moving average, a batch being all of the training vectors or 2 000 of them
     * @param rate of Adam, falling along a cosine, for weights learnt by gradient
     */
    record Learning(int steps, int batch, int beam, double decay, double rate) {}

    /** {@code gauss} or {@code manifold}; null if there is no shared folder. */
    static Toy data(String name) {
        Path above = Path.of("").toAbsolutePath();
        while (above != null && !Files.isDirectory(above.resolve("shared/data/toy"))) {
            above = above.getParent();
        }
        return above == null
                ? null
                : new Toy(
                        Npy.read(above.resolve("shared/data/toy/" + name + "-train.npy")).floats(),
                        Npy.read(above.resolve("shared/data/toy/" + name + "-test.npy")).floats());
    }

    /** Learns and judges; Σ‖x − ẑ‖² / Σ‖x‖² of every prefix of codes, first for greedy codes, then for each of the beams. */
    double[][] errors(Decomposition d, Learning learning, int... beams) {
        try (Torch torch = Torch.open("cpu")) {
            Weights w = Weights.start(torch, d.weights(SPACE), Precision.FLOAT32, true, KEY.at("weights"));
            learn(d, learning, w);
            double[][] errors = new double[beams.length + 1][];
            for (int i = 0; i < errors.length; i++) {
                errors[i] = errors(new Quantizer(d, SPACE, i == 0 ? 1 : beams[i - 1]), w);
            }
            return errors;
        }
    }

    private void learn(Decomposition d, Learning how, Weights w) {
        CodebookLearning tables = new CodebookLearning(how.decay, null, null, null, null, null, null, null);
        Training training = new Training(
                how.steps, how.batch, 1, how.rate, 0.05, null, "cosine", null, null, List.of(0.9, 0.99), 0.0, null, 0.0, null);
        Quantizer quantizer = new Quantizer(d, SPACE, how.beam);
        try (Codebooks books = new Codebooks(quantizer, tables, w);
                Optimizer optimizer = new Optimizer(w, training, w.torch().manager())) {
            for (int step = 0; step < how.steps; step++) {
                try (Scope scope = w.torch().scope()) {
                    NDArray z = rows(train, step * how.batch, how.batch, scope); // [n,c]
                    if (step == 0) {
                        books.start(z, KEY);
                    }
                    books.update(List.of(step(quantizer, books, z, step, optimizer, w)), KEY.at("restart").at(step));
                    books.refit(step, z, KEY.at("refit").at(step));
                }
            }
        }
    }

    private static Quantized step(Quantizer quantizer, Codebooks books, NDArray z, int step, Optimizer optimizer, Weights w) {
        Key key = KEY.at("restart").at(step);
        if (optimizer.parameters().isEmpty()) {
            return books.quantize(z, key);
        }
        Quantized q;
        NDList gradients;
        try (Torch.Tape tape = w.torch().record()) {
            q = books.quantize(z, key);
            gradients = w.torch().gradients(quantizer.loss(z, q.decoded(), w), optimizer.parameters());
        }
        optimizer.step(gradients, step);
        return q;
    }

    private double[] errors(Quantizer quantizer, Weights w) {
        double[] errors = new double[SPACE.depth()];
        double all = 0;
        int count = test.length / WIDTH;
        for (int from = 0; from < count; from += 1000) {
            try (Scope scope = w.torch().scope()) {
                NDArray z = rows(test, from, Math.min(1000, count - from), scope); // [n,c]
                NDList decoded = quantizer.decode(quantizer.quantize(z, w).codes(), w);
                for (int k = 0; k < errors.length; k++) {
                    errors[k] += z.sub(decoded.get(k)).square().sum().toFloatArray()[0];
                }
                all += z.square().sum().toFloatArray()[0];
            }
        }
        for (int k = 0; k < errors.length; k++) {
            errors[k] /= all;
        }
        return errors;
    }

    /** So many rows from a place on, from the beginning again after the last. */
    private static NDArray rows(float[] vectors, int from, int count, Scope scope) {
        float[] rows = new float[count * WIDTH];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = vectors[(int) (((long) from * WIDTH + i) % vectors.length)];
        }
        return scope.manager().create(rows, new Shape(count, WIDTH)); // [n,c]
    }
}
