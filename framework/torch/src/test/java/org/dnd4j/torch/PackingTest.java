package org.dnd4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackingTest {
    private final Packing packing = new Packing();

    @Test
    void whateverThreadPacksAllIsThereAtTheEnd() {
        try (Torch torch = Torch.open("cpu")) {
            List<PtNDArray> matrices = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                PtNDArray matrix = (PtNDArray) torch.rootManager().ones(new Shape(1));
                matrices.add(matrix);
                long number = i;
                packing.begin(i == 0 ? "" : "m" + i, matrix, () -> IValue.from(number));
            }
            packing.finish();
            assertTrue(matrices.stream().allMatch(PtNDArray::isReleased));
            assertEquals(7, packing.get("m7").toLong());
            assertEquals(0, packing.get("a name that is not there").toLong());
            packing.close();
        }
    }

    @Test
    void whatFailsIsThrownAsItIsAndLeavesNothingOpen() {
        try (Torch torch = Torch.open("cpu")) {
            PtNDArray matrix = (PtNDArray) torch.rootManager().ones(new Shape(1));
            IllegalStateException failure = new IllegalStateException("cannot be packed");
            packing.begin("m", matrix, () -> {
                throw failure;
            });
            assertSame(failure, assertThrows(IllegalStateException.class, packing::finish));
            assertSame(failure, assertThrows(IllegalStateException.class, () -> packing.get("m")));
            assertTrue(matrix.isReleased());
            packing.close();
        }
    }
}
