package org.dnd4j.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeTest {
    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
        }
    }

    @Test
    void aFileTakesThePlaceOfTheOneBefore() throws IOException {
        Path file = folder.resolve("new/a.txt");
        Whole.write(file, "one, and longer".getBytes());
        Whole.write(file, "two".getBytes());
        assertEquals("two", Files.readString(file));
        assertEquals(List.of("a.txt"), names());
    }

    @Test
    void whatFailsLeavesTheOneBeforeAndNothingElse() throws IOException {
        Path file = folder.resolve("a.txt");
        Whole.write(file, "one".getBytes());
        Whole.Content full = out -> {
            Whole.all(out, ByteBuffer.wrap("tw".getBytes()));
            throw new IOException("No space left on device");
        };
        String error = assertThrows(UserError.class, () -> Whole.write(file, full)).getMessage();
        assertEquals(file + ": cannot be written: No space left on device", error);
        Whole.Content wrong = out -> {
            throw new IllegalStateException("not an array");
        };
        assertThrows(IllegalStateException.class, () -> Whole.write(file, wrong));
        assertEquals("one", Files.readString(file));
        assertEquals(List.of("a.txt"), names());
    }
}
