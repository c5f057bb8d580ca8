package org.dnd4j.core;

/** Someone asked for an end, and what was done so far is safe. */
public final class Stopped extends RuntimeException {
    /**
     * An end in good order.
     *
     * @param where what was reached, and how to go on, in one line
     */
    public Stopped(String where) {
        super(where, null, false, false);
    }
}
