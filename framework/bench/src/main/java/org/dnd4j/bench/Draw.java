package org.dnd4j.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampler;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.torch.Scope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One code drawn from 16384, with guidance. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Draw {
    private static final int CODES = 16384;

    /** Logits of a picture, with its class and without. */
    @State(org.openjdk.jmh.annotations.Scope.Thread)
    public static class Logits {
        @Param({"0", "100"})
        int topK;

        Sampler sampler;
        NDArray logits;

        @Setup
        public void open(Device device) {
            Sampling sampling = new Sampling(2.0, null, null, List.of(topK), null, null, null);
            sampler = Sampler.of(sampling, Generation.keys(0, 0, 1), 16, 1, device.none);
            logits = device.torch.manager().arange(2 * CODES).sin().reshape(new Shape(2, 1, CODES));
        }
    }

    @Benchmark
    public Object draw(Device device, Logits logits) {
        try (Scope step = device.torch.scope()) {
            return logits.sampler.choose(logits.logits, 0, 5);
        }
    }
}
