package org.dnd4j.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private static final Program ALL_KINDS = Program.text("kinds.py", """
            def sum(self, x: Tensor, many: List[Tensor], w: Weights, n: int, f: float, b: bool, sizes: List[int]) -> Tensor:
              y = torch.add(torch.mul(self.linear(x, w, 0), f), n)
              for m in many:
                y = torch.add(y, m)
              if b:
                y = torch.add(y, sizes[1])
              return y
            def halves(self, x: Tensor) -> Tuple[Tensor, Tensor]:
              return (torch.slice(x, 0, 0, 1), torch.slice(x, 0, 1, 2))
            def wrong(self, x: Tensor) -> Tensor:
              y = torch.add(x, 1)
              return torch.matmul(y, torch.zeros([7, 3]))
            """);

    private Torch torch;
    private Weights weights;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
        weights = Weights.load(
                torch, List.of(Weight.matrix("w", 2, 2)), Precision.FLOAT32, true, w -> new float[] {1, 2, 3, 4});
    }

    @AfterEach
    void close() {
        weights.close();
        torch.close();
    }

    private NDArray sum(NDArray x) {
        return weights.run(ALL_KINDS, "sum", x, new NDList(x, x), weights.group("w"), 2, 0.5, true, new long[] {5, 6});
    }

    @Test
    void everyKindOfArgumentArrives() {
        try (Scope step = torch.scope()) {
            NDArray x = step.manager().create(new float[] {1, 10}, new Shape(1, 2));
            // x·wᵀ = [21, 43]; ·0.5 + 2 + 2x + 6
            assertArrayEquals(new float[] {20.5f, 49.5f}, sum(x).toFloatArray());
        }
    }

    @Test
    void recordedCallsGiveTheSameValuesAndTheRightGradients() {
        try (Scope step = torch.scope();
                Torch.Tape tape = torch.record()) {
            NDArray x = step.manager().create(new float[] {1, 10}, new Shape(1, 2));
            NDArray y = sum(x);
            assertArrayEquals(new float[] {20.5f, 49.5f}, y.toFloatArray());
            NDList g = torch.gradients(y.square().sum(), List.copyOf(weights.trainable().values()));
            // d Σy² / dW[o,i] = 2 y_o · 0.5 · x_i
            assertArrayEquals(new float[] {20.5f, 205, 49.5f, 495}, g.head().toFloatArray());
        }
    }

    @Test
    void aTupleComesBackInOrder() {
        try (Scope step = torch.scope()) {
            NDList halves = weights.call(ALL_KINDS, "halves", step.manager().create(new float[] {3, 4}));
            assertEquals(3, halves.get(0).toFloatArray()[0]);
            assertEquals(4, halves.get(1).toFloatArray()[0]);
        }
    }

    @Test
    void aFailureNamesProgramMethodReasonAndLine() {
        try (Scope step = torch.scope()) {
            NDArray x = step.manager().zeros(new Shape(2, 2));
            String message = assertThrows(ProgramException.class, () -> weights.run(ALL_KINDS, "wrong", x))
                    .getMessage();
            assertTrue(message.startsWith("kinds.py: wrong: "), message);
            assertTrue(message.contains("(line 12: return torch.matmul(y, torch.zeros([7, 3])))"), message);
            assertTrue(message.contains("shapes cannot be multiplied"), message);
        }
    }

    @Test
    void textThatDoesNotCompileNamesTheLine() {
        Program broken = Program.text("broken.py", "def f(self, x: Tensor) -> Tensor:\n  return torch.nonsense(x)\n");
        try (Scope step = torch.scope()) {
            NDArray x = step.manager().zeros(new Shape(1));
            String message =
                    assertThrows(ProgramException.class, () -> weights.run(broken, "f", x)).getMessage();
            assertTrue(message.contains("broken.py") && message.contains("line 2"), message);
        }
    }

    @Test
    void wrongArgumentsAreRefusedBeforeTheyReachTheEngine() {
        assertThrows(IllegalArgumentException.class, () -> weights.run(ALL_KINDS, "halves", 3));
        assertThrows(IllegalArgumentException.class, () -> weights.run(ALL_KINDS, "halves"));
        assertThrows(IllegalArgumentException.class, () -> weights.run(ALL_KINDS, "nothing"));
    }
}
