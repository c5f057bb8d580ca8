package org.dnd4j.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;

/**
 * The elements of one weight as a file holds them, row-major and little-endian. A buffer that is mapped from the file is
 * read by torch where it lies.
 *
 * @param kind what they are
 * @param bytes all of them
 * @param scales of {@link Kind#INT8}, one bfloat16 a row of the matrix; of {@link Kind#INT4}, scale and zero of each group,
 *     {@code [rows,groups,2]} bfloat16; otherwise null
 */
public record Elements(Kind kind, ByteBuffer bytes, ByteBuffer scales) {

    /** What an element is. */
    public enum Kind {
        /** IEEE 754 binary32. */
        FLOAT32(4),
        /** The upper half of one. */
        BFLOAT16(2),
        /** A whole number from −127 to 127, to be multiplied with the scale of its row, as {@link Precision#INT8} keeps it. */
        INT8(1),
        /**
         * A whole number from 0 to 15, two a byte, the even column in the lower half: minus 8, to be multiplied with the scale
         * of its group and added to the group's zero. A group is 128 columns of a row, the last one perhaps fewer.
         */
        INT4(1);

        private final int bytes;

        Kind(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes of one element, or of two in {@link #INT4}. */
        public int bytes() {
            return bytes;
        }
    }

    public Elements {
        bytes = bytes.slice();
        scales = scales == null ? null : scales.slice();
        if ((kind == Kind.INT8 || kind == Kind.INT4) != (scales != null)) {
            throw new IllegalArgumentException(kind + (scales == null ? " without" : " with") + " scales");
        }
    }

    /** Bfloat16 numbers of a buffer as float32, which is exact. */
    static float[] widened(ByteBuffer halves, int from, int count) {
        ShortBuffer upper = halves.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat(upper.get(from + i) << 16);
        }
        return values;
    }

    /** How many there are. */
    public long size() {
        return (long) bytes.limit() / kind.bytes() * (kind == Kind.INT4 ? 2 : 1);
    }
}
