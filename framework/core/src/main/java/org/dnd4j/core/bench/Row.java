package org.dnd4j.core.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one work took.
 *
 * @param batch pictures or vectors that are worked on at once
 * @param ms milliseconds of a piece of work: the median
 * @param share of the machine's memory bandwidth or matrix rate that the least possible work takes up in that time; NaN
 *     where neither is the floor
 * @param more what else is said about this kind of work, by name
 */
record Row(String work, String preset, String precision, int batch, double ms, double share, Map<String, Object> more) {
    /** The row as {@code bench --json} prints it. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("work", work);
        fields.put("preset", preset);
        fields.put("precision", precision);
        fields.put("batch", batch);
        fields.put("ms", ms);
        fields.put("share", share);
        fields.putAll(more);
        return fields;
    }

    /** Names and values in turn, as a map in that order. */
    static Map<String, Object> more(Object... namesAndValues) {
        Map<String, Object> more = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            more.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return more;
    }
}
