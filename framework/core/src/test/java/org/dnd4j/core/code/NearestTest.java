package org.dnd4j.core.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.dnd4j.spi.Nearest;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search of tables where many rows are as near as each other, against plain loops. */
class NearestTest {
    private static final int N = 50;
    private static final int K = 64;
    private static final int C = 2;

    /** Small whole numbers, so that distances are exact and often equal. */
    private static float[] whole(long seed, int count, int span) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextInt(span) - span / 2;
        }
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 15, 16, 17, 63, 64})
    void theLowerCodeComesFirstOnTies(int a) {
        for (int span : new int[] {3, 9, 1001}) {
            float[] target = whole(1, N * C, span);
            float[] table = whole(2, K * C, span);
            long[] expected = IntStream.range(0, N)
                    .boxed()
                    .flatMapToLong(i -> IntStream.range(0, K)
                            .boxed()
                            .sorted(Comparator.comparingDouble(code -> distance(target, i, table, code)))
                            .limit(a)
                            .mapToLong(code -> code))
                    .toArray();
            try (Torch torch = Torch.open("cpu");
                    Scope scope = torch.scope()) {
                Weights w = Weights.start(torch, List.of(), Precision.FLOAT32, false, Key.of(1));
                Nearest found = Nearest.inTable(
                        scope.manager().create(target, new Shape(N, C)),
                        scope.manager().create(table, new Shape(K, C)),
                        a,
                        w);
                assertArrayEquals(expected, found.codes().toLongArray(), "numbers of " + span);
                float[] words = found.codewords().toFloatArray();
                for (int j = 0; j < expected.length; j++) {
                    int code = (int) expected[j];
                    float[] row = Arrays.copyOfRange(table, code * C, (code + 1) * C);
                    assertArrayEquals(row, Arrays.copyOfRange(words, j * C, (j + 1) * C));
                }
            }
        }
    }

    private static double distance(float[] target, int i, float[] table, int code) {
        return IntStream.range(0, C)
                .mapToDouble(j -> target[i * C + j] - table[code * C + j])
                .map(d -> d * d)
                .sum();
    }
}
