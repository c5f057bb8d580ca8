package org.dnd4j.bench;

import java.util.List;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** An open CPU, for one thread, as a run has it. */
@State(Scope.Thread)
public class Device {
    Torch torch;
    Weights none;

    @Setup
    public void open() {
        torch = Torch.open("cpu");
        none = Weights.start(torch, List.of(), Precision.FLOAT32, false, Key.of(0));
    }

    @TearDown
    public void close() {
        torch.close();
    }
}
