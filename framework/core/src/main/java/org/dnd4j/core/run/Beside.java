package org.dnd4j.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.dnd4j.core.Why;
import org.dnd4j.spi.UserError;

/** Runs that come from elsewhere: made in a folder beside, which takes the run's name when it is whole (decision 0013). */
final class Beside {
    private Beside() {}

    /** Work that fills a run's folder. */
    interface Work<T> {
        T in(RunDirectory made) throws IOException;
    }

    /**
     * Makes sure that a run can be made.
     *
     * @throws UserError if there is something of its name
     */
    static void free(RunDirectory target) {
        if (Files.exists(target.path())) {
            throw new UserError(target.path() + ": is there already: choose another --name, or delete it");
        }
    }

    /**
     * Makes a run, or leaves nothing of it.
     *
     * @param work fills a folder that nobody else writes
     */
    static <T> T make(RunDirectory target, Work<T> work) {
        Path beside = target.path().resolveSibling("." + target.path().getFileName() + ".importing");
        RunDirectory made = new RunDirectory(beside);
        RunDirectory.Claim claim = made.claim(); // before there is anything to remove: what another process makes is its own
        try {
            T answer;
            try (claim) {
                answer = work.in(made);
            }
            Files.move(made.path(), target.path(), StandardCopyOption.ATOMIC_MOVE);
            return answer;
        } catch (IOException e) {
            throw new UserError(target.path() + ": cannot be written: " + Why.of(e), e);
        } finally {
            remove(made.path());
        }
    }

    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return; // what led here is the news
        }
    }
}
