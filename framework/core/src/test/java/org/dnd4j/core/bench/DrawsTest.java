package org.dnd4j.core.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Watch;
import org.dnd4j.core.code.CodeFile;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawsTest {
    @TempDir
    Path folder;

    @Test
    void aRowSaysWhatWasMeasured() {
        Path file = folder.resolve("codes");
        Draws.write(file, 70, 2, Progress.NONE);
        Draws.Result result = Draws.measure(file, 100, Progress.NONE);
        assertEquals(70, result.images());
        assertEquals(2, result.variants());
        assertTrue(result.bytes() > 70 * 2 * 16 * 16 * 2 * 2, "a code takes two bytes: " + result.bytes());
        assertEquals(
                List.of(
                        "images", "variants", "bytes", "open_seconds", "order_seconds", "first_draws_per_second",
                        "later_draws_per_second"),
                List.copyOf(result.fields().keySet()));
        assertTrue(result.perSecond().stream().allMatch(r -> r > 0), result.toString());
    }

    @Test
    void randomCodesAreWrittenAndRemoved() {
        assertEquals(33, Draws.measure(33, 1, 5, Progress.NONE).images());
        assertThrows(Stopped.class, () -> Draws.measure(33, 1, 5, new Watch(w -> true)));
    }

    @Test
    void aFileWithoutTrainingPicturesIsNamed() {
        Path file = folder.resolve("codes");
        CodeFile.Header header = new CodeFile.Header(1, 1, List.of(4), 1, List.of(), "random", "none");
        try (var out = CodeFile.create(file, header)) {
            out.finish();
        }
        assertEquals(
                file + ": holds no pictures to train on",
                assertThrows(UserError.class, () -> Draws.measure(file, 1, Progress.NONE)).getMessage());
    }
}
