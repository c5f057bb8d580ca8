package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void wordsFillOnePictureAfterTheOther() throws IOException {
        List<Picture> three = pictures(file("a.txt", "one two three four five"), 2);
        assertEquals(3, three.size());
        assertEquals(three.get(0), pictures(file("b.txt", " one\n\ttwo "), null).get(0));
        assertEquals(three.get(2), pictures(file("c.txt", "five"), null).get(0));
        assertEquals(1, lines(three.get(2)));
    }

    @Test
    void linesAreWrappedBetweenWords() throws IOException {
        Picture picture = pictures(file("a.txt", "hill hill hill hill hill hill"), null).get(0);
        assertEquals(2, lines(picture));
        List<Picture> many = pictures(file("b.txt", "hill ".repeat(60)), null);
        assertTrue(many.size() > 1, many.size() + " pictures");
        assertEquals(6, lines(many.get(0)));
        for (Picture p : many) {
            assertTrue(IntStream.range(0, 4).noneMatch(e -> inked(p, e) || inked(p, 63 - e)), "ink in the margin");
        }
    }

    @Test
    void aWordLongerThanALineIsBroken() throws IOException {
        Picture broken = pictures(file("a.txt", "l".repeat(60)), null).get(0);
        assertEquals(2, lines(broken));
        for (int y = 0; y < 64; y++) {
            for (int x = 60; x < 64; x++) {
                assertEquals(255, broken.at(0, y, x), "ink in the margin");
            }
        }
    }

    @Test
    void whatIsDrawnDoesNotDependOnHowTheTextIsKept() throws IOException {
        String text = "naïve Straße Ωμέγα";
        List<Picture> plain = pictures(file("a.txt", text), null);
        assertEquals(plain, pictures(file("marked.txt", "\uFEFF" + text), null));
        Path packed = folder.resolve("a.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(plain, pictures(packed, null));
        assertNotEquals(plain, pictures(file("b.txt", text.replace('ï', 'i')), null));
    }

    @Test
    void whatHoldsNoTextIsSaid() throws IOException {
        for (String empty : List.of("", " \n\t ", "\uFEFF")) {
            String message = complaint(file("a.txt", empty));
            assertTrue(message.endsWith("a.txt]: hold no words"), message);
        }
        Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', 'b', (byte) 0xE9, 'c'});
        assertEquals(latin + ": is not UTF-8: byte 2 starts no character", complaint(latin));
        Path cut = Files.write(folder.resolve("cut.txt"), new byte[] {'a', (byte) 0xC3});
        assertEquals(cut + ": is not UTF-8: byte 1 starts no character", complaint(cut));
        assertEquals(folder.resolve("gone.txt") + ": does not exist", complaint(folder.resolve("gone.txt")));
    }
}
