package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that work at the same time. */
class NeighboursIT {
    @TempDir
    Path folder;

    @BeforeEach
    void write() throws Exception {
        Tiny.in(folder);
    }

    private Child start(String runs, int steps) throws Exception {
        return Child.start(folder, "run", "tiny.json", "--runs", runs, "--threads", "1",
                "--set", "tokenizer.training.steps=" + steps);
    }

    @Test
    void inTwoDirectoriesBothEndAndInTheSameBits() throws Exception {
        List<Child> both = List.of(start("one", 30), start("other", 30));
        for (Child child : both) {
            Child.Ended ended = child.ended();
            assertEquals(0, ended.code(), ended.err());
        }
        for (String file : List.of("tokenizer.safetensors", "codes", "transformer.safetensors", "samples.png")) {
            Path one = folder.resolve("one/tiny").resolve(file);
            assertArrayEquals(
                    Files.readAllBytes(one), Files.readAllBytes(folder.resolve("other/tiny").resolve(file)), file);
        }
    }

    @Test
    void inOneDirectoryOnlyOneWorks() throws Exception {
        Child first = start("same", 300);
        Child second = start("same", 300);
        Child.Ended one = first.ended();
        Child.Ended other = second.ended();
        Child.Ended winner = one.code() == 0 ? one : other;
        Child.Ended loser = winner == one ? other : one;
        assertEquals(0, winner.code(), winner.err());
        assertEquals(1, loser.code(), loser.err());
        assertEquals(1, loser.err().lines().count(), loser.err());
        assertTrue(loser.err().matches("dnd4j: .*: is in use by another run; .*\\s*"), loser.err());
        assertEquals("", loser.out());
        assertTrue(Files.exists(folder.resolve("same/tiny/report.html")));
    }
}
