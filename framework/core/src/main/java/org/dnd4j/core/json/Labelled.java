package org.dnd4j.core.json;

import java.util.function.Supplier;

/** Something that JSON shows as one choice among several, {@code {"label": {…settings…}}}. */
public interface Labelled {
    /** What stands before the settings. */
    String label();

    /** The record whose components are the settings. */
    Record settings();

    /** Reads the record's components. */
    default <V> V reading(Supplier<V> read) {
        return read.get();
    }
}
