package org.dnd4j.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.dnd4j.torch.Elements;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NarrowTest {
    /** What PyTorch makes of the same numbers. */
    private static final Program TORCH = Program.text(
            "narrow.py",
            """
            def halves(self, x: Tensor) -> Tensor:
              return x.to(15).to(6)
            def scales(self, x: Tensor) -> Tensor:
              return torch.clamp(torch.div(torch.amax(torch.abs(x), [1]), 127.), 1e-12)
            def levels(self, x: Tensor, scale: Tensor) -> Tensor:
              return torch.clamp(torch.round(torch.div(x, scale.unsqueeze(1))), -127, 127).to(3)
            """);

    private static final Program LINEAR = Program.text(
            "linear.py", "def f(self, x: Tensor, w: Weights) -> Tensor:\n  return self.linear(x, w, 0)\n");

    private static float[] values(int count) {
        Random random = new Random(5);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (i % 4) {
                case 0 -> Float.intBitsToFloat(random.nextInt()); // anything at all, numbers or not
                case 1 -> Float.intBitsToFloat(random.nextInt(1 << 16) << 16 | 0x8000); // halfway between two
                case 2 -> (float) random.nextGaussian() * 0.02f;
                default -> new float[] {0f, -0f, Float.MAX_VALUE, Float.MIN_VALUE, Float.POSITIVE_INFINITY, Float.NaN,
                    Float.NEGATIVE_INFINITY, 1e-40f}[random.nextInt(8)];
            };
        }
        return values;
    }

    @Test
    void halvesAreThoseOfPyTorch() {
        float[] values = values(20_000);
        try (Torch torch = Torch.open("cpu")) {
            Weights none = Weights.start(torch, List.of(), Precision.FLOAT32, false, Key.of(0));
            float[] theirs = none.run(TORCH, "halves", torch.manager().create(values)).toFloatArray();
            ByteBuffer ours = Narrow.bfloat16(values);
            assertEquals(ByteOrder.LITTLE_ENDIAN, ours.order());
            for (int i = 0; i < values.length; i++) {
                short half = ours.getShort(2 * i);
                assertEquals(theirs[i], Float.intBitsToFloat(half << 16), i + ": " + values[i]);
            }
        }
    }

    @Test
    void levelsAndScalesAreThoseOfPyTorch() {
        int rows = 37;
        int columns = 53;
        float[] values = new float[rows * columns];
        Random random = new Random(6);
        for (int i = 0; i < values.length; i++) {
            values[i] = i / columns == 3 ? 0 : (float) random.nextGaussian() * (1 + i / columns);
        }
        try (Torch torch = Torch.open("cpu")) {
            Weights none = Weights.start(torch, List.of(), Precision.FLOAT32, false, Key.of(0));
            NDArray x = torch.manager().create(values, new Shape(rows, columns));
            NDArray scale = none.run(TORCH, "scales", x);
            float[] scales = Narrow.scales(values, rows);
            assertArrayEquals(scale.toFloatArray(), scales);
            int[] theirs = none.run(TORCH, "levels", x, scale).toIntArray();
            byte[] ours = Narrow.int8(values, scales).array();
            for (int i = 0; i < theirs.length; i++) {
                assertEquals(theirs[i], ours[i], "element " + i);
            }
            assertEquals(DataType.FLOAT32, scale.getDataType());
        }
    }

    /** Kept in a file and read again, a matrix multiplies as one that was packed from the same numbers. */
    @ParameterizedTest
    @CsvSource({"37,52", "16,256", "9,300"})
    void fourBitsAreThoseThatWeightsArePackedIn(int rows, int columns) {
        Random random = new Random(7);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / columns == 3 ? 0 : (float) random.nextGaussian() * (1 + i / columns);
        }
        float[] scales = Narrow.scales4(values, rows);
        ByteBuffer levels = Narrow.int4(values, scales, rows);
        Elements kept = new Elements(Elements.Kind.INT4, levels, Narrow.bfloat16(scales));
        List<Weight> declared = List.of(Weight.matrix("m", rows, columns));
        try (Torch torch = Torch.open("cpu")) {
            Weights read = Weights.read(torch, declared, Precision.INT4, false, w -> kept);
            Weights packed = Weights.load(torch, declared, Precision.INT4, false, w -> values);
            NDArray x = torch.manager().eye(columns);
            assertArrayEquals(
                    packed.run(LINEAR, "f", x, packed.group("m")).toFloatArray(),
                    read.run(LINEAR, "f", x, read.group("m")).toFloatArray());
        }
        float[] pairs = new float[levels.limit()];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = levels.get(i) & 0xFF;
        }
        float[] back = Narrow.floats4(pairs, scales, rows);
        int groups = (columns + 127) / 128;
        for (int i = 0; i < values.length; i++) {
            float scale = scales[2 * (i / columns * groups + i % columns / 128)];
            assertEquals(values[i], back[i], 0.6 * scale, "element " + i); // half a step, and what rounding scales cost
        }
    }
}
