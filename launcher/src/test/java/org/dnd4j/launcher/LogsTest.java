package org.dnd4j.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LogsTest {
    private static final int LINE = 10_000;

    /** None of it means anything. */
    private static final String LOG = "b (ü $1).log";

    @TempDir
    Path folder;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @AfterEach
    void close() {
        if (root.getAppender("FILE") != null) {
            root.getAppender("FILE").stop();
            root.detachAppender("FILE");
        }
        Logs.level("warn");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatAConsoleDoesIsWrittenDownWhateverTheLevelOfErrors() throws Exception {
        Path log = folder.resolve("a.log");
        Logs.file(log.toString());
        Logs.level("error");
        root.info("install a.jar");
        root.debug("noise");
        List<String> lines = Files.readAllLines(log);
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.get(0).endsWith("INFO  ROOT: install a.jar"), lines.get(0));
    }

    @Test
    void aFileThatCannotBeWrittenIsNotPassedOverInSilence() throws Exception {
        assertFalse(Logs.file(folder.toString()));
        assertFalse(Logs.file(folder.resolve("100%.log").toString()));
        assertNull(root.getAppender("FILE"));
        assertTrue(Logs.file(folder.resolve("c.log").toString()));
    }

    /** Eight times what one file holds: six are there, none far beyond its size. */
    @Test
    void fullFilesAreSetAsideAndTheOldestGo() throws Exception {
        Path log = folder.resolve(LOG);
        Logs.file(log.toString());
        for (int file = 0; file < 8; file++) {
            for (int i = 0; i < 10 * 1024 * 1024 / LINE + 10; i++) {
                root.info("x".repeat(LINE));
            }
            Thread.sleep(1100); // sizes are looked at once a second
        }
        root.info("the end");
        assertEquals(List.of(LOG, LOG + ".1", LOG + ".2", LOG + ".3", LOG + ".4", LOG + ".5"), files());
        assertTrue(Files.size(log) < 11 * 1024 * 1024);
    }
}
