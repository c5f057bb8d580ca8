package org.dnd4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Native memory is flat over long training: what a step makes goes with the step. */
class MemoryTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Program NETWORK = Program.text("network.py", """
            def f(self, x: Tensor, w: Weights) -> Tensor:
              return self.linear(torch.silu(self.linear(x, w, 0)), w, 1)
            def move(self, ws: List[Tensor], gs: List[Tensor], rate: float) -> Tensor:
              for i in range(len(ws)):
                torch.sub_(ws[i].detach(), torch.mul(gs[i], rate))
              return torch.zeros([1])
            """);

    /** One step: record, loss through program and NDArray mathematics, gradients, update. 4 MB of activations. */
    private static void step(Torch torch, Weights weights, Key key) {
        try (Scope step = torch.scope()) {
            NDArray x = step.manager().ones(new Shape(1024, 64)); // [b,c]
            NDList trainable = new NDList(List.copyOf(weights.trainable().values()));
            NDList gradients;
            try (Torch.Tape tape = torch.record()) {
                NDArray y = weights.run(NETWORK, "f", x, weights.group("a", "b")); // [b,c]
                gradients = torch.gradients(y.sub(weights.get("c")).square().mean(), trainable);
            }
            weights.run(NETWORK, "move", trainable, gradients, 0.01);
        }
    }

    @Test
    void trainingNeedsNoMoreMemoryTheLongerItRuns() throws IOException {
        assumeTrue(Files.isReadable(STATUS), "no /proc/self/status here");
        try (Torch torch = Torch.open("cpu")) {
            Weights weights = Weights.start(
                    torch,
                    List.of(Weight.matrix("a", 512, 64), Weight.matrix("b", 64, 512), Weight.of("c", 64)),
                    Precision.FLOAT32,
                    true,
                    Key.of(1));
            for (int i = 0; i < 150; i++) {
                step(torch, weights, Key.of(i));
            }
            int arrays = torch.manager().getManagedArrays().size();
            long before = resident();
            for (int i = 0; i < 300; i++) {
                step(torch, weights, Key.of(i));
            }
            assertEquals(arrays, torch.manager().getManagedArrays().size());
            long grown = resident() - before;
            // 300 steps make more than 1 GB; Java's own heap and the allocator's arenas may still move a little
            assertTrue(grown < 48_000, "grew by " + grown + " kB");
        }
    }

    private static long resident() throws IOException {
        System.gc();
        return Files.readAllLines(STATUS).stream()
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void keepingAWeightDoesNotTieItToAScope() {
        try (Torch torch = Torch.open("cpu")) {
            Weights weights = Weights.start(torch, List.of(Weight.of("w", 3)), Precision.FLOAT32, true, Key.of(1));
            try (Scope outer = torch.scope()) {
                weights.get("w");
                try (Scope inner = torch.scope()) {
                    inner.keep(weights.get("w"));
                }
            }
            assertEquals(3, weights.values("w").length);
        }
    }

    @Test
    void closedWeightsSaySo() {
        try (Torch torch = Torch.open("cpu")) {
            Weights weights = Weights.start(
                    torch,
                    List.of(Weight.matrix("a", 2, 2), Weight.matrix("b", 2, 2)),
                    Precision.FLOAT32,
                    true,
                    Key.of(1));
            Weights.Group group = weights.group("a", "b");
            NDArray x = torch.manager().ones(new Shape(1, 2));
            weights.run(NETWORK, "f", x, group);
            weights.close();
            assertEquals(
                    "network.py: f: parameter w is a group of weights that were already closed",
                    assertThrows(IllegalArgumentException.class, () -> weights.run(NETWORK, "f", x, group))
                            .getMessage());
            assertThrows(IllegalArgumentException.class, () -> weights.get("a"));
            weights.close();
            assertEquals(2, torch.manager().getManagedArrays().size());
        }
    }
}
