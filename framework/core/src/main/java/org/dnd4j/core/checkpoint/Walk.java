package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Visits the elements of a view in the order in which they lie in their storage, so that the file is read forwards, once,
 * through a small window, whatever the strides are. Dimensions are sorted by stride and merged where they are one run.
 */
final class Walk {
    /** Bytes that are read at once; more than this no view holds in memory beside its result. */
    static final int WINDOW = 256 << 10;

    /** Takes equally spaced elements of a window to equally spaced places of the result; all counted in elements. */
    interface Target {
        void take(ByteBuffer window, int from, int step, int count, int to, int toStep);
    }

    private record Dimension(long length, long stride, long target) {}

    private final Storage storage;
    private final List<Dimension> dimensions;
    private final long end;
    private final int bytes;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long first;
    private long held;

    private Walk(Storage storage, List<Dimension> dimensions, long end) {
        this.storage = storage;
        this.dimensions = dimensions;
        this.end = end;
        this.bytes = storage.type().bytes();
    }

    /** Whether no element is reached twice, as told from strides alone; stride 0 repeats and is judged elsewhere. */
    static boolean apart(long[] shape, long[] strides) {
        long span = 0;
        List<Dimension> sorted = sorted(shape, strides);
        for (int i = sorted.size() - 1; i >= 0; i--) {
            Dimension d = sorted.get(i);
            if (d.stride > 0 && d.stride <= span) {
                return false;
            }
            span += (d.length - 1) * d.stride;
        }
        return true;
    }

    /** Hands all elements of a view that has some to {@code target}, whose places are counted row-major. */
    static void over(Storage storage, long offset, long[] shape, long[] strides, Target target) {
        List<Dimension> sorted = merged(sorted(shape, strides));
        long last = offset;
        for (Dimension d : sorted) {
            last += (d.length - 1) * d.stride;
        }
        new Walk(storage, sorted, last + 1).from(0, offset, 0, target);
    }

    /** The dimensions that have an extent, widest stride first. */
    private static List<Dimension> sorted(long[] shape, long[] strides) {
        List<Dimension> dimensions = new ArrayList<>();
        long target = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1) {
                dimensions.add(0, new Dimension(shape[i], strides[i], target));
            }
            target *= shape[i];
        }
        dimensions.sort(Comparator.comparingLong(Dimension::stride).reversed());
        return dimensions;
    }

    private static List<Dimension> merged(List<Dimension> sorted) {
        List<Dimension> merged = new ArrayList<>();
        for (Dimension inner : sorted) {
            Dimension outer = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (outer != null
                    && outer.stride == inner.stride * inner.length
                    && outer.target == inner.target * inner.length) {
                merged.set(merged.size() - 1, new Dimension(outer.length * inner.length, inner.stride, inner.target));
            } else {
                merged.add(inner);
            }
        }
        return merged.isEmpty() ? List.of(new Dimension(1, 1, 1)) : merged;
    }

    private void from(int depth, long at, long to, Target target) {
        Dimension d = dimensions.get(depth);
        if (depth == dimensions.size() - 1) {
            run(d, at, to, target);
            return;
        }
        for (long i = 0; i < d.length; i++) {
            from(depth + 1, at + i * d.stride, to + i * d.target, target);
        }
    }

    /** The innermost dimension, in as many pieces as it takes. */
    private void run(Dimension d, long at, long to, Target target) {
        long most = d.stride == 0 ? d.length : Math.max(1, (WINDOW / bytes - 1) / d.stride + 1);
        for (long done = 0; done < d.length; ) {
            int count = (int) Math.min(most, d.length - done);
            long here = at + done * d.stride;
            see(here, here + (count - 1) * d.stride + 1);
            target.take(window, (int) (here - first), (int) d.stride, count, (int) (to + done * d.target), (int) d.target);
            done += count;
        }
    }

    /** Makes the window hold these elements, and what comes after them. */
    private void see(long begin, long beyond) {
        if (begin >= first && beyond <= first + held) {
            return;
        }
        int length = (int) Math.min(WINDOW / bytes, end - begin);
        if (window.capacity() < length * bytes) {
            window = ByteBuffer.allocate(length * bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        window.clear().limit(length * bytes);
        storage.bytes().read(begin * bytes, window);
        window.clear();
        first = begin;
        held = length;
    }
}
