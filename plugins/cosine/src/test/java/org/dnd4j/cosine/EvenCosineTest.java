package org.dnd4j.cosine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Test;

class EvenCosineTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Cosine(0.1);
    }

    @Override
    protected CodeSpace space() {
        return CodeSpace.of(8, 1, 16);
    }

    /** A row without a length has no direction, and is no reason for NaN. */
    @Test
    void aRowOfZerosStaysThat() {
        try (Torch torch = Torch.open("cpu")) {
            Weights w = Weights.load(
                    torch, decomposition().weights(space()), Precision.FLOAT32, false, d -> new float[8 * 16]);
            NDArray state = torch.manager().zeros(new Shape(1, 8)); // [n,c]
            NDArray word = decomposition().codeword(torch.manager().create(new long[] {3}), state, 0, w); // [n,c]
            assertArrayEquals(new float[8], word.toFloatArray());
        }
    }

    /** Where one code has all the probability, what is left is the 10⁻⁵ inside the logarithm of the mean, as published. */
    @Test
    void oneSureCodeIsAllThereIs() {
        float[] axes = new float[8 * 16];
        for (int i = 0; i < 16; i++) {
            axes[i * 8 + i % 8] = i < 8 ? 3 : -3;
        }
        try (Torch torch = Torch.open("cpu")) {
            Cosine cosine = new Cosine(1e4);
            Weights w = Weights.load(torch, cosine.weights(space()), Precision.FLOAT32, false, d -> axes);
            NDArray z = torch.manager().create(new float[] {0, 1, 0, 0, 0, 0, 0, 0}, new Shape(1, 8)); // [n,c]
            assertEquals(0.1, cosine.loss(z, new NDList(z), w).toFloatArray()[0], 0.01);
        }
    }

    @Override
    protected String remembered() {
        return """
                739f7071 0.0000 0.0000 -0.90281 1.0607 -0.037181 0.35355 -0.037181 0.35355 0.12886 0.35355 0.065802 0.35355
                1.1137 0.71316 -0.037181 0.35355
                """;
    }
}
