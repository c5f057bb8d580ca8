package org.dnd4j.core.cli;

/** Of lines that may end in any order, the exit code of the first that failed. */
final class Verdict {
    private int line;
    private int failed = Integer.MAX_VALUE;
    private int code;

    synchronized void begin() {
        line++;
    }

    /** The number of the present line. */
    synchronized int line() {
        return line;
    }

    /** A line has ended so. */
    synchronized void of(int which, int with) {
        if (with != Console.DONE && which < failed) {
            failed = which;
            code = with;
        }
    }

    synchronized int code() {
        return code;
    }
}
