package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.util.List;

/** A numpy array of which nothing is known until BUILD says what is in it; then a {@link Stored} array takes its place. */
final class NumpyArray {
    private int remembered = -1;

    /** The number under which it was remembered, or -1. */
    int remembered() {
        return remembered;
    }

    void remembered(int index) {
        remembered = index;
    }

    /** The array, or what was skipped of it. The state is (version, shape, type, column-major, bytes). */
    Object filled(Object state) {
        if (state instanceof Skipped) {
            return state;
        }
        List<?> parts = (List<?>) state;
        if (parts.get(2) instanceof Skipped skipped) {
            return skipped;
        }
        ElementType type = (ElementType) parts.get(2);
        long[] shape = Allowed.sizes(parts.get(1));
        ByteBuffer bytes = ByteBuffer.wrap((byte[]) parts.get(4));
        return Stored.filling(type, shape, bytes, Boolean.TRUE.equals(parts.get(3)));
    }
}
