package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;

/** What one element of a stored array is; always little-endian. */
public enum ElementType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements are fractions. */
    public boolean floating() {
        return ordinal() <= BF16.ordinal();
    }

    /** Element {@code index} as a double; exact but for 64-bit integers beyond 2⁵³. */
    double at(ByteBuffer storage, int index) {
        return switch (this) {
            case F64 -> storage.getDouble(index * 8);
            case F32 -> storage.getFloat(index * 4);
            case F16 -> half(storage.getShort(index * 2));
            case BF16 -> Float.intBitsToFloat(storage.getShort(index * 2) << 16);
            default -> whole(storage, index);
        };
    }

    /** Element {@code index} as a whole number; fractions are cut off. */
    long whole(ByteBuffer storage, int index) {
        return switch (this) {
            case I64 -> storage.getLong(index * 8);
            case I32 -> storage.getInt(index * 4);
            case I16 -> storage.getShort(index * 2);
            case I8 -> storage.get(index);
            case U8, BOOL -> storage.get(index) & 0xFF;
            default -> (long) at(storage, index);
        };
    }

    /** IEEE 754 binary16. */
    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        double size = exponent == 0
                ? fraction * 0x1p-24
                : exponent == 31
                        ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                        : (1024 + fraction) * Math.scalb(1.0, exponent - 25);
        return bits < 0 ? -size : size;
    }
}
