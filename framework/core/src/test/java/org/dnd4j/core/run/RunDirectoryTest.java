package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir
    Path folder;

    private RunDirectory begun(String name) {
        RunDirectory run = new RunDirectory(folder.resolve(name));
        run.write(run.experiment(), "{}");
        return run;
    }

    /** Tries the lock of a run, as another process does. */
    public static final class Other {
        private Other() {}

        /** Says 0 if the file could be locked, 7 if not. */
        public static void main(String[] file) throws IOException {
            try (FileChannel channel = FileChannel.open(Path.of(file[0]), StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                System.exit(lock == null ? 7 : 0);
            }
        }
    }

    private static int other(RunDirectory run) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Path.of("target", "test-classes").toString(),
                        Other.class.getName(),
                        run.file(".lock").toString())
                .inheritIO()
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return process.exitValue();
    }

    @Test
    void aClaimThatFailsHereLeavesTheOtherOneStandingForOtherProcesses() throws Exception {
        RunDirectory run = begun("a");
        try (RunDirectory.Claim claim = run.claim()) {
            RunDirectory same = new RunDirectory(folder.resolve("a/../a"));
            assertTrue(assertThrows(UserError.class, same::claim).getMessage().contains("is in use"));
            assertEquals(7, other(run), "another process could lock it too");
        }
        assertEquals(0, other(run));
        run.claim().close();
    }

    @Test
    void aClaimOnNothingLeavesNothing() {
        RunDirectory run = new RunDirectory(folder.resolve("new/deep"));
        run.claim().close();
        assertFalse(Files.exists(folder.resolve("new")));
        run.claim().close();
    }

    @Test
    void aFolderThatCannotBeClaimedCanBeLater() throws IOException {
        RunDirectory run = begun("a");
        Files.createDirectories(run.file(".lock"));
        assertTrue(assertThrows(UserError.class, run::claim).getMessage().contains("cannot be made or written"));
        Files.delete(run.file(".lock"));
        run.claim().close();
    }
}
