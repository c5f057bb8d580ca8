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
    double at(ByteBuffer bytes, int index) {
        return switch (this) {
            case F64 -> bytes.getDouble(index * 8);
            case F32 -> bytes.getFloat(index * 4);
            case F16 -> half(bytes.getShort(index * 2));
            case BF16 -> brain(bytes.getShort(index * 2));
            default -> whole(bytes, index);
        };
    }

    /** Element {@code index} as a whole number; fractions are cut off. */
    long whole(ByteBuffer bytes, int index) {
        return switch (this) {
            case I64 -> bytes.getLong(index * 8);
            case I32 -> bytes.getInt(index * 4);
            case I16 -> bytes.getShort(index * 2);
            case I8 -> bytes.get(index);
            case U8 -> bytes.get(index) & 0xFF;
            case BOOL -> bytes.get(index) == 0 ? 0 : 1;
            default -> (long) at(bytes, index);
        };
    }

    /** Elements side by side as float32; in bulk where checkpoints are large. */
    void floats(ByteBuffer bytes, int from, int count, float[] to, int at) {
        if (this == F32) {
            bytes.slice(from * 4, count * 4).order(bytes.order()).asFloatBuffer().get(to, at, count);
        } else if (this == F64) {
            for (int i = 0; i < count; i++) {
                to[at + i] = (float) bytes.getDouble((from + i) * 8);
            }
        } else if (this == F16 || this == BF16) {
            short[] bits = new short[count];
            bytes.slice(from * 2, count * 2).order(bytes.order()).asShortBuffer().get(bits);
            if (this == F16) {
                for (int i = 0; i < count; i++) {
                    to[at + i] = half(bits[i]);
                }
            } else {
                for (int i = 0; i < count; i++) {
                    to[at + i] = brain(bits[i]);
                }
            }
        } else {
            for (int i = 0; i < count; i++) {
                to[at + i] = (float) at(bytes, from + i);
            }
        }
    }

    /** bfloat16: the upper half of a float32. */
    private static float brain(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** IEEE 754 binary16, by whole numbers: processors take a hundred times longer over subnormal fractions. */
    private static float half(short bits) {
        int exponent = bits & 0x7C00;
        int size = exponent == 0
                ? Float.floatToRawIntBits((bits & 0x3FF) * 0x1p-24f)
                : ((bits & 0x7FFF) << 13) + (exponent == 0x7C00 ? 0x70000000 : 0x38000000); // infinite, or no number
        return Float.intBitsToFloat(size | (bits & 0x8000) << 16);
    }
}
