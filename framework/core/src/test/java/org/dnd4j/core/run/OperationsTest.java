package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationsTest {
    @TempDir
    Path folder;

    private Operations read(String text) throws IOException {
        return Settings.in(Files.writeString(folder.resolve("a.cfg"), text)).operations();
    }

    private String complaint(String text) {
        return assertThrows(UserError.class, () -> read(text)).getMessage().replace(folder.toString(), "");
    }

    @Test
    void whatAFileLeavesOutKeepsItsDefault() throws IOException {
        assertSame(Operations.DEFAULT, Settings.in(folder.resolve("nowhere.cfg")).operations());
        assertEquals(new Operations("auto", 0, Path.of("runs")), read(""));
        assertEquals(
                new Operations("gpu1", 3, Path.of("elsewhere")),
                read("# here\ndevice = gpu1 \nthreads=3\nruns: elsewhere\n"));
        assertEquals(new Operations("auto", 2, Path.of("runs")), read("threads=2"));
    }

    @Test
    void whatAVerbSaysGoesFirst() {
        Operations file = new Operations("gpu1", 3, Path.of("a"));
        assertEquals(file, file.onDevice(null).withThreads(null).in(null));
        assertEquals(new Operations("cpu", 1, Path.of("b")), file.onDevice("cpu").withThreads(1).in(Path.of("b")));
    }

    @Test
    void wrongSettingsAreNamed() {
        assertEquals("/a.cfg: unknown key 'thread': one of threads, runs, device, log, patience", complaint("thread=2"));
        assertEquals("/a.cfg: threads is 'many': must be a whole number", complaint("threads=many"));
        assertEquals("/a.cfg: threads is -1: must be 0 (PyTorch decides) or more", complaint("threads=-1"));
        assertTrue(complaint("device=\\u12").startsWith("/a.cfg: cannot be read: "), complaint("device=\\u12"));
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() {
        UserError none = assertThrows(UserError.class, () -> Operations.DEFAULT.onDevice("gpu7").open());
        assertTrue(none.getMessage().startsWith("no device 'gpu7': "), none.getMessage());
    }
}
