package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTest {
    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** Pictures of 64 pixels with letters of 8: six lines or so of a dozen letters. */
    private static Images open(Path file, Integer words, double heldOut, Split split) {
        return new Text(List.of(file.toString()), 64, 8.0, words, 4, null, null, null, null, null, heldOut).open(split, 0);
    }

    private static List<Picture> pictures(Path file, Integer words) {
        Images images = open(file, words, 0.0, Split.TRAIN);
        return IntStream.range(0, images.size()).mapToObj(images::get).toList();
    }

    private static String complaint(Path file) {
        return assertThrows(UserError.class, () -> open(file, null, 0.0, Split.TRAIN)).getMessage();
    }

    /** Whether a row of pixels has ink in it. */
    private static boolean inked(Picture picture, int y) {
        return IntStream.range(0, picture.width()).anyMatch(x -> picture.at(0, y, x) < 128);
    }

    /** The bands of rows with ink, from the first to the last. */
    private static int lines(Picture picture) {
        int lines = 0;
        for (int y = 1; y < picture.height(); y++) {
            lines += inked(picture, y) && !inked(picture, y - 1) ? 1 : 0;
        }
        return lines;
    }

    @Test
    void howThePathIsWrittenMovesNoPageBetweenTheSplits() throws IOException {
        Path file = file("a.txt", "word ".repeat(40));
        Set<String> held = held(file);
        assertEquals(10, held.size());
        assertEquals(held, held(Path.of("").toAbsolutePath().relativize(file)));
    }

    private static Set<String> held(Path file) {
        Images images = open(file, 1, 0.25, Split.VALIDATION);
        return IntStream.range(0, images.size())
                .mapToObj(i -> images.name(i).substring(file.toString().length()))
                .collect(Collectors.toSet());
    }
}
