package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.dnd4j.spi.UserError;

/** An array as a file holds it: elements in a storage that other arrays may share, copied out row-major when asked for. */
public final class Stored {
    /** As torch.Tensor's. */
    static final int MOST_DIMENSIONS = 64;

    private final Storage storage;
    private final long offset;
    private final long[] shape;
    private final long[] strides;

    /**
     * A view of a storage.
     *
     * @param offset the first element
     * @param strides elements between neighbours, by dimension
     * @throws IllegalArgumentException if the view leaves its storage, visits more than that has, or overlaps itself
     */
    Stored(Storage storage, long offset, long[] shape, long[] strides) {
        this.storage = storage;
        this.offset = offset;
        this.shape = shape.clone();
        this.strides = strides.clone();
        if (!inside(storage.size(), offset, shape, strides)) {
            throw new IllegalArgumentException("an array of shape " + Arrays.toString(shape) + ", strides "
                    + Arrays.toString(strides) + " and offset " + offset + " does not lie inside its storage of "
                    + storage.size() + " elements");
        }
        if (elements() > 0 && !Walk.apart(shape, strides)) {
            throw new IllegalArgumentException("an array of shape " + Arrays.toString(shape) + " and strides "
                    + Arrays.toString(strides) + " overlaps itself");
        }
    }

    private static boolean inside(long elements, long offset, long[] shape, long[] strides) {
        if (offset < 0 || shape.length != strides.length || shape.length > MOST_DIMENSIONS) {
            return false;
        }
        if (Arrays.stream(shape).anyMatch(n -> n < 0)) {
            return false;
        }
        if (Arrays.stream(shape).anyMatch(n -> n == 0)) {
            return true;
        }
        long size = 1;
        long last = offset;
        for (int i = 0; i < shape.length; i++) {
            if (size > elements / shape[i]) {
                return false;
            }
            size *= shape[i];
            long steps = shape[i] - 1;
            if (steps > 0 && (strides[i] < 0 || strides[i] > elements / steps)) {
                return false;
            }
            last += steps == 0 ? 0 : steps * strides[i]; // where there is one only, the stride means nothing
            if (last >= elements || last < 0) {
                return false;
            }
        }
        return last < elements;
    }

    /** An array that fills its bytes, row-major. */
    static Stored of(ElementType type, long[] shape, ByteBuffer bytes) {
        return filling(type, shape, bytes, false);
    }

    /**
     * An array of bytes that were read already.
     *
     * @param columnMajor whether the first index runs fastest
     * @throws IllegalArgumentException if they are not as many as its shape needs
     */
    static Stored filling(ElementType type, long[] shape, ByteBuffer bytes, boolean columnMajor) {
        Storage storage = Storage.of(type, bytes);
        Stored array = new Stored(storage, 0, shape, columnMajor ? columnMajor(shape) : rowMajor(shape));
        long needed = array.elements() * type.bytes();
        if (needed != bytes.remaining()) {
            throw new IllegalArgumentException(
                    "an array of " + array + " should have " + needed + " bytes, not " + bytes.remaining());
        }
        return array;
    }

    private static long[] columnMajor(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = 0; i < shape.length; i++) {
            strides[i] = stride;
            stride *= Math.max(1, shape[i]);
        }
        return strides;
    }

    static long[] rowMajor(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape[i]);
        }
        return strides;
    }

    public ElementType type() {
        return storage.type();
    }

    public long[] shape() {
        return shape.clone();
    }

    /** Length of dimension {@code i}, counted from the end if negative. */
    public int size(int i) {
        return fits(shape[i < 0 ? shape.length + i : i]);
    }

    /**
     * Number of elements.
     *
     * @throws UserError if no Java array holds as many
     */
    public int size() {
        return fits(elements());
    }

    /** Number of elements, however many. */
    public long elements() {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b); // no more than the storage has
    }

    private int fits(long number) {
        if (number > Integer.MAX_VALUE - 8) {
            throw new UserError("an array of shape " + Arrays.toString(shape) + " is more than can be read at once");
        }
        return (int) number;
    }

    /** Whether both are views of one storage, as tied weights are. */
    public boolean sharesWith(Stored other) {
        return storage.whole() == other.storage.whole();
    }

    /** Whether both have one shape and, as float32, equal elements. */
    public boolean same(Stored other) {
        return Arrays.equals(shape, other.shape) && Arrays.equals(floats(), other.floats());
    }

    /**
     * The elements, row-major, rounded to float32 if they are finer.
     *
     * @throws UserError if the file has been cut short meanwhile or there are more than 2³¹
     */
    public float[] floats() {
        float[] out = new float[size()];
        walk((window, from, step, count, to, toStep) -> {
            if (step == 1 && toStep == 1) {
                type().floats(window, from, count, out, to);
                return;
            }
            for (int i = 0; i < count; i++) {
                out[to + i * toStep] = (float) type().at(window, from + i * step);
            }
        });
        return out;
    }

    /** The elements, row-major, as doubles; otherwise as {@link #floats}. */
    public double[] doubles() {
        double[] out = new double[size()];
        walk((window, from, step, count, to, toStep) -> {
            for (int i = 0; i < count; i++) {
                out[to + i * toStep] = type().at(window, from + i * step);
            }
        });
        return out;
    }

    /** The elements, row-major, as whole numbers; otherwise as {@link #floats}. */
    public long[] longs() {
        long[] out = new long[size()];
        walk((window, from, step, count, to, toStep) -> {
            for (int i = 0; i < count; i++) {
                out[to + i * toStep] = type().whole(window, from + i * step);
            }
        });
        return out;
    }

    private void walk(Walk.Target target) {
        if (elements() > 0) {
            Walk.over(storage, offset, shape, strides, target);
        }
    }

    @Override
    public String toString() {
        return type() + " " + Arrays.toString(shape);
    }
}
