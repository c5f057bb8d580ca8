package org.dnd4j.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a call into a program costs, and a small product in each precision. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Calls {
    private static final Program NOTHING =
            Program.text("nothing.py", "def same(self, x: Tensor, w: Weights, n: int) -> Tensor:\n  return x\n");
    private static final Program LINEAR =
            Program.text("linear.py", "def y(self, x: Tensor, w: Weights) -> Tensor:\n  return self.linear(x, w, 0)\n");
    private static final int WIDTH = 256;

    /** A matrix of 256 × 256 and two rows. */
    @State(org.openjdk.jmh.annotations.Scope.Thread)
    public static class Product {
        @Param({"FLOAT32", "BFLOAT16", "INT8", "INT4"})
        Precision precision;

        Weights w;
        NDArray x;

        @Setup
        public void open(Device device) {
            w = Weights.start(device.torch, List.of(Weight.matrix("m", WIDTH, WIDTH)), precision, false, Key.of(0));
            x = device.torch.manager().ones(new Shape(2, WIDTH));
        }
    }

    @Benchmark
    public Object nothing(Device device, Product product) {
        try (Scope step = device.torch.scope()) {
            return product.w.run(NOTHING, "same", product.x, product.w.group("m"), 1);
        }
    }

    @Benchmark
    public Object linear(Device device, Product product) {
        try (Scope step = device.torch.scope()) {
            return product.w.run(LINEAR, "y", product.x, product.w.group("m"));
        }
    }
}
