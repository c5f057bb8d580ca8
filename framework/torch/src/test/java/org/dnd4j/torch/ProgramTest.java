package org.dnd4j.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void wholeNumbersAndAnswersArriveAsTheyAre() {
        Program echo = Program.text("echo.py", """
                def number(self, n: int) -> Tensor:
                  return torch.full([], n, dtype=4)
                def answer(self, yes: bool) -> Tensor:
                  return torch.full([], 1 if yes else 0, dtype=4)
                """);
        for (int twice = 0; twice < 2; twice++) {
            for (long n : new long[] {-1, 0, 1, 7, 1023, 1024, 1L << 40}) {
                assertEquals(n, weights.run(echo, "number", n).getLong());
            }
            assertEquals(1, weights.run(echo, "answer", true).getLong());
            assertEquals(0, weights.run(echo, "answer", false).getLong());
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

    /** Of many sizes, as a kernel for matrices was once wrong with some. */
    @Test
    void denseIsAProductOfArrays() {
        Program dense = Program.text("dense.py", """
                def off(self, x: Tensor, m: Tensor, b: Tensor) -> Tensor:
                  return torch.amax(torch.abs(torch.sub(self.dense(x, m, b), torch.linear(x, m, b))))
                """);
        for (Kernels kernels : List.of(new Kernels(true, true, false), new Kernels(false, true, false))) {
            try (Torch other = Torch.cpu(kernels)) {
                Weights none = Weights.start(other, List.of(), Precision.FLOAT32, true, Key.of(0));
                for (int rows : new int[] {1, 2, 17, 300}) {
                    for (int in : new int[] {1, 3, 64, 255}) {
                        for (int out : new int[] {1, 5, 16, 100, 1000}) {
                            try (Scope step = other.scope()) {
                                NDArray x = step.manager().arange(rows * in).sin().reshape(rows, in);
                                NDArray m = step.manager().arange(out * in).mul(3).sin().reshape(out, in);
                                NDArray b = step.manager().arange(out).cos();
                                float off = none.run(dense, "off", x, m, b).getFloat();
                                assertEquals(0, off, 1e-4, rows + " rows, " + in + " to " + out);
                            }
                        }
                    }
                }
            }
        }
    }

    /** Whatever it is given, what does not fit is refused, in words. */
    @Test
    void denseRefusesWhatDoesNotFit() {
        Program dense = Program.text("dense.py", """
                def y(self, x: Tensor, m: Tensor, b: Tensor) -> Tensor:
                  return self.dense(x, m, b)
                """);
        try (Torch other = Torch.cpu(new Kernels(true, true, false)); Scope step = other.scope()) {
            Weights none = Weights.start(other, List.of(), Precision.FLOAT32, false, Key.of(0));
            NDArray b = step.manager().ones(new Shape(5));
            for (Shape x : List.of(new Shape(3, 9), new Shape(3, 1))) {
                String said = assertThrows(ProgramException.class,
                        () -> none.run(dense, "y", step.manager().ones(x), step.manager().ones(new Shape(5, 4)), b)).getMessage();
                assertEquals("dense.py: y: there is no inner product forward propagation of arrays of these shapes and types"
                        + " (line 2: return self.dense(x, m, b))", said);
            }
            for (DataType type : List.of(DataType.FLOAT64, DataType.FLOAT16, DataType.INT64, DataType.BOOLEAN)) {
                NDArray x = step.manager().ones(new Shape(3, 4)).toType(type, false);
                assertThrows(ProgramException.class, () -> none.run(dense, "y", x, step.manager().ones(new Shape(5, 4)), b));
            }
        }
    }

    /** Values and gradients, also where all is 0 and where eps counts. */
    @Test
    void theNormIsWhatTorchsIs() {
        Program norms = Program.text("norms.py", """
                def ours(self, w: Weights, g: Tensor) -> Tensor:
                  return self.rms_norm((w[0])[0], g, torch.full([1], 1e-5))
                def torchs(self, w: Weights, g: Tensor) -> Tensor:
                  return torch.rms_norm((w[0])[0], [3], g, 1e-5)
                """);
        float[] rows = {1, -2, 3, 0, 0, 0, .001f, .002f, -.003f, 1e4f, 2e4f, 5};
        List<Weight> declared = List.of(Weight.matrix("rows", 4, 3));
        try (Scope step = torch.scope();
                Torch.Tape tape = torch.record()) {
            Weights x = Weights.load(torch, declared, Precision.FLOAT32, true, w -> rows);
            NDArray g = step.manager().create(new float[] {.5f, 2, -1});
            NDArray weighting = step.manager().create(new float[] {1, -3, 2});
            NDList seen = new NDList();
            for (String method : List.of("ours", "torchs")) {
                NDArray y = x.run(norms, method, x.group("rows"), g);
                seen.add(y);
                seen.addAll(torch.gradients(y.mul(weighting).sum(), List.copyOf(x.trainable().values())));
            }
            assertEquals(-2 * 2 / Math.sqrt(14 / 3. + 1e-5), seen.get(0).toFloatArray()[1], 1e-6);
            assertArrayEquals(seen.get(2).toFloatArray(), seen.get(0).toFloatArray(), 1e-6f);
            assertArrayEquals(seen.get(3).toFloatArray(), seen.get(1).toFloatArray(), 2e-4f); // of up to 950, where all is 0
        }
    }

    @Test
    void whatIsDoneDuringAPauseIsNotRecorded() {
        NDList trainable = new NDList(List.copyOf(weights.trainable().values()));
        try (Scope step = torch.scope();
                Torch.Tape tape = torch.record()) {
            NDArray x = step.manager().create(new float[] {1, 10}, new Shape(1, 2));
            NDArray searched;
            try (Torch.Tape pause = torch.pause();
                    Torch.Tape inside = torch.pause()) {
                assertFalse(torch.recording());
                searched = sum(x).square().sum();
                assertEquals(20.5f * 20.5f + 49.5f * 49.5f, searched.getFloat());
            }
            assertTrue(torch.recording());
            assertThrows(ProgramException.class, () -> torch.gradients(searched, trainable));
            NDList g = torch.gradients(sum(x).square().sum(), trainable);
            assertArrayEquals(new float[] {20.5f, 205, 49.5f, 495}, g.head().toFloatArray());
        }
        try (Scope step = torch.scope();
                Torch.Tape pause = torch.pause()) {
            assertFalse(torch.recording());
        }
        assertFalse(torch.recording());
    }

    private static final Program DIFFERENCE = Program.text("difference.py", """
            def difference(self, a: Tensor, b: Tensor, f: float) -> Tensor:
              return torch.mul(torch.sub(a, b), f)
            def three(self, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
              return torch.add(torch.add(a, b), c)
            def whole(self, a: Tensor) -> Tensor:
              return torch.matmul(a, torch.zeros([7, 3]))
            """);

    /** The halves of a sum, and twice their difference. */
    private List<Step> steps(NDArray x) {
        return List.of(
                Step.of(ALL_KINDS, "sum", x, new NDList(x, x), weights.group("w"), 2, 0.5, true, new long[] {5, 6}),
                Step.of(ALL_KINDS, "halves"),
                Step.of(DIFFERENCE, "difference", 2.));
    }

    @Test
    void stepsAreOneProgram() {
        try (Scope step = torch.scope()) {
            NDArray x = step.manager().create(new float[] {1, 10, 2, 3}, new Shape(2, 2)); // sums 20.5 49.5, 16 23
            long before = torch.calls();
            assertArrayEquals(new float[] {9, 53}, weights.call(steps(x)).head().toFloatArray());
            assertEquals(1, torch.calls() - before);
            assertArrayEquals(new float[] {20.5f, 49.5f, 16, 23}, weights.call(steps(x).get(0)).head().toFloatArray());
            NDList halves = weights.call(steps(x).subList(0, 2));
            assertArrayEquals(new float[] {9, 53},
                    weights.call(steps(x).get(2), halves.get(0), halves.get(1)).head().toFloatArray());
        }
    }

    @Test
    void stepsAreRecorded() {
        try (Torch.Tape tape = torch.record()) {
            NDArray x = torch.manager().create(new float[] {1, 10, 2, 3}, new Shape(2, 2));
            NDArray loss = weights.call(steps(x)).head().sum();
            // twice the difference of rows [1 10] and [2 3], halved in the sum, on both columns of w
            assertArrayEquals(new float[] {-1, 7, -1, 7}, torch.gradients(loss, List.of(weights.get("w"))).head().toFloatArray());
        }
    }

    @Test
    void stepsThatDoNotFitAreRefused() {
        try (Scope step = torch.scope()) {
            NDArray x = step.manager().create(new float[] {1, 10, 2, 3}, new Shape(2, 2));
            Step sum = steps(x).get(0);
            Step halves = steps(x).get(1);
            assertEquals("difference.py: difference takes 3 arguments, not 4",
                    assertThrows(IllegalArgumentException.class, () -> Step.of(DIFFERENCE, "difference", 1, 2, 3, 4)).getMessage());
            assertEquals("kinds.py: halves: the first of several steps needs all its arguments",
                    assertThrows(IllegalArgumentException.class, () -> weights.call(List.of(halves))).getMessage());
            assertEquals("kinds.py + difference.py: chain: parameter difference2_f is a float, not String",
                    assertThrows(IllegalArgumentException.class,
                                    () -> weights.call(List.of(sum, halves, Step.of(DIFFERENCE, "difference", "1"))))
                            .getMessage());
            assertEquals("difference.py: difference needs 2 tensors, and sum before it returns one",
                    assertThrows(IllegalArgumentException.class,
                                    () -> weights.call(List.of(sum, Step.of(DIFFERENCE, "difference", 1.))))
                            .getMessage());
            String few = assertThrows(ProgramException.class,
                            () -> weights.call(List.of(sum, halves, Step.of(DIFFERENCE, "three"))))
                    .getMessage();
            assertEquals("kinds.py + difference.py: loading: Tuple index out of range. Tuple is length 2 and index is 2:"
                    + " (line 4: r2 = self.p1.three(r1[0], r1[1], r1[2]))", few);
            assertEquals("kinds.py + difference.py: chain: mat1 and mat2 shapes cannot be multiplied (2x2 and 7x3)"
                            + " (line 3: r1 = self.p1.whole(r0))",
                    assertThrows(ProgramException.class, () -> weights.call(List.of(sum, Step.of(DIFFERENCE, "whole"))))
                            .getMessage());
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wrongArgumentsAreRefusedBeforeTheyReachTheEngine(boolean recording) {
        try (Scope step = torch.scope();
                Torch.Tape tape = recording ? torch.record() : null) {
            NDArray x = step.manager().zeros(new Shape(1, 2));
            NDArray closed = step.manager().zeros(new Shape(1, 2));
            closed.close();
            NDList many = new NDList(x);
            Weights.Group w = weights.group("w");
            long[] sizes = {1, 2};
            refused("halves: parameter x is a Tensor, not Integer", "halves", 3);
            refused("halves: parameter x is a Tensor, not null", "halves", (Object) null);
            refused("halves: parameter x is an array that was already closed, with its scope or by hand", "halves", closed);
            refused("halves: parameter x is a Tensor, not string array", "halves", step.manager().create("text"));
            refused("halves takes 1 arguments, not 0", "halves");
            refused("has no method 'nothing', only [sum, halves, wrong]", "nothing");
            refused("sum: parameter many is a List[Tensor], not float32 array", "sum", x, x, w, 1, 1.0, true, sizes);
            refused("sum: parameter many is an array that was", "sum", x, new NDList(x, closed), w, 1, 1.0, true, sizes);
            refused("sum: parameter w is a Weights, not NDList", "sum", x, many, many, 1, 1.0, true, sizes);
            refused("sum: parameter n is a int, not Double", "sum", x, many, w, 1.5, 1.0, true, sizes);
            refused("sum: parameter n is 9223372036854775807, beyond", "sum", x, many, w, Long.MAX_VALUE, 1.0, true, sizes);
            refused("sum: parameter f is a float, not String", "sum", x, many, w, 1, "1", true, sizes);
            refused("sum: parameter b is a bool, not Integer", "sum", x, many, w, 1, 1.0, 1, sizes);
            refused("sum: parameter sizes is a List[int], not int[]", "sum", x, many, w, 1, 1.0, true, new int[] {1, 2});
        }
    }

    private void refused(String message, String method, Object... arguments) {
        String seen = assertThrows(IllegalArgumentException.class, () -> weights.run(ALL_KINDS, method, arguments))
                .getMessage();
        assertTrue(seen.startsWith("kinds.py") && seen.contains(message), seen);
    }

    /** DJL ends the process when it is asked to convert to bfloat16; a program's result is only ever carried. */
    @Test
    void bfloat16ArraysAreCarriedAndNotRead() {
        Program half = Program.text("half.py", """
                def down(self, x: Tensor) -> Tensor:
                  return x.to(15)
                def up(self, x: Tensor) -> Tensor:
                  return x.to(6)
                """);
        try (Scope step = torch.scope()) {
            NDArray x = step.manager().create(new float[] {1, 2.5f});
            NDArray opaque = weights.run(half, "down", x);
            assertEquals(new Shape(2), opaque.getShape());
            assertThrows(IllegalStateException.class, opaque::toFloatArray);
            assertArrayEquals(new float[] {1, 2.5f}, weights.run(half, "up", opaque).toFloatArray());
            try (Torch.Tape tape = torch.record()) {
                assertArrayEquals(new float[] {1, 2.5f}, weights.run(half, "up", opaque).toFloatArray());
            }
        }
    }

    /** A draw depends on its key alone: not on draws before it, on the process-wide generator, or on recording. */
    @Test
    void keyedDrawsDependOnTheirKeyAlone() {
        Program draw = Program.text("draw.py", """
                def f(self, seed: int) -> Tensor:
                  g = torch.Generator(device=torch.device("cpu"))
                  g.manual_seed(seed)
                  return torch.rand([100], generator=g)
                """);
        Key key = Key.of(7).at("dropout").at(3);
        try (Scope step = torch.scope()) {
            float[] first = weights.run(draw, "f", key).toFloatArray();
            weights.run(draw, "f", key.at(1));
            step.manager().randomUniform(0, 1, new Shape(1000));
            assertArrayEquals(first, weights.run(draw, "f", key).toFloatArray());
            try (Torch.Tape tape = torch.record()) {
                assertArrayEquals(first, weights.run(draw, "f", key).toFloatArray());
            }
            float[] other = weights.run(draw, "f", Key.of(7).at("dropout").at(4)).toFloatArray();
            assertFalse(java.util.Arrays.equals(first, other));
        }
    }

    @Test
    void messagesAreOneLine() {
        Program broken = Program.text("broken.py", "def f(self, x: Tensor) -> Tensor:\n  return torch.view(x, 1, 2, \"a\")\n");
        String message = assertThrows(ProgramException.class, () -> weights.run(broken, "f", torch.manager().ones(new Shape(1))))
                .getMessage();
        assertEquals(1, message.lines().count(), message);
    }
}
