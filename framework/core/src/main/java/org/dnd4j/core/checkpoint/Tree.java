package org.dnd4j.core.checkpoint;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sees to it that what a pickle has made can be walked: without end, too deep, or so often within itself that walking it
 * would not end in a lifetime, it is refused.
 */
final class Tree {
    private static final int MOST_NESTED = 100;

    /** Lists of lists that are one and the same list grow twofold with each level: thirty levels are a billion parts. */
    private static final long MOST_PARTS = 20_000_000;

    /** How far down something reaches, and how much it is written out in full. */
    private record Size(int depth, long parts) {}

    private static final Size EMPTY = new Size(0, 1);
    private static final Size UNKNOWN = new Size(0, 0);

    private final Map<Object, Size> known = new IdentityHashMap<>();

    private Tree() {}

    /**
     * Measures a value.
     *
     * @throws IllegalArgumentException if whoever walks it would have to be careful
     */
    static void check(Object root) {
        new Tree().size(root, 0);
    }

    private static Collection<?> parts(Object value) {
        return value instanceof Map<?, ?> m ? m.values() : value instanceof List<?> l ? l : List.of();
    }

    private Size size(Object value, int above) {
        if (value instanceof NumpyArray) {
            throw new IllegalArgumentException("has a numpy array without content");
        }
        Collection<?> parts = parts(value);
        if (parts.isEmpty()) {
            return EMPTY;
        }
        Size seen = known.get(value);
        if (seen != null && seen != UNKNOWN && above + seen.depth <= MOST_NESTED) {
            return seen;
        }
        if (seen != null || above > MOST_NESTED) {
            throw new IllegalArgumentException("has values that contain themselves or nest deeper than " + MOST_NESTED);
        }
        known.put(value, UNKNOWN);
        int depth = 0;
        long all = 1;
        for (Object part : parts) {
            Size below = size(part, above + 1);
            depth = Math.max(depth, 1 + below.depth);
            all += below.parts;
            if (all > MOST_PARTS) {
                throw new IllegalArgumentException("repeats its values until there are more than " + MOST_PARTS);
            }
        }
        Size size = new Size(depth, all);
        known.put(value, size);
        return size;
    }

    /** The first thing that was skipped in a value that has been checked, keys included, or null. */
    static Skipped skipped(Object value) {
        return skipped(value, new IdentityHashMap<>());
    }

    private static Skipped skipped(Object value, Map<Object, Boolean> seen) {
        if (value instanceof Skipped s) {
            return s;
        }
        Collection<?> parts = parts(value);
        Collection<?> keys = value instanceof Map<?, ?> m ? m.keySet() : value instanceof Set<?> s ? s : List.of();
        if (parts.isEmpty() && keys.isEmpty() || seen.put(value, true) != null) {
            return null;
        }
        for (Object key : keys) {
            if (key instanceof Skipped s) {
                return s;
            }
        }
        for (Object part : parts) {
            Skipped found = skipped(part, seen);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
