package org.dnd4j.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** What is logged, to standard error. */
final class Logs {
    private Logs() {}

    /** From now on nothing below this level is logged. */
    static void level(String name) {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.toLevel(name, Level.WARN));
        }
    }
}
