package org.dnd4j.core.published;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.core.Why;
import org.dnd4j.core.image.ImageNet;
import org.dnd4j.spi.UserError;

/** The names of a published model's classes, in the order of their numbers. */
public final class Labels {
    private Labels() {}

    /**
     * The names in a file of so many classes.
     *
     * @throws UserError if it cannot be read, or names another number of them
     */
    static List<String> read(Path file, int classes) {
        List<String> names = read(file);
        if (names.size() != classes) {
            throw new UserError(file + ": names " + names.size() + " classes, and the transformer knows " + classes);
        }
        return names;
    }

    /**
     * The names in a file: one a line, or what follows the last tab of each line.
     *
     * @throws UserError if it cannot be read or names nothing
     */
    public static List<String> read(Path file) {
        try {
            List<String> names = Files.readAllLines(file).stream()
                    .filter(l -> !l.isBlank())
                    .map(l -> l.substring(l.lastIndexOf('\t') + 1).strip())
                    .toList();
            if (names.isEmpty() || names.contains("")) {
                throw new UserError(file + ": must hold a name on each line");
            }
            return names;
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        }
    }

    /** Names where nobody gave any: ImageNet's for 1000 classes, else numbers; none for captions. */
    public static List<String> of(int classes) {
        if (classes == 0) {
            return List.of();
        } else if (classes == 1) {
            return List.of("picture");
        }
        return classes == ImageNet.SIZE ? ImageNet.titles() : IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }
}
