package org.dnd4j.core.checkpoint;

import java.math.BigInteger;
import java.util.Set;

/** What may be a map's key or a set's member: plain values, so that hashing and comparing them is harmless. */
final class Keys {
    /** Comparing and hashing a key costs as much as it is long, each time it is met. */
    private static final int LONGEST = 1000;

    /** In larger maps keys are of one class: a hash table cannot sort those of several that collide. */
    private static final int MOST_MIXED = 1000;

    private Keys() {}

    /**
     * The value, if it may stand beside the keys that are there.
     *
     * @throws IllegalArgumentException if it may not
     */
    static Object key(Object value, Set<?> among) {
        boolean plain = value == null || value instanceof Long || value instanceof BigInteger || value instanceof Double
                || value instanceof Boolean || value instanceof Skipped || value instanceof String;
        if (!plain) {
            throw new IllegalArgumentException("uses as a key what is no plain value");
        }
        if (value instanceof String s && s.length() > LONGEST) {
            throw new IllegalArgumentException("has a key of " + s.length() + " letters");
        }
        if (among.size() >= MOST_MIXED) {
            Object first = among.iterator().next();
            if (value == null || first == null || value.getClass() != first.getClass()) {
                throw new IllegalArgumentException("has a large map with keys of several kinds");
            }
        }
        return value;
    }
}
