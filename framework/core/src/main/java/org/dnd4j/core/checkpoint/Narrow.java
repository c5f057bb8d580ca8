package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/** Float32 numbers as fewer bits, rounded to the nearest, to the even one of two: as PyTorch rounds. */
public final class Narrow {
    private static final int LEVELS = 127;
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
