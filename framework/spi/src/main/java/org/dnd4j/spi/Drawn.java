package org.dnd4j.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weights;

/** Code maps drawn from what a generator predicts, as often as it says. */
final class Drawn {
    private Drawn() {}

    /** One draw a row, position and depth, each keyed by these. */
    static NDArray oneByOne(Generator generator, NDArray classes, long[] shape, Key key, Weights w) {
        int rows = (int) classes.size();
        int depth = (int) shape[2];
        long[] codes = new long[Math.toIntExact(rows * shape[0] * shape[1] * depth)];
        int each = codes.length / rows;
        try (Scope whole = w.torch().scope()) {
            NDList state = generator.prepare(rows, shape, w);
            long[] before = classes.toLongArray();
            for (int t = 0; t < each; t++) {
                try (Scope step = w.torch().scope()) {
                    NDArray last = step.manager().create(before); // [b]
                    float[] logits = generator.predict(last, t / depth, t % depth, shape, state, w).toFloatArray();
                    for (int row = 0; row < rows; row++) {
                        before[row] = draw(logits, row, logits.length / rows, key.at(row).at(t));
                        codes[row * each + t] = before[row];
                    }
                }
            }
        }
        return w.torch().manager().create(codes, new Shape(rows, shape[0], shape[1], depth)); // [b,h,w,D]
    }

    /** By inversion of the sums of one row's probabilities. */
    private static long draw(float[] logits, int row, int size, Key key) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            largest = Math.max(largest, logits[row * size + i]);
        }
        double[] sums = new double[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += Math.exp(logits[row * size + i] - largest);
            sums[i] = sum;
        }
        double drawn = key.seed() * 0x1p-53 * sum;
        int code = 0;
        while (code < size - 1 && !(drawn < sums[code])) {
            code++;
        }
        return code;
    }
}
