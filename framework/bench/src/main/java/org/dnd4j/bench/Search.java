package org.dnd4j.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.concurrent.TimeUnit;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.residual.Residual;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weights;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The codes of 64 vectors of 64 numbers, two a vector of 512. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Search {
    private static final int VECTORS = 64;
    private static final int WIDTH = 64;

    /** Tables and vectors. */
    @State(org.openjdk.jmh.annotations.Scope.Thread)
    public static class Tables {
        @Param({"1", "4", "16"})
        int beam;

        Quantizer quantizer;
        Weights w;
        NDArray z;

        @Setup
        public void open(Device device) {
            Residual residual = new Residual(false);
            CodeSpace space = CodeSpace.of(WIDTH, 2, 512);
            quantizer = new Quantizer(residual, space, beam);
            w = Weights.start(device.torch, residual.weights(space), Precision.FLOAT32, false, Key.of(0));
            z = device.torch.manager()
                    .arange(VECTORS * WIDTH)
                    .toType(DataType.FLOAT32, false)
                    .square()
                    .sin()
                    .reshape(new Shape(VECTORS, WIDTH));
        }
    }

    @Benchmark
    public long[] quantize(Device device, Tables tables) {
        try (Scope step = device.torch.scope()) {
            NDArray z = tables.z.duplicate(); // [n,c]
            z.attach(step.manager());
            return tables.quantizer.quantize(z, tables.w).codes().toLongArray();
        }
    }
}
