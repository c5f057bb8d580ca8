package org.dnd4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelsTest {
    @Test
    void aProcessorWithoutBfloat16ComputesItInFloat32() {
        assertEquals(Precision.FLOAT32, new Kernels(true, false, false).computed(Precision.BFLOAT16));
        assertEquals(Precision.BFLOAT16, new Kernels(true, true, false).computed(Precision.BFLOAT16));
        assertEquals(Precision.INT8, new Kernels(true, false, true).computed(Precision.INT8));
    }

    @Test
    void wholeNumbersTakeTheKernelThatIsFastHere() {
        assertEquals("fbgemm", new Kernels(true, true, true).text(Precision.INT8));
        assertEquals("fbgemm", new Kernels(true, false, true).text(Precision.INT8));
        assertTrue(new Kernels(true, false, true).packs(1));
        assertFalse(new Kernels(true, true, true).packs(768 * 2304));
        assertTrue(new Kernels(true, true, true).packs(1536 * 1536));
        assertEquals("onednn", new Kernels(true, false, false).text(Precision.INT8));
        assertEquals("onednn", new Kernels(true, false, true).text(Precision.INT4));
        assertEquals("plain", new Kernels(false, true, false).text(Precision.INT8));
    }

    /** Whatever the processor, weights say what they multiply in: a 9-bit number survives float32 and not bfloat16. */
    @Test
    void weightsSayWhatTheyMultiplyIn() {
        Program program = Program.text("times.py", """
                def times(self, x: Tensor, w: Weights) -> Tensor:
                  return self.linear(x, w, 0)
                """);
        try (Torch torch = Torch.open("cpu")) {
            for (boolean training : new boolean[] {true, false}) {
                Weights w = Weights.load(
                        torch, List.of(Weight.matrix("w", 1, 1)), Precision.BFLOAT16, training, any -> new float[] {1});
                try (Scope step = torch.scope()) {
                    NDArray x = step.manager().create(new float[] {257}, new Shape(1, 1));
                    float exact = w.precision() == Precision.FLOAT32 ? 257 : 256;
                    assertEquals(exact, w.run(program, "times", x, w.group("w")).getFloat());
                }
                assertEquals(torch.computed(Precision.BFLOAT16), w.precision());
            }
        }
    }

    /** Where PyTorch has no oneDNN the plain texts stand in for every precision of training and float decoding. */
    @Test
    void eachPrecisionHasATextWithoutOneDnn() {
        Kernels plain = new Kernels(false, false, false);
        for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
            assertTrue(Prelude.of(precision, false, plain).there(), precision.label());
            assertTrue(Prelude.of(precision, true, plain).there(), precision.label());
        }
        assertFalse(Prelude.of(Precision.INT8, false, plain).there());
        assertFalse(Prelude.of(Precision.INT4, false, plain).there());
    }
}
