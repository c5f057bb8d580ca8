package org.dnd4j.djl;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.util.NativeResource;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What DJL's Java asks on its way into its native library, which ends the process where it should throw (decision 0008).
 * {@link Patch} puts these in place of the methods that they are named after.
 */
public final class Doors {
    /** What the native library has a number for; asked for any other, it calls {@code terminate}. */
    private static final Set<DataType> KNOWN = EnumSet.of(
            DataType.FLOAT32,
            DataType.FLOAT64,
            DataType.FLOAT16,
            DataType.UINT8,
            DataType.INT32,
            DataType.INT8,
            DataType.INT64,
            DataType.BOOLEAN,
            DataType.COMPLEX64);

    private Doors() {}

    /** {@link DataType#ordinal}, of a type that there can be arrays of. */
    public static int ordinal(DataType type) {
        if (!KNOWN.contains(type)) {
            String name = type.name().toLowerCase(Locale.ROOT);
            throw new IllegalArgumentException("there are no arrays of " + name + " here"
                    + (type == DataType.BFLOAT16 ? ", only inside of programs: x.to(15)" : ""));
        }
        return type.ordinal();
    }

    /** {@link PtNDArray#getHandle}, of an array that has one: one of strings holds −1, which is no address. */
    public static Object getHandle(PtNDArray array) {
        return getHandle((NativeResource<Long>) array);
    }

    /** {@link NativeResource#getHandle}, of an array or of anything else. */
    public static Object getHandle(NativeResource<?> resource) {
        Object handle = resource.getHandle();
        if (handle instanceof Long address && address == -1) {
            throw new IllegalArgumentException("nothing can be computed with an array of strings");
        }
        return handle;
    }
}
