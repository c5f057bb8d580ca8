package org.dnd4j.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WeightsTest {
    private static final Program LINEAR = Program.text(
            "linear.py", "def f(self, x: Tensor, w: Weights) -> Tensor:\n  return self.linear(x, w, 0)\n");
    private static final List<Weight> DECLARED = List.of(
            Weight.matrix("a.m", 24, 40), Weight.of("a.n", 5).constant(1), Weight.of("b", 300).uniform(0.5));

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    private Weights start(Precision precision, boolean training, long seed) {
        return Weights.start(torch, DECLARED, precision, training, Key.of(seed));
    }

    @Test
    void startsAreKeyedByNameAndSeed() {
        Weights one = start(Precision.FLOAT32, true, 1);
        assertArrayEquals(one.values("a.m"), start(Precision.FLOAT32, true, 1).values("a.m"));
        assertFalse(java.util.Arrays.equals(one.values("a.m"), start(Precision.FLOAT32, true, 2).values("a.m")));
        for (float v : one.values("a.n")) {
            assertEquals(1, v);
        }
        double sum = 0;
        for (float v : one.values("b")) {
            assertTrue(v >= -0.5 && v < 0.5);
            sum += v;
        }
        assertTrue(Math.abs(sum / 300) < 0.06, "mean " + sum / 300);
    }

    @Test
    void aViewSeesItsPartOfTheTree() {
        Weights w = start(Precision.FLOAT32, true, 1);
        assertArrayEquals(w.values("a.n"), w.at("a").values("n"));
        assertTrue(w.at("a").has("m"));
        assertFalse(w.at("a").has("b"));
        assertEquals("there is no weight a.b", assertThrows(IllegalArgumentException.class, () -> w.at("a").get("b"))
                .getMessage());
    }

    @Test
    void aProcessorsAttentionIsInFloat32() {
        for (Precision precision : Precision.values()) {
            assertFalse(start(precision, false, 1).halves(), precision.label());
        }
    }

    @Test
    void aGpusAttentionCanBeTriedOnAProcessor() {
        for (Precision precision : Precision.values()) {
            Weights w = start(precision, false, 1);
            assertEquals(w.precision() != Precision.FLOAT32, w.halved().at("a").halves(), precision.label());
            assertFalse(w.halves(), precision.label());
        }
    }

    private record Kept(int n) {}

    @Test
    void aGroupIsKnownByItsKeyInItsPartOfTheTree() {
        Weights w = start(Precision.FLOAT32, true, 1);
        Weights.Group first = w.group(new Kept(1), () -> List.of("a.m"));
        assertSame(w.group("a.m"), first);
        assertSame(first, w.group(new Kept(1), () -> fail("asked for names again")));
        assertNotSame(first, w.group(new Kept(2), () -> List.of("a.n")));
        assertSame(first, w.at("a").group(new Kept(1), () -> List.of("m")));
        w.close();
        assertThrows(IllegalArgumentException.class, () -> w.group(new Kept(1), () -> List.of("a.m")));
    }

    /** Every precision multiplies as plain Java does, to within what its numbers can hold. */
    @ParameterizedTest
    @CsvSource({"FLOAT32,true,1e-6", "BFLOAT16,true,0.02", "FLOAT32,false,1e-6", "BFLOAT16,false,0.02", "INT8,false,0.02", "INT4,false,0.1"})
    void linearIsAMatrixProduct(Precision precision, boolean training, double tolerance) {
        float[] m = start(Precision.FLOAT32, true, 7).values("a.m");
        Weights w = start(precision, training, 7);
        float[] x = new float[3 * 40];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(i);
        }
        try (Scope step = torch.scope()) {
            NDArray y = w.run(LINEAR, "f", step.manager().create(x, new Shape(1, 3, 40)), w.group("a.m"));
            assertEquals(new Shape(1, 3, 24), y.getShape());
            float[] seen = y.toFloatArray();
            for (int r = 0; r < 3; r++) {
                for (int o = 0; o < 24; o++) {
                    double sum = 0;
                    double scale = 0;
                    for (int i = 0; i < 40; i++) {
                        sum += x[r * 40 + i] * m[o * 40 + i];
                        scale += Math.abs(x[r * 40 + i] * m[o * 40 + i]);
                    }
                    assertEquals(sum, seen[r * 24 + o], tolerance * scale);
                }
            }
        }
    }

    /** In every text: what is kept narrow is widened by the next operation to exactly what linear would have given. */
    @ParameterizedTest
    @CsvSource({"FLOAT32,true,true", "BFLOAT16,true,true", "FLOAT32,false,true", "BFLOAT16,false,true", "INT8,false,true",
                "INT4,false,true", "FLOAT32,false,false", "BFLOAT16,false,false"})
    void innerIsLinearBeforeItIsWidened(Precision precision, boolean training, boolean oneDnn) {
        Program program = Program.text("inner.py", """
                def wide(self, x: Tensor, w: Weights) -> Tensor:
                  return torch.add(x, self.linear(x, w, 0))
                def inside(self, x: Tensor, w: Weights) -> Tensor:
                  return torch.add(x, self.inner(self.narrow(x), w, 0))
                """);
        List<Weight> declared = List.of(Weight.matrix("m", 48, 48).normal(1));
        try (Torch other = Torch.cpu(new Kernels(oneDnn, true, false)); Scope step = other.scope()) {
            Weights w = Weights.start(other, declared, precision, training, Key.of(1));
            NDArray x = step.manager().arange(5 * 48).sin().reshape(5, 48);
            NDArray wide = w.run(program, "wide", x, w.group("m"));
            NDArray inside = w.run(program, "inside", x, w.group("m"));
            assertEquals(DataType.FLOAT32, inside.getDataType());
            assertArrayEquals(wide.toFloatArray(), inside.toFloatArray());
        }
    }

    /** Whole numbers are multiplied by other kernels on other machines, and by others again for many rows. */
    @ParameterizedTest
    @CsvSource({"1,false", "7,false", "200,false", "1,true", "7,true", "200,true"})
    void eachKernelOfWholeNumbersMultiplies(int rows, boolean fbgemm) {
        Assumptions.assumeTrue(!fbgemm || System.getProperty("os.arch").matches("amd64|x86_64"), "FBGEMM is for x86");
        List<Weight> declared = List.of(Weight.matrix("m", 48, 272).normal(1));
        Weights exact = Weights.start(torch, declared, Precision.FLOAT32, true, Key.of(1));
        try (Torch other = Torch.cpu(new Kernels(true, !fbgemm, fbgemm));
                Scope step = torch.scope();
                Scope there = other.scope()) {
            Weights w = Weights.start(other, declared, Precision.INT8, false, Key.of(1));
            float[] x = step.manager().arange(rows * 272).sin().toFloatArray();
            Shape shape = new Shape(rows, 272);
            float[] wanted = exact.run(LINEAR, "f", step.manager().create(x, shape), exact.group("m")).toFloatArray();
            float[] seen = w.run(LINEAR, "f", there.manager().create(x, shape), w.group("m")).toFloatArray();
            for (int i = 0; i < wanted.length; i++) {
                assertEquals(wanted[i], seen[i], 1.0, "element " + i); // of about ±30
            }
        }
    }

    /** On a processor with AVX-512 small matrices and large ones have different kernels, in one list. */
    @Test
    void smallAndLargeMatricesStandInOneList() {
        Assumptions.assumeTrue(System.getProperty("os.arch").matches("amd64|x86_64"), "FBGEMM is for x86");
        List<Weight> declared = List.of(
                Weight.matrix("large", 2048, 2056).normal(1),
                Weight.matrix("small", 40, 2048).normal(1),
                Weight.matrix("next", 2048, 2048).normal(1));
        Program chain = Program.text("chain.py", """
                def f(self, x: Tensor, w: Weights) -> Tensor:
                  y = torch.tanh(torch.mul(self.linear(x, w, 0), 0.02))
                  return torch.cat([self.linear(y, w, 1), self.linear(y, w, 2)], 1)
                """);
        try (Torch other = Torch.cpu(new Kernels(true, true, true));
                Scope step = torch.scope();
                Scope there = other.scope()) {
            Weights exact = Weights.start(torch, declared, Precision.FLOAT32, true, Key.of(1));
            Weights w = Weights.start(other, declared, Precision.INT8, false, Key.of(1));
            float[] x = step.manager().arange(3 * 2056).sin().toFloatArray();
            Shape shape = new Shape(3, 2056);
            List<String> names = List.of("large", "small", "next");
            float[] wanted = exact.run(chain, "f", step.manager().create(x, shape), exact.group(names)).toFloatArray();
            float[] seen = w.run(chain, "f", there.manager().create(x, shape), w.group(names)).toFloatArray();
            for (int i = 0; i < wanted.length; i++) {
                assertEquals(wanted[i], seen[i], 1.5, "element " + i); // of about ±80
            }
        }
    }

    /** What is kept in int4 multiplies as the formula says, whatever must be padded. */
    @ParameterizedTest
    @CsvSource({"21,300", "16,128", "32,256", "5,2"})
    void int4IsWhatItStandsFor(int rows, int columns) {
        int groups = (columns + 127) / 128;
        Weight matrix = Weight.matrix("m", rows, columns);
        byte[] pairs = new byte[rows * columns / 2];
        new java.util.Random(4).nextBytes(pairs);
        ByteBuffer halves = ByteBuffer.allocateDirect(4 * rows * groups).order(ByteOrder.LITTLE_ENDIAN);
        float[] scales = new float[2 * rows * groups];
        for (int i = 0; i < scales.length; i++) {
            int half = Float.floatToRawIntBits(i % 2 == 0 ? 0.001f * (1 + i) : 0.02f * (i - rows)) >>> 16;
            halves.putShort((short) half);
            scales[i] = Float.intBitsToFloat(half << 16);
        }
        Elements kept = new Elements(
                Elements.Kind.INT4, ByteBuffer.allocateDirect(pairs.length).put(pairs).flip(), halves.flip());
        assertEquals((long) rows * columns, kept.size());
        float[] masters = Weights.read(torch, List.of(matrix), Precision.FLOAT32, true, w -> kept).values("m");
        Weights four = Weights.read(torch, List.of(matrix), Precision.INT4, false, w -> kept);
        try (Scope step = torch.scope()) {
            float[] seen = four.run(LINEAR, "f", step.manager().eye(columns), four.group("m")).toFloatArray();
            for (int i = 0; i < rows * columns; i++) {
                int r = i / columns;
                int g = 2 * (r * groups + i % columns / 128);
                int level = pairs[i / 2] >> 4 * (i % 2) & 15;
                float value = (level - 8) * scales[g] + scales[g + 1];
                assertEquals(value, masters[i], "element " + i);
                assertEquals(value, seen[i % columns * rows + r], 0.01 * (8 * scales[g] + Math.abs(scales[g + 1])));
            }
        }
    }

    /** Sizes for which oneDNN's reordered matrix was seen to multiply wrongly, depending on the number of rows. */
    @ParameterizedTest
    @CsvSource({"64,64", "256,64", "320,64", "48,16", "96,32", "256,256"})
    void aPackedMatrixOfAnySizeIsTheMatrix(int out, int in) {
        List<Weight> declared = List.of(Weight.matrix("m", out, in).normal(1));
        Weights plain = Weights.start(torch, declared, Precision.FLOAT32, true, Key.of(1));
        Weights packed = Weights.start(torch, declared, Precision.FLOAT32, false, Key.of(1));
        for (int rows : new int[] {1, 2, 6, 64, 256}) {
            try (Scope step = torch.scope()) {
                NDArray x = step.manager().arange(rows * in).sin().reshape(rows, in);
                NDArray y = plain.run(LINEAR, "f", x, plain.group("m"));
                assertEquals(0, y.sub(packed.run(LINEAR, "f", x, packed.group("m"))).abs().max().getFloat(), 1e-3, rows + " rows");
            }
        }
    }

    /** The kernel for 8-bit matrices reads past rows whose length is no multiple of 16. */
    @ParameterizedTest
    @CsvSource({"1,1", "3,5", "24,15", "24,16", "24,17", "7,40", "65,31"})
    void eightBitMatricesMayHaveAnySize(int out, int in) {
        Weight matrix = Weight.matrix("m", out, in).constant(0.5);
        Weights w = Weights.start(torch, List.of(matrix), Precision.INT8, false, Key.of(1));
        try (Scope step = torch.scope()) {
            NDArray y = w.run(LINEAR, "f", step.manager().ones(new Shape(2, in)), w.group("m"));
            assertEquals(new Shape(2, out), y.getShape());
            for (float v : y.toFloatArray()) {
                assertEquals(0.5 * in, v, 0.005 * in);
            }
        }
    }

    /** Whatever else is in the batch: in whole numbers all sums are exact, and in float32 each row is summed alike. */
    @ParameterizedTest
    @EnumSource(value = Precision.class, names = {"INT8"})
    void aRowIsTheSameInAnyCompany(Precision precision) {
        Weight matrix = Weight.matrix("m", 64, 256).normal(1);
        Weights w = Weights.start(torch, List.of(matrix), precision, false, Key.of(1));
        try (Scope step = torch.scope()) {
            NDArray x = step.manager().arange(24 * 256).sin().reshape(24, 256);
            float[] all = w.run(LINEAR, "f", x, w.group("m")).toFloatArray();
            float[] one = w.run(LINEAR, "f", x.get("5:6"), w.group("m")).toFloatArray();
            assertArrayEquals(one, java.util.Arrays.copyOfRange(all, 5 * 64, 6 * 64));
        }
    }

    @Test
    void whatAStepMakesGoesWithTheStep() {
        Weights w = start(Precision.FLOAT32, true, 1);
        int before = torch.manager().getManagedArrays().size();
        for (int i = 0; i < 50; i++) {
            try (Scope step = torch.scope()) {
                w.get("b").square().add(w.get("b")).sum().toFloatArray();
                w.run(LINEAR, "f", step.manager().ones(new Shape(2, 40)), w.group("a.m"));
            }
        }
        assertEquals(before, torch.manager().getManagedArrays().size());
    }

    @Test
    void keptArraysOutliveTheScope() {
        NDArray kept;
        try (Scope step = torch.scope()) {
            kept = step.keep(step.manager().create(new float[] {1, 2}));
        }
        assertArrayEquals(new float[] {1, 2}, kept.toFloatArray());
    }

    @Test
    void scopesCloseInReverseOrder() {
        Scope outer = torch.scope();
        torch.scope();
        assertThrows(IllegalStateException.class, outer::close);
    }

    @Test
    void aPackedMatrixIsForProgramsOnly() {
        Weights w = start(Precision.BFLOAT16, false, 1);
        assertThrows(IllegalArgumentException.class, () -> w.get("a.m"));
    }

    @Test
    void valuesAreReplacedInPlace() {
        Weights w = start(Precision.FLOAT32, true, 1);
        try (Scope step = torch.scope()) {
            w.set("a.n", step.manager().create(new float[] {1, 2, 3, 4, 5}));
            assertThrows(
                    IllegalArgumentException.class, () -> w.set("a.n", step.manager().create(new float[] {1, 2})));
        }
        assertArrayEquals(new float[] {1, 2, 3, 4, 5}, w.values("a.n"));
    }

    /** A resumed training must see what an uninterrupted one sees, to the last bit. */
    @Test
    void loadedWeightsComputeAsTheOnesTheyWereReadFrom() {
        Weights one = start(Precision.FLOAT32, true, 3);
        Weights two = Weights.load(torch, DECLARED, Precision.FLOAT32, true, w -> one.values(w.name()));
        for (int rows = 1; rows < 20; rows++) {
            try (Scope step = torch.scope();
                    Torch.Tape tape = torch.record()) {
                NDArray x = step.manager().arange(rows * 40).reshape(rows, 40).toType(DataType.FLOAT32, true).sin();
                NDArray a = one.run(LINEAR, "f", x, one.group("a.m"));
                NDArray b = two.run(LINEAR, "f", x, two.group("a.m"));
                assertArrayEquals(a.toFloatArray(), b.toFloatArray());
                assertArrayEquals(
                        torch.gradients(a.square().sum(), List.of(one.get("a.m"))).head().toFloatArray(),
                        torch.gradients(b.square().sum(), List.of(two.get("a.m"))).head().toFloatArray());
            }
        }
    }

    @Test
    void aPackedMatrixCannotBeReplaced() {
        Weights w = start(Precision.INT8, false, 1);
        try (Scope step = torch.scope()) {
            NDArray values = step.manager().ones(new Shape(24, 40));
            assertThrows(IllegalArgumentException.class, () -> w.set("a.m", values));
        }
    }

    @Test
    void unknownDevicesAreNamed() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Torch.open("tpu"))
                .getMessage()
                .contains("unknown device 'tpu'"));
    }

    /** Elements as a file has them, float32 or what is left of it. */
    private static Elements elements(Elements.Kind kind, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * kind.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            if (kind == Elements.Kind.FLOAT32) {
                bytes.putFloat(value);
            } else {
                bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
            }
        }
        return new Elements(kind, bytes.flip(), null);
    }

    private static float[] halves(int count) {
        float[] values = new float[count];
        java.util.Random random = new java.util.Random(3);
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat(Float.floatToRawIntBits((float) random.nextGaussian()) & 0xFFFF0000);
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(value = Elements.Kind.class, names = {"FLOAT32", "BFLOAT16"})
    void elementsOfAFileAreReadExactly(Elements.Kind kind) {
        List<Weight> declared = List.of(Weight.of("long", 3, 200_000), Weight.of("one", 1));
        Map<String, float[]> values = Map.of("long", halves(600_000), "one", new float[] {-2});
        Weights read = Weights.read(
                torch, declared, Precision.FLOAT32, true, w -> elements(kind, values.get(w.name())));
        values.forEach((name, v) -> assertArrayEquals(v, read.values(name), name));
        assertEquals(2, read.trainable().size());
        assertThrows(
                IllegalArgumentException.class,
                () -> Weights.read(torch, declared, Precision.FLOAT32, true, w -> elements(kind, new float[2])));
    }

    /** What is kept in int8 is packed again to the integers and scales that it has. */
    @Test
    void int8StaysAsItIs() {
        int rows = 21;
        int columns = 40;
        Weight matrix = Weight.matrix("m", rows, columns);
        byte[] levels = new byte[rows * columns];
        new java.util.Random(4).nextBytes(levels);
        ByteBuffer scales = ByteBuffer.allocateDirect(2 * rows).order(ByteOrder.LITTLE_ENDIAN);
        float[] wide = new float[rows];
        for (int r = 0; r < rows; r++) {
            levels[r * columns + r] = (byte) (r % 2 == 0 ? 127 : -127); // the largest magnitude of a row is always 127
            for (int i = r * columns; i < (r + 1) * columns; i++) {
                levels[i] = levels[i] == -128 ? -127 : r == 5 ? 0 : levels[i];
            }
            int half = Float.floatToRawIntBits(r == 5 ? 1.0018653e-12f : 0.001f * (1 + r)) >>> 16;
            scales.putShort((short) half);
            wide[r] = Float.intBitsToFloat(half << 16);
        }
        Elements kept = new Elements(
                Elements.Kind.INT8, ByteBuffer.allocateDirect(levels.length).put(levels).flip(), scales.flip());
        Weights eight = Weights.read(torch, List.of(matrix), Precision.INT8, false, w -> kept);
        try (Scope step = torch.scope()) {
            NDArray product = eight.run(LINEAR, "f", step.manager().eye(columns), eight.group("m")); // [columns,rows]
            float[] seen = product.toFloatArray();
            for (int i = 0; i < levels.length; i++) {
                int r = i / columns;
                assertEquals(levels[i], Math.round(seen[i % columns * rows + r] / wide[r]), "element " + i);
            }
        }
        Weights masters = Weights.read(torch, List.of(matrix), Precision.FLOAT32, true, w -> kept);
        float[] values = masters.values("m");
        for (int i = 0; i < levels.length; i++) {
            assertEquals(levels[i] * wide[i / columns], values[i]);
        }
    }
}
