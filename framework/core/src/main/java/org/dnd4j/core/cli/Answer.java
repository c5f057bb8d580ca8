package org.dnd4j.core.cli;

import java.io.PrintStream;

/**
 * What came of a call.
 *
 * @param code the exit code
 * @param out what goes to standard output, empty for nothing
 * @param err what goes to standard error, empty for nothing
 * @param gist the same in a few words, for a reader who did not wait for it
 */
record Answer(int code, String out, String err, String gist) {

    /** Prints it, each part where it belongs. */
    void print(PrintStream to, PrintStream errors) {
        if (!err.isEmpty()) {
            errors.print(err);
            errors.flush();
        }
        if (!out.isEmpty()) {
            to.print(out);
            to.flush();
        }
    }

    /** One that is only a complaint. */
    static Answer complaint(int code, String what) {
        return new Answer(code, "", "dnd4j: " + what + System.lineSeparator(), what);
    }
}
