package org.dnd4j.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class DigitsTest {
    /** The program beside a plain loop over digits. */
    @Test
    void aCodewordIsTheMatrixTimesTheValuesOfItsDigits() {
        Scalar scalar = new Scalar(List.of(3, 2, 4));
        CodeSpace space = CodeSpace.of(5, 2, 24);
        try (Torch torch = Torch.open("cpu");
                Scope scope = torch.scope()) {
            Weights w = Weights.start(torch, scalar.weights(space), Precision.FLOAT32, true, Key.of(1));
            float[] rows = {1, 0, 2, 7, 1, 3, 0, 2, -1, 1}; // means 2, 0, 2, 3, 1; mean square 17/5 from them
            NDArray latents = scope.manager().create(rows, new Shape(2, 5)); // [n,c]
            scalar.fit(latents, space, Key.of(2), w);
            float[] begun = scalar.begin(latents, w).toFloatArray();
            assertEquals(2 * 5, begun.length);
            for (int i = 0; i < begun.length; i++) {
                assertEquals(new double[] {2, 0, 2, 3, 1}[i % 5], begun[i], 1e-6);
            }
            float[] up = w.values("digits.1.weight"); // [c,3]
            float[] words = scalar.codewords(latents, 1, w).toFloatArray(); // [24,c]
            assertEquals(24 * 5, words.length);
            for (int code = 0; code < 24; code++) {
                double[] values = {code % 3 - 1, code / 3 % 2 * 2 - 1, code / 6 * 2 / 3.0 - 1};
                for (int i = 0; i < 5; i++) {
                    double word = 0;
                    for (int j = 0; j < 3; j++) {
                        word += Math.sqrt(17 / 5.0) * up[i * 3 + j] * values[j];
                    }
                    assertEquals(word, words[code * 5 + i], 1e-5, "code " + code + ", element " + i);
                }
            }
        }
    }

    @Test
    void depthsMayHaveAsManySignsAsTheirCodesHaveBits() {
        List<List<Long>> shapes = new Scalar(null)
                .weights(new CodeSpace(5, List.of(8, 2))).stream().map(w -> w.shape()).toList();
        assertEquals(List.of(List.of(5L, 3L), List.of(5L, 1L), List.of(5L), List.of(1L)), shapes);
    }

    private static void refused(String message, Executable making) {
        assertEquals("scalar: " + message, assertThrows(UserError.class, making).getMessage());
    }

    @Test
    void codesThatDigitsDoNotMakeAreRefused() {
        refused(
                "signs make 32 or 64 codes, not 48: ask for so many, or give levels whose product is 48",
                () -> new Scalar(null).weights(CodeSpace.of(5, 2, 48)));
        refused(
                "levels [8, 5] make 40 codes, not 64: ask for so many, or give levels whose product is 64",
                () -> new Scalar(List.of(8, 5)).weights(CodeSpace.of(5, 2, 64)));
        refused("levels is [8, 1]: must be whole numbers of at least 2", () -> new Scalar(List.of(8, 1)));
        refused("levels is []: must be whole numbers of at least 2", () -> new Scalar(List.of()));
    }
}
