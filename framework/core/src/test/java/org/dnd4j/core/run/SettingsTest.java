package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void aFileIsMadeWithItsFolder() {
        Path file = folder.resolve("configs/a.cfg");
        Settings.in(file).write(Setting.PATIENCE, "30");
        assertEquals(30, Settings.in(file).operations().patience());
        assertTrue(Settings.in(file).says(Setting.PATIENCE));
        assertFalse(Settings.in(file).says(Setting.LOG));
        assertEquals(Operations.DEFAULT.log(), Settings.in(file).operations().log());
    }

    @Test
    void whatOthersWroteStays() throws IOException {
        Path file = Files.writeString(folder.resolve("a.cfg"), "# mine\nthreads : 1\n\nruns = here\\\n  /below\nthreads=2\n");
        Settings.in(file).write(Setting.THREADS, "3");
        assertEquals(List.of("# mine", "threads=3", "", "runs = here\\", "  /below"), Files.readAllLines(file));
        Settings.in(file).write(Setting.RUNS, "there");
        Settings.in(file).write(Setting.LOG, "debug");
        assertEquals(List.of("# mine", "threads=3", "", "runs=there", "log=debug"), Files.readAllLines(file));
        assertEquals(new Operations("auto", 3, Path.of("there"), 600, "debug"), Settings.in(file).operations());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DEVICE   | tpu  | device is 'tpu': must be auto, cpu, or gpu0, gpu1, …
            THREADS  | two  | threads is 'two': must be a whole number
            THREADS  | -2   | threads is -2: must be 0 (PyTorch decides) or more
            RUNS     | ''   | runs is empty: must be the path of a folder
            PATIENCE | 0    | patience is 0: must be a whole number of seconds, at least 1
            LOG      | warm | log is 'warm': one of warn, error, info, off, trace, debug
            """)
    void aBadValueIsNamedAndNotWritten(Setting setting, String value, String complaint) {
        Path file = folder.resolve("a.cfg");
        UserError error = assertThrows(UserError.class, () -> Settings.in(file).write(setting, value));
        assertEquals(complaint, error.getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void aValueThatWouldBeReadBackAsAnotherIsNotWritten() {
        Path file = folder.resolve("a.cfg");
        for (String value : List.of("here\nlog=loud", " here", "here ")) {
            UserError error = assertThrows(UserError.class, () -> Settings.in(file).write(Setting.RUNS, value));
            assertEquals("runs is 'here…': must be one line, without spaces around it", error.getMessage());
        }
        assertFalse(Files.exists(file));
    }

    @Test
    void aBackslashIsReadBack() {
        Path file = folder.resolve("a.cfg");
        Settings.in(file).write(Setting.RUNS, "C:\\runs");
        assertEquals("C:\\runs", Settings.in(file).operations().runs().toString());
    }
}
