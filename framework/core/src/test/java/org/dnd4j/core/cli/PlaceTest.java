package org.dnd4j.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dnd4j.core.run.Operations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceTest {
    @TempDir
    Path home;

    @BeforeEach
    void lie() {
        System.setProperty("dnd4j.home", home.toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty("dnd4j.home");
    }

    @Test
    void settingsBesideTheProgramAreTheDefaults() throws IOException {
        assertEquals(Operations.DEFAULT, new Place().operations());
        Files.writeString(
                Files.createDirectory(home.resolve("configs")).resolve("org.dnd4j.core.cfg"), "device=gpu1\nthreads=3\n");
        assertEquals(new Operations("gpu1", 3, Path.of("runs")), new Place().operations());
        Place place = new Place();
        place.device = "cpu";
        place.runs = Path.of("elsewhere");
        assertEquals(new Operations("cpu", 3, Path.of("elsewhere")), place.operations());
    }

    @Test
    void noThreadsAreWrongUsage() {
        Place place = new Place();
        place.threads = 0;
        assertThrows(Misuse.class, place::operations);
    }
}
