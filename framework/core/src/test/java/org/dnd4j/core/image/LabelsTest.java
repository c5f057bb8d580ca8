package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void fill() throws IOException {
        Files.createDirectory(folder.resolve("deep"));
        for (String name : List.of("a.png", "b.png", "deep/c.d.png")) {
            Png.write(folder.resolve(name), Picture.filled(16, 16, 0));
        }
    }

    private Path table(String... lines) throws IOException {
        return Files.writeString(folder.resolve("labels.tsv"), String.join("\n", lines) + "\n");
    }

    private Images open(String labels, Integer classes) {
        return new Folder(folder.toString(), 16, labels, classes, null, null, null, null, null, null, 0.0)
                .open(Split.TRAIN, 0);
    }

    /** The name of each picture's class. */
    private Map<String, String> named(Images images) {
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < images.size(); i++) {
            named.put(
                    Path.of(images.name(i)).getFileName().toString(), images.classes().get(images.label(i)));
        }
        return named;
    }

    private String complaint(String labels, Integer classes) {
        return assertThrows(UserError.class, () -> open(labels, classes)).getMessage().replace(folder.toString(), "");
    }

    @Test
    void numbersAreClassesAndNamesAreWhatTheyAreCalled() throws IOException {
        table("class\tfile\tname", "2\ta.png\tcat", "0\tb\tdog", "", "2\tc.d\tcat");
        Images images = open(null, null);
        assertEquals(List.of("dog", "1", "cat"), images.classes());
        assertEquals(Map.of("a.png", "cat", "b.png", "dog", "c.d.png", "cat"), named(images));
        assertEquals(List.of("dog", "1", "cat", "3", "4"), open(null, 5).classes());
        assertEquals("/labels.tsv: a.png is of class 2, outside the 2 classes 0 to 1", complaint(null, 2));
    }

    @Test
    void wordsAreNumberedInSortedOrder() throws IOException {
        Path elsewhere = Files.move(table("file\tclass", "a\t10", "b\tzebra", "c.d.png\tfox"), folder.resolve("words.tsv"));
        Images images = open(elsewhere.toString(), null);
        assertEquals(List.of("10", "fox", "zebra"), images.classes());
        assertEquals(Map.of("a.png", "10", "b.png", "zebra", "c.d.png", "fox"), named(images));
    }

    @Test
    void tablesThatSayTooLittleAreNamed() throws IOException {
        table("file\tkind", "a\t1");
        assertEquals(
                "/labels.tsv: its first line must name the columns 'file' and 'class', not [file, kind]",
                complaint(null, null));
        table("file\tclass", "a\t1", "b");
        assertEquals("/labels.tsv: every line has 2 columns, but not the one of b", complaint(null, null));
        table("file\tclass");
        assertEquals("/labels.tsv: holds no labels", complaint(null, null));
        table("file\tclass", "a\t1", "b\t0");
        assertEquals("/deep/c.d.png: has no label in /labels.tsv", complaint(null, null));
    }

    @Test
    void foldersAreClasses() throws IOException {
        assertEquals(List.of("picture"), open(null, null).classes());
        assertEquals(
                "/a.png: lies in no subfolder, so it has no class: move it into one, or set labels to none",
                complaint("subfolders", null));
        Files.createDirectory(folder.resolve("apt"));
        for (String name : List.of("a.png", "b.png")) {
            Files.move(folder.resolve(name), folder.resolve("apt").resolve(name));
        }
        assertEquals(Map.of("a.png", "apt", "b.png", "apt", "c.d.png", "deep"), named(open(null, null)));
        assertTrue(complaint(null, 1).endsWith(": has 2 classes, more than classes = 1"), complaint(null, 1));
        assertEquals(List.of("picture"), open("none", null).classes());
    }
}
