package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** An array as a file holds it: elements in a storage that other arrays may share, copied out row-major when asked for. */
public final class Stored {

    /** Elements of one type, one after the other. */
    interface Storage {
        ElementType type();

        /** How many elements there are. */
        long size();

        /** All bytes, little-endian; read from the file at each call. */
        ByteBuffer bytes();
    }

    private final Storage storage;
    private final long offset;
    private final long[] shape;
    private final long[] strides;

    /**
     * A view of a storage.
     *
     * @param offset the first element
     * @param strides elements between neighbours, by dimension
     * @throws IllegalArgumentException if the view leaves its storage or visits an element twice over
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
    }

    private static boolean inside(long elements, long offset, long[] shape, long[] strides) {
        if (offset < 0 || shape.length != strides.length || Arrays.stream(shape).anyMatch(n -> n < 0)) {
            return false;
        }
        if (Arrays.stream(shape).anyMatch(n -> n == 0)) {
            return true;
        }
        long size = 1;
        long last = offset;
        for (int i = 0; i < shape.length; i++) {
            if (strides[i] < 0 || strides[i] > elements || shape[i] > elements) {
                return false;
            }
            size *= shape[i];
            last += (shape[i] - 1) * strides[i];
            if (size > elements || last >= elements || size < 0 || last < 0) {
                return false;
            }
        }
        return last < elements;
    }

    /** An array that fills its bytes, row-major. */
    static Stored of(ElementType type, long[] shape, ByteBuffer bytes) {
        long size = bytes.remaining() / type.bytes();
        ByteBuffer ordered = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        return new Stored(storage(type, size, ordered), 0, shape, rowMajor(shape));
    }

    /** The same with the first index running fastest. */
    static Stored columnMajor(ElementType type, long[] shape, ByteBuffer bytes) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = 0; i < shape.length; i++) {
            strides[i] = stride;
            stride *= Math.max(1, shape[i]);
        }
        return new Stored(of(type, shape, bytes).storage, 0, shape, strides);
    }

    private static Storage storage(ElementType type, long size, ByteBuffer bytes) {
        return new Storage() {
            @Override
            public ElementType type() {
                return type;
            }

            @Override
            public long size() {
                return size;
            }

            @Override
            public ByteBuffer bytes() {
                return bytes;
            }
        };
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
        return (int) shape[i < 0 ? shape.length + i : i];
    }

    /** Number of elements. */
    public int size() {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /** Whether both are views of one storage, as tied weights are. */
    public boolean sharesWith(Stored other) {
        return storage == other.storage;
    }

    /** The elements, row-major, rounded to float32 if they are finer. */
    public float[] floats() {
        float[] out = new float[size()];
        ByteBuffer bytes = storage.bytes();
        if (type() == ElementType.F32 && Arrays.equals(strides, rowMajor(shape))) {
            bytes.asFloatBuffer().get((int) offset, out);
            return out;
        }
        int[] places = places();
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) type().at(bytes, places[i]);
        }
        return out;
    }

    /** The elements, row-major, as doubles. */
    public double[] doubles() {
        ByteBuffer bytes = storage.bytes();
        return Arrays.stream(places()).mapToDouble(p -> type().at(bytes, p)).toArray();
    }

    /** The elements, row-major, as whole numbers. */
    public long[] longs() {
        ByteBuffer bytes = storage.bytes();
        return Arrays.stream(places()).mapToLong(p -> type().whole(bytes, p)).toArray();
    }

    /** Where in the storage each element lies, row-major. */
    private int[] places() {
        int[] places = new int[size()];
        int[] index = new int[shape.length];
        long place = offset;
        for (int i = 0; i < places.length; i++) {
            places[i] = (int) place;
            for (int d = shape.length - 1; d >= 0; d--) {
                place += strides[d];
                if (++index[d] < shape[d]) {
                    break;
                }
                place -= strides[d] * shape[d];
                index[d] = 0;
            }
        }
        return places;
    }

    @Override
    public String toString() {
        return type() + " " + Arrays.toString(shape);
    }
}
