package org.dnd4j.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class WhyTest {
    @Test
    void reasonsAreWords() {
        assertEquals("permission denied", Why.of(new AccessDeniedException("/x")));
        assertEquals("it does not exist", Why.of(new UncheckedIOException(new NoSuchFileException("/x"))));
        assertEquals("it is not UTF-8 text", Why.of(new MalformedInputException(1)));
        assertEquals("No space left on device", Why.of(new FileSystemException("/x", null, "No space left on device")));
        assertEquals("the link /x leads back to a folder that it lies in", Why.of(new FileSystemLoopException("/x")));
        assertEquals("File too large", Why.of(new IOException("File too large\nat")));
        assertEquals("IOException", Why.of(new IOException()));
    }
}
