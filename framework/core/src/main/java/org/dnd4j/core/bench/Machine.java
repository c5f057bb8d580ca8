package org.dnd4j.core.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * What the device can do, with all threads: the best of ten tries, since whatever else runs only takes away from it.
 *
 * @param bandwidth bytes read from memory per nanosecond, which is GB/s
 * @param matrix floating-point operations per nanosecond, which is GFLOP/s, of products of large matrices
 */
record Machine(double bandwidth, Map<Precision, Double> matrix) {
    private static final Program PROGRAM = Program.of(Machine.class, "machine.py");
    private static final int TRIES = 10;
    private static final long FLOATS = 250_000_000; // a GB
    private static final int SIDE = 2048;

    /** Measures, reading 1 GB and multiplying 2048×2048 matrices. */
    static Machine measure(Torch torch) {
        return measure(torch, FLOATS, SIDE);
    }

    /**
     * Measures.
     *
     * @param floats how many are read, far more than the caches hold
     * @param size of the square matrices
     */
    static Machine measure(Torch torch, long floats, int size) {
        Map<Precision, Double> matrix = new EnumMap<>(Precision.class);
        double bandwidth;
        try (Scope scope = torch.scope()) {
            NDArray memory = scope.manager().ones(new Shape(floats));
            bandwidth = 4. * floats / best(torch, memory::sum);
        }
        for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
            Weight declared = Weight.matrix("w", size, size);
            Weights w = Weights.start(torch, List.of(declared), precision, false, Key.of(0));
            try (Scope scope = torch.scope()) {
                NDArray x = scope.manager().ones(new Shape(size, size));
                double nanos = best(torch, () -> w.run(PROGRAM, "product", x, w.group("w")));
                matrix.put(precision, 2. * size * size * size / nanos);
            }
            w.close();
        }
        return new Machine(bandwidth, matrix);
    }

    /** The share of the bandwidth that reading so many bytes in {@code ms} milliseconds takes up. */
    double reading(double bytes, double ms) {
        return bytes / (ms * 1e6 * bandwidth);
    }

    /** The share of the rate in a precision that so many operations in {@code ms} milliseconds take up. */
    double computing(double operations, double ms, Precision precision) {
        return operations / (ms * 1e6 * matrix.get(precision));
    }

    /** The fewest nanoseconds that computing one number took. */
    private static double best(Torch torch, Supplier<NDArray> work) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            try (Scope step = torch.scope()) {
                work.get().getFloat();
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }
}
