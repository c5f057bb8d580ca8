package org.dnd4j.cosine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Nearest;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Test;

class DirectionsTest {
    private static final float[] TABLE = {3, 4, 0, -0.1f, -5, 12};

    /** Three rows of two numbers against vectors of length 1; the longest row is not the nearest for its length. */
    @Test
    void aCodeIsTheNearestDirectionWhateverTheLengthsOfRows() {
        try (Torch torch = Torch.open("cpu")) {
            Cosine cosine = new Cosine(null);
            Weights w = Weights.load(torch, cosine.weights(CodeSpace.of(2, 1, 3)), Precision.FLOAT32, false, d -> TABLE);
            NDArray z = torch.manager().create(new float[] {1, 0, 0, -1, 0, 1}, new Shape(3, 2)); // [n,c]
            Nearest nearest = cosine.nearest(z, z.zerosLike(), 0, 1, w);
            assertArrayEquals(new long[] {0, 1, 2}, nearest.codes().toLongArray());
            float[] words = {0.6f, 0.8f, 0, -1, -5 / 13f, 12 / 13f};
            assertArrayEquals(words, nearest.codewords().toFloatArray(), 1e-6f);
            assertArrayEquals(words, cosine.codeword(nearest.codes().reshape(-1), z, 0, w).toFloatArray(), 1e-6f);
        }
    }

    /** The loss in plain Java. */
    @Test
    void theEntropyTermMakesChoicesSureAndTheirAverageEven() {
        try (Torch torch = Torch.open("cpu")) {
            Cosine cosine = new Cosine(0.25);
            Weights w = Weights.load(torch, cosine.weights(CodeSpace.of(2, 1, 3)), Precision.FLOAT32, false, d -> TABLE);
            double[][] z = {{0.1, 0.99}, {0.12, 0.99}, {0.5, -0.8}};
            double[][] words = {{0.6, 0.8}, {0, -1}, {-5 / 13.0, 12 / 13.0}};
            double[] even = new double[3];
            double sure = 0;
            double error = 0;
            float[] flat = new float[6];
            for (int i = 0; i < 3; i++) {
                double[] p = new double[3];
                double sum = 0;
                double least = Double.POSITIVE_INFINITY;
                for (int k = 0; k < 3; k++) {
                    double d = Math.pow(z[i][0] - words[k][0], 2) + Math.pow(z[i][1] - words[k][1], 2);
                    least = Math.min(least, d);
                    p[k] = Math.exp(-d / 0.01);
                    sum += p[k];
                }
                for (int k = 0; k < 3; k++) {
                    even[k] += p[k] / sum / 3;
                    sure -= p[k] / sum * Math.log(p[k] / sum) / 3;
                }
                error += least / 6;
                flat[2 * i] = (float) z[i][0];
                flat[2 * i + 1] = (float) z[i][1];
            }
            double spread = 0;
            for (double p : even) {
                spread -= p * Math.log(p + 1e-5);
            }
            NDArray rows = torch.manager().create(flat, new Shape(3, 2)); // [n,c]
            NDArray decoded = cosine.nearest(rows, rows.zerosLike(), 0, 1, w).codewords().squeeze(1); // [n,c]
            float loss = cosine.loss(rows, new NDList(decoded), w).toFloatArray()[0];
            assertEquals(error + 0.25 * (sure - spread), loss, 1e-4);
            assertEquals(error, new Cosine(null).loss(rows, new NDList(decoded), w).toFloatArray()[0], 1e-6);
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        assertEquals(
                "cosine: depth 2: a direction is one code: set depth to 1, or choose residual for more",
                assertThrows(UserError.class, () -> new Cosine(null).weights(CodeSpace.of(4, 2, 8))).getMessage());
        for (double wrong : List.of(-0.1, Double.NaN, Double.POSITIVE_INFINITY)) {
            assertEquals(
                    "entropy " + wrong + ": must be at least 0",
                    assertThrows(UserError.class, () -> new Cosine(wrong)).getMessage());
        }
    }
}
