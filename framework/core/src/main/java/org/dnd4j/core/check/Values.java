package org.dnd4j.core.check;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Values that a checkpoint holds against the same ones written as JSON. */
final class Values {
    private Values() {}

    /**
     * Whether a value is what JSON has of it: maps hold no less, lists no less and no more, numbers are equal as numbers,
     * and one that JSON has no number for stands as text.
     */
    static boolean same(Object json, Object value) {
        if (json instanceof Map<?, ?> expected) {
            return value instanceof Map<?, ?> found
                    && expected.entrySet().stream()
                            .allMatch(e -> found.containsKey(e.getKey()) && same(e.getValue(), found.get(e.getKey())));
        } else if (json instanceof List<?> expected) {
            return value instanceof List<?> found && expected.size() == found.size() && same(expected.iterator(), found);
        } else if (json instanceof Number expected && value instanceof Number found) {
            return expected.doubleValue() == found.doubleValue() && expected.longValue() == found.longValue();
        }
        return json == null ? value == null : json.equals(value instanceof Number n ? n.toString() : value);
    }

    private static boolean same(Iterator<?> expected, List<?> found) {
        for (Object value : found) {
            if (!same(expected.next(), value)) {
                return false;
            }
        }
        return true;
    }
}
