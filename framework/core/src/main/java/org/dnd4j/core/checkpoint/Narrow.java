package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/** Float32 numbers as fewer bits, rounded to the nearest, to the even one of two: as PyTorch rounds. */
public final class Narrow {
    private static final int LEVELS = 127;
    private static final int LEVELS4 = 15;
    private static final int MIDDLE4 = 8;
    /** Columns of a matrix that share a scale in four bits. */
    public static final int GROUP = 128;

    private static final float LEAST_SCALE = 1e-12f;

    /** Where floats are whole numbers: what is added to it is rounded to one, half to even, and ends its bits. */
    private static final float ROUND = 0x1.8p23f;

    private Narrow() {}

    /** The numbers themselves. */
    public static ByteBuffer float32(float[] values) {
        ByteBuffer bytes = little(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    /** The upper halves; what is no number stays none. */
    public static ByteBuffer bfloat16(float[] values) {
        ByteBuffer bytes = little(values.length * Short.BYTES);
        short[] halves = new short[values.length];
        inParts(values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                halves[i] = bfloat16(values[i]);
            }
        });
        bytes.asShortBuffer().put(halves);
        return bytes;
    }

    static short bfloat16(float value) {
        if (Float.isNaN(value)) {
            return 0x7FC0;
        }
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    /**
     * The scale of each row of a matrix: its largest magnitude becomes 127.
     *
     * @param values {@code [rows,columns]}, row-major
     * @return {@code [rows]}
     */
    public static float[] scales(float[] values, int rows) {
        float[] scales = new float[rows];
        int columns = values.length / rows;
        inParts(rows, (from, to) -> {
            for (int r = from; r < to; r++) {
                float largest = 0;
                for (int i = r * columns; i < (r + 1) * columns; i++) {
                    largest = Math.max(largest, Math.abs(values[i]));
                }
                scales[r] = Math.max(largest / LEVELS, LEAST_SCALE);
            }
        });
        return scales;
    }

    /**
     * Whole numbers from −127 to 127 which, times the scale of their row, are nearest to the values.
     *
     * @param scales as {@link #scales} finds them, by which no value is more than 127 times its scale
     */
    public static ByteBuffer int8(float[] values, float[] scales) {
        byte[] bytes = new byte[values.length];
        int columns = values.length / scales.length;
        inParts(scales.length, (from, to) -> {
            for (int r = from; r < to; r++) {
                float scale = scales[r];
                for (int i = r * columns; i < (r + 1) * columns; i++) {
                    bytes[i] = (byte) Float.floatToRawIntBits(values[i] / scale + ROUND);
                }
            }
        });
        return ByteBuffer.wrap(bytes);
    }

    /**
     * Scale and zero of each group of 128 columns of a row, which put its least number at 0 and its greatest at 15. A last
     * group of fewer counts a 0 in.
     *
     * @param values {@code [rows,columns]}, row-major
     * @return {@code [rows,groups,2]}, each of them a bfloat16
     */
    public static float[] scales4(float[] values, int rows) {
        int columns = values.length / rows;
        int groups = groups(columns);
        float[] scales = new float[2 * rows * groups];
        inParts(rows, (from, to) -> {
            for (int g = from * groups; g < to * groups; g++) {
                int start = g / groups * columns + g % groups * GROUP;
                int end = Math.min(start + GROUP, (g / groups + 1) * columns);
                float least = end - start < GROUP ? 0 : values[start];
                float greatest = least;
                for (int i = start; i < end; i++) {
                    least = Math.min(least, values[i]);
                    greatest = Math.max(greatest, values[i]);
                }
                float scale = rounded(Math.max((greatest - least) / LEVELS4, LEAST_SCALE));
                scales[2 * g] = scale;
                scales[2 * g + 1] = rounded(least + MIDDLE4 * scale);
            }
        });
        return scales;
    }

    private static float rounded(float value) {
        return Float.intBitsToFloat(bfloat16(value) << 16);
    }

    /**
     * Whole numbers from 0 to 15, two a byte: minus 8, times their group's scale and plus its zero, they are nearest to the
     * values.
     *
     * @param values {@code [rows,columns]}, of an even number of columns
     * @param scales as {@link #scales4} finds them
     * @return {@code [rows,columns/2]}, the even column in the lower half
     */
    public static ByteBuffer int4(float[] values, float[] scales, int rows) {
        int columns = values.length / rows;
        byte[] bytes = new byte[values.length / 2];
        inParts(rows, (from, to) -> {
            for (int i = from * columns; i < to * columns; i += 2) {
                int g = group(i, columns);
                bytes[i / 2] = (byte) (level(values[i], scales, g) | level(values[i + 1], scales, g) << 4);
            }
        });
        return ByteBuffer.wrap(bytes);
    }

    /**
     * What the whole numbers of {@link #int4} stand for.
     *
     * @param pairs {@code [rows,columns/2]}, two numbers a byte, each byte as a number from 0 to 255
     */
    public static float[] floats4(float[] pairs, float[] scales, int rows) {
        int columns = 2 * pairs.length / rows;
        float[] values = new float[2 * pairs.length];
        for (int i = 0; i < values.length; i++) {
            int g = group(i, columns);
            int level = (int) pairs[i / 2] >> 4 * (i % 2) & LEVELS4;
            values[i] = (level - MIDDLE4) * scales[g] + scales[g + 1];
        }
        return values;
    }

    /** How many groups a row of so many columns has. */
    public static int groups(long columns) {
        return (int) ((columns + GROUP - 1) / GROUP);
    }

    /** Where the scale of an element stands, and behind it the zero. */
    private static int group(int element, int columns) {
        return 2 * (element / columns * groups(columns) + element % columns / GROUP);
    }

    private static int level(float value, float[] scales, int group) {
        int level = (int) Math.rint((value - scales[group + 1]) / scales[group]) + MIDDLE4;
        return Math.max(0, Math.min(LEVELS4, level));
    }

    /** Work on some of a number of things. */
    private interface Part {
        void on(int from, int to);
    }

    /** Divides work among the processors. */
    private static void inParts(int count, Part part) {
        int parts = Math.max(1, Math.min(count, Runtime.getRuntime().availableProcessors()));
        IntStream.range(0, parts)
                .parallel()
                .forEach(p -> part.on((int) ((long) count * p / parts), (int) ((long) count * (p + 1) / parts)));
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
