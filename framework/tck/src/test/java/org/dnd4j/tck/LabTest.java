package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.RepeatedTest;

/** What finds faults must find them. */
class LabTest {
    private static void halved(UnaryOperator<NDArray> half) {
        try (Lab lab = new Lab()) {
            Weights w = lab.stirred(List.of(Weight.of("a", 3)));
            lab.moves(() -> half.apply(w.get("a").square().sum()), w);
        }
    }

    @RepeatedTest(10) // once in a while is not enough
    void aJavaNumberOnTheTapeIsFound() {
        String found = assertThrows(AssertionError.class, () -> halved(a -> a.mul(0.5f))).getMessage();
        assertTrue(found.contains("the gradient of a"), found);
        halved(a -> a.mul(a.getManager().full(new Shape(), 0.5f)));
    }
}
