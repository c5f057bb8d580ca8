package org.dnd4j.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import org.slf4j.LoggerFactory;

/** What is logged: to standard error from a level on, and to a file, if there is one, what a console does as well. */
final class Logs {
    private static final String FILE_SIZE = "10MB";
    private static final int KEPT = 5;

    private Logs() {}

    /** From now on nothing below this level is logged to standard error. */
    static void level(String name) {
        Level level = Level.toLevel(name, Level.WARN);
        Logger root = root();
        if (root == null) {
            return;
        }
        Appender<ILoggingEvent> file = root.getAppender("FILE");
        root.setLevel(file == null || level.levelInt < Level.INFO_INT ? level : Level.INFO);
        Appender<ILoggingEvent> stderr = root.getAppender("STDERR");
        stderr.clearAllFilters();
        ThresholdFilter least = new ThresholdFilter();
        least.setLevel(level.toString());
        least.start();
        stderr.addFilter(least);
    }

    /**
     * Also logs to this file; at 10 MB it is set aside, and the last five are kept: {@code FILE.1} to {@code FILE.5}.
     *
     * @return whether that can be done: not to what cannot be written, nor with a percent sign in the path
     */
    static boolean file(String path) {
        Logger root = root();
        if (root == null || path.contains("%")) { // which the names of full files would be made of
            return false;
        }
        LoggerContext context = root.getLoggerContext();
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setName("FILE");
        file.setFile(path);
        PatternLayoutEncoder lines = new PatternLayoutEncoder();
        lines.setContext(context);
        lines.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSS,UTC}Z %-5level %logger{0}: %msg%n");
        lines.start();
        FixedWindowRollingPolicy aside = new FixedWindowRollingPolicy();
        aside.setContext(context);
        aside.setParent(file);
        aside.setFileNamePattern(path + ".%i");
        aside.setMinIndex(1);
        aside.setMaxIndex(KEPT);
        aside.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(FileSize.valueOf(FILE_SIZE));
        size.setCheckIncrement(Duration.buildBySeconds(1)); // not once a minute, in which a debug log can fill a disk
        size.start();
        file.setEncoder(lines);
        file.setRollingPolicy(aside);
        file.setTriggeringPolicy(size);
        file.start();
        if (!file.isStarted()) {
            return false;
        }
        root.addAppender(file);
        level(String.valueOf(root.getLevel()));
        return true;
    }

    private static Logger root() {
        return LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root ? root : null;
    }
}
