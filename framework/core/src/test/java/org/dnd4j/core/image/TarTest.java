package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarTest {
    private final Map<String, byte[]> files = new TreeMap<>();

    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        for (int i = 0; i < 4; i++) {
            files.put(i + ".png", Png.bytes(Picture.filled(20, 20, 0x102030 * i)));
            files.put(i + ".cls", Integer.toString(i % 2).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private Path shard(String name) throws IOException {
        Path shard = folder.resolve(name);
        try (OutputStream file = Files.newOutputStream(shard);
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(name.endsWith(".gz") ? new GZIPOutputStream(file) : file)) {
            for (Map.Entry<String, byte[]> e : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(e.getKey());
                entry.setSize(e.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(e.getValue());
                tar.closeArchiveEntry();
            }
        }
        return shard;
    }

    private static Images open(Path shard, boolean lenient) {
        return new Tar(List.of(shard.toString()), 16, null, null, null, null, lenient, null, 0.0).open(Split.TRAIN, 0);
    }

    private static String complaint(Path shard) {
        return assertThrows(UserError.class, () -> open(shard, false)).getMessage();
    }

    @Test
    void plainAndGzippedShardsHoldTheSame() throws IOException {
        for (String name : List.of("a.tar", "a.tar.gz")) {
            Images images = open(shard(name), false);
            assertEquals(4, images.size());
            assertEquals(List.of("0", "1"), images.classes());
            for (int i = 0; i < 4; i++) {
                assertEquals(Picture.filled(16, 16, 0x102030 * i), images.get(i));
                assertEquals(i % 2, images.label(i));
            }
        }
    }

    @Test
    void damagedPicturesAreNamedOrSkipped() throws IOException {
        files.put("2.png", "no picture".getBytes(StandardCharsets.US_ASCII));
        files.put("3.png", Png.bytes(Picture.filled(8, 8, 0)));
        Path shard = shard("a.tar");
        assertTrue(complaint(shard).matches(".*a\\.tar/(2.png: is not a picture|3.png: is 8x8, smaller).*"), complaint(shard));
        Images images = open(shard, true);
        assertEquals(2, images.size());
        assertEquals(2, images.skipped());
    }

    @Test
    void wrongLabelsAndBrokenShardsAreNamed() throws IOException {
        Files.writeString(folder.resolve("classes.txt"), "cat\ndog\n");
        files.put("3.cls", "7".getBytes(StandardCharsets.US_ASCII));
        assertTrue(complaint(shard("a.tar")).endsWith("a.tar/3.png: is of class 7, outside the 2 classes"));
        files.put("3.cls", "dog".getBytes(StandardCharsets.US_ASCII));
        assertTrue(complaint(shard("a.tar")).endsWith("a.tar/3.cls: must be the number of a class, not 'dog'"));
        for (String name : List.of("a.tar", "a.tar.gz")) {
            byte[] whole = Files.readAllBytes(shard(name));
            Path cut = Files.write(folder.resolve("cut-" + name), Arrays.copyOf(whole, whole.length * 2 / 5));
            assertTrue(complaint(cut).contains("damaged or cut short"), complaint(cut));
        }
    }

    @Test
    void neitherThePathNorTheFormatMovesAPictureBetweenTheSplits() throws IOException {
        for (int i = 0; i < 40; i++) {
            files.put(i + ".png", Png.bytes(Picture.filled(20, 20, i)));
            files.put(i + ".cls", "0".getBytes(StandardCharsets.US_ASCII));
        }
        Path shard = shard("a.tar");
        Set<String> held = held(shard);
        assertEquals(10, held.size());
        Path here = Path.of("").toAbsolutePath();
        assertEquals(held, held(here.relativize(shard)));
        for (int i = 0; i < 40; i++) {
            files.put(i + ".bmp", files.remove(i + ".png"));
        }
        Path moved = Files.createDirectory(folder.resolve("moved")).resolve("a.tar");
        assertEquals(held, held(Files.move(shard("a.tar"), moved)));
    }

    /** The keys of the pictures held out. */
    private static Set<String> held(Path shard) {
        Images images = new Tar(List.of(shard.toString()), 16, null, null, null, null, null, null, 0.25)
                .open(Split.VALIDATION, 0);
        return IntStream.range(0, images.size())
                .mapToObj(i -> images.name(i).substring(shard.toString().length() + 1).replaceFirst("\\..*", ""))
                .collect(Collectors.toSet());
    }
}
