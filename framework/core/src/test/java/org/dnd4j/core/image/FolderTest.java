package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        for (int i = 0; i < 3; i++) {
            Png.write(folder.resolve(i + ".png"), Picture.filled(16, 16, 0x102030 * i));
        }
    }

    private Images open(boolean lenient) {
        return new Folder(folder.toString(), 16, null, null, null, null, null, null, lenient, null, 0.0)
                .open(Split.TRAIN, 0);
    }

    private String complaint() {
        return assertThrows(UserError.class, () -> open(false)).getMessage();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // where links take a right of their own
    void aPictureThatIsMissingIsNamedOrSkipped() throws IOException {
        Files.createSymbolicLink(folder.resolve("3.png"), folder.resolve("gone.png"));
        assertTrue(complaint().endsWith("3.png: does not exist"), complaint());
        assertEquals(3, open(true).size());
        assertEquals(1, open(true).skipped());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // where links take a right of their own
    void aLinkThatLeadsBackIsNamed() throws IOException {
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        assertTrue(complaint().endsWith("loop leads back to a folder that it lies in"), complaint());
    }

    @Test
    void wrongTablesAreNamed() throws IOException {
        Path table = folder.resolve("labels.tsv");
        Files.write(table, new byte[] {'f', 'i', 'l', 'e', '\t', (byte) 0xE9});
        assertTrue(complaint().endsWith("labels.tsv: cannot be read: it is not UTF-8 text"), complaint());
        Files.writeString(table, "file\tclass\n0.png\t0\n");
        assertTrue(complaint().contains(".png: has no label in "), complaint());
    }

    private static Set<String> held(Path at) {
        Images images = new Folder(at.toString(), 16, "none", null, null, null, null, null, null, null, 0.25)
                .open(Split.VALIDATION, 0);
        return IntStream.range(0, images.size()).mapToObj(i -> folderless(at, images.name(i))).collect(Collectors.toSet());
    }

    private static String folderless(Path at, String name) {
        assertTrue(name.startsWith(at.toString()), name); // messages call files as the experiment does
        return at.relativize(Path.of(name)).toString();
    }

    @Test
    void howThePathIsWrittenMovesNoPictureBetweenTheSplits() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("deep"));
        for (int i = 0; i < 40; i++) {
            Png.write(deep.resolve(i + ".png"), Picture.filled(16, 16, i));
        }
        Set<String> held = held(folder);
        assertEquals(11, held.size());
        Path here = Path.of("").toAbsolutePath();
        assertEquals(held, held(here.relativize(folder)));
        assertEquals(held, held(Path.of(".").resolve(here.relativize(folder))));
        assertEquals(held, held(folder.resolve("..").resolve(folder.getFileName())));
        Path moved = Files.move(folder, folder.resolveSibling(folder.getFileName() + "-moved"));
        assertEquals(held, held(moved));
        Files.move(moved, folder);
    }

    @Test
    void aPictureFromElsewhereIsHeldToTheSameSize() {
        Dataset strict = new Folder(folder.toString(), 24, null, null, null, null, null, null, null, null, null);
        Dataset generous = new Folder(folder.toString(), 24, null, null, null, null, null, true, null, null, null);
        Dataset small = new Folder(folder.toString(), 8, null, null, null, null, null, null, null, null, null);
        Path file = folder.resolve("1.png");
        assertEquals(
                file + ": is 16x16, smaller than the crop of 24x24: make it larger first, or name another",
                assertThrows(UserError.class, () -> strict.middle(file)).getMessage());
        assertEquals(Picture.filled(24, 24, 0x102030), generous.middle(file));
        assertEquals(Picture.filled(8, 8, 0x102030), small.middle(file));
    }
}
