package org.dnd4j.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Views of storages against a plain walk over indices, and numbers against plain arithmetic. */
class StoredTest {
    @ParameterizedTest
    @EnumSource
    void everyViewIsWhatAWalkOverItsIndicesGives(ElementType type, @TempDir Path folder) throws IOException {
        Random random = new Random(type.ordinal());
        byte[] bytes = new byte[300_000 * type.bytes()]; // more than one window
        random.nextBytes(bytes);
        ByteBuffer plain = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Path path = Files.write(folder.resolve("x"), bytes);
        try (FileBytes file = FileBytes.open(path)) {
            Storage storage = Storage.in(file, 0, type, 300_000);
            for (int round = 0; round < 60; round++) {
                View view = View.random(random, 300_000);
                Stored stored = new Stored(storage, view.offset, view.shape, view.strides);
                int[] places = view.places();
                double[] expected = Arrays.stream(places).mapToDouble(p -> naive(type, plain, p)).toArray();
                assertArrayEquals(expected, stored.doubles(), view.toString());
                float[] rounded = stored.floats();
                long[] whole = stored.longs();
                for (int i = 0; i < expected.length; i++) {
                    assertEquals((float) expected[i], rounded[i], view + " " + i);
                    assertEquals(type == ElementType.I64 ? plain.getLong(places[i] * 8) : (long) expected[i], whole[i]);
                }
            }
        }
    }

    /** A view as torch makes them: a contiguous array, sliced, stepped over, permuted, now and then repeated. */
    private record View(long offset, long[] shape, long[] strides) {
        static View random(Random random, int elements) {
            int count = random.nextInt(5);
            List<long[]> dimensions = new ArrayList<>();
            long stride = 1;
            for (int i = 0; i < count; i++) {
                long length = 1 + random.nextInt(random.nextInt(8) == 0 ? 3000 : 12);
                long step = 1 + random.nextInt(3);
                if (stride * step * length >= elements / 2) {
                    break;
                }
                dimensions.add(new long[] {length, stride * step});
                stride *= step * length;
            }
            if (random.nextInt(4) == 0) {
                dimensions.add(new long[] {3, 0});
            }
            Collections.shuffle(dimensions, random);
            return new View(
                    random.nextInt(elements / 2),
                    dimensions.stream().mapToLong(d -> d[0]).toArray(),
                    dimensions.stream().mapToLong(d -> d[1]).toArray());
        }

        int[] places() {
            int[] places = {(int) offset};
            for (int d = 0; d < shape.length; d++) {
                int[] wider = new int[places.length * (int) shape[d]];
                for (int i = 0; i < wider.length; i++) {
                    wider[i] = places[i / (int) shape[d]] + i % (int) shape[d] * (int) strides[d];
                }
                places = wider;
            }
            return places;
        }

        @Override
        public String toString() {
            return offset + " " + Arrays.toString(shape) + " " + Arrays.toString(strides);
        }
    }

    private static double naive(ElementType type, ByteBuffer bytes, int i) {
        return switch (type) {
            case F64 -> bytes.getDouble(i * 8);
            case F32 -> bytes.getFloat(i * 4);
            case F16 -> binary(bytes.getShort(i * 2), 10, 15);
            case BF16 -> binary(bytes.getShort(i * 2), 7, 127);
            case I64 -> bytes.getLong(i * 8);
            case I32 -> bytes.getInt(i * 4);
            case I16 -> bytes.getShort(i * 2);
            case I8 -> bytes.get(i);
            case U8 -> Byte.toUnsignedInt(bytes.get(i));
            case BOOL -> bytes.get(i) == 0 ? 0 : 1;
        };
    }

    /** A number of sixteen bits by the definition: sign, exponent, fraction. */
    private static double binary(short bits, int fractionBits, int bias) {
        int fraction = bits & (1 << fractionBits) - 1;
        int exponent = (bits & 0x7FFF) >> fractionBits;
        double sign = bits < 0 ? -1 : 1;
        if (exponent == 2 * bias + 1) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        double size = exponent == 0 ? fraction / Math.pow(2, fractionBits) : 1 + fraction / Math.pow(2, fractionBits);
        return sign * size * Math.pow(2, Math.max(exponent, 1) - bias);
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void everyNumberOfSixteenBitsIsExact(ElementType type) {
        ByteBuffer all = ByteBuffer.allocate(2 * 65536).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 65536; i++) {
            all.putShort((short) i);
        }
        float[] floats = Stored.of(type, new long[] {65536}, all.flip()).floats();
        for (int i = 0; i < 65536; i++) {
            assertEquals((float) naive(type, all, i), floats[i], Integer.toHexString(i));
        }
    }

    @Test
    void whatLeavesItsStorageOrVisitsItTwiceIsRefused() {
        Storage ten = Storage.of(ElementType.F32, ByteBuffer.allocate(40));
        assertRefused(ten, 0, new long[] {11}, new long[] {1});
        assertRefused(ten, 1, new long[] {10}, new long[] {1});
        assertRefused(ten, 0, new long[] {4}, new long[] {4});
        assertRefused(ten, -1, new long[] {4}, new long[] {1});
        assertRefused(ten, 0, new long[] {4}, new long[] {-1});
        assertRefused(ten, 0, new long[] {-4}, new long[] {1});
        assertRefused(ten, 0, new long[] {4, 1}, new long[] {1});
        assertRefused(ten, 0, new long[] {1L << 32, 1L << 32}, new long[] {1, 1});
        assertRefused(ten, 0, new long[] {2, 2}, new long[] {Long.MAX_VALUE, 1});
        assertRefused(ten, 0, new long[] {3, 4}, new long[] {0, 0}); // twelve times one
        assertRefused(ten, 0, new long[] {3, 3}, new long[] {1, 2}); // a window that slides
        assertRefused(ten, 0, new long[65], new long[65]);
        assertEquals(6, new Stored(ten, 4, new long[] {2, 3}, new long[] {0, 2}).size());
        // strides that are not walked
        assertEquals(1, new Stored(ten, 9, new long[] {1, 1}, new long[] {1L << 60, -7}).size());
        assertEquals(0, new Stored(ten, 10, new long[] {1L << 60, 0}, new long[] {1, 1}).size());
    }

    private static void assertRefused(Storage storage, long offset, long[] shape, long[] strides) {
        assertThrows(IllegalArgumentException.class, () -> new Stored(storage, offset, shape, strides));
    }

    @Test
    void whatNoArrayHoldsIsSaidAndNotTried() {
        Storage endless = new Storage(ElementType.U8, 1L << 40, "x", (at, into) -> into.position(into.limit()));
        Stored large = new Stored(endless, 0, new long[] {1L << 20, 1L << 20}, new long[] {1L << 20, 1});
        assertEquals(1L << 40, large.elements());
        assertEquals(1 << 20, large.size(0));
        assertTrue(assertThrows(UserError.class, large::floats).getMessage().contains("more than can be read at once"));
        assertThrows(UserError.class, large::size);
    }

    @Test
    void aFileThatIsCutWhileItIsOpenIsSaidToBe(@TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("x"), new byte[4000]);
        try (FileBytes file = FileBytes.open(path)) {
            Stored stored = new Stored(Storage.in(file, 0, ElementType.F32, 1000), 0, new long[] {1000}, new long[] {1});
            assertEquals(1000, stored.floats().length);
            Files.write(path, new byte[3999]);
            String message = assertThrows(UserError.class, stored::floats).getMessage();
            assertEquals(path + ": is cut short: it ends before byte 4000", message);
        }
    }
}
