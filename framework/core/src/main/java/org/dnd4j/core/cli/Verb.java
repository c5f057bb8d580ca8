package org.dnd4j.core.cli;

import org.dnd4j.core.Progress;

/**
 * One verb: a class annotated with picocli's {@code @Command}, its options and arguments as annotated fields. One is made
 * for every call. It prints nothing; what it returns is printed.
 */
interface Verb {
    /**
     * Does the work.
     *
     * @param progress where to say how far it is; asks for an end on Ctrl-C
     * @return a record, a list of records, a map or a text
     * @throws org.dnd4j.spi.UserError for what the user can put right: exit code 1
     * @throws org.dnd4j.core.Stopped when it ended early because it was asked to: exit code 130
     */
    Object run(Progress progress) throws Exception;

    /** What {@link #run} returned, as it is printed for people: a table, unless a verb's answer is a text of its own. */
    default String text(Object answer) {
        return Table.of(answer);
    }

    /** The exit code that goes with what {@link #run} returned. */
    default int code(Object answer) {
        return 0;
    }

    /** What {@link #run} returned, in a few words for one who did not wait for it; empty if no few words say it. */
    default String gist(Object answer) {
        String text = text(answer);
        return text.lines().count() == 1 ? text : "";
    }

    /** Whether it may take long, so that a console has it done in the background. */
    default boolean isLong() {
        return false;
    }
}
