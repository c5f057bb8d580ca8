package org.dnd4j.core.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.dnd4j.core.code.CodeFile.Header;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeFileTest {
    @TempDir
    Path folder;

    private static Header header(int... sizes) {
        List<Integer> list = Arrays.stream(sizes).boxed().toList();
        return new Header(3, 2, list, 2, List.of("cat", "größe \"x\"", "猫"), "residual@1.2", "ab12");
    }

    private record Image(Split split, int label, List<CodeMap> variants) {}

    private static List<Image> images(Header header, int count, long seed) {
        Random random = new Random(seed);
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<CodeMap> variants = new ArrayList<>();
            for (int v = 0; v < header.variants(); v++) {
                int[] codes = new int[header.codesPerMap()];
                for (int k = 0; k < codes.length; k++) {
                    int size = header.sizes().get(k % header.depth());
                    codes[k] = random.nextInt(8) == 0 ? size - 1 : random.nextInt(size); // the largest often
                }
                variants.add(CodeMap.of(header.height(), header.width(), header.depth(), codes));
            }
            images.add(new Image(Split.values()[random.nextInt(2)], random.nextInt(3), variants));
        }
        return images;
    }

    private static void write(Path file, Header header, List<Image> images) {
        try (CodeWriter out = CodeFile.create(file, header)) {
            images.forEach(i -> out.add(i.split(), i.label(), i.variants()));
            out.finish();
        }
    }

    private static void assertHolds(List<Image> images, Header header, CodeFile file) {
        assertEquals(header, file.header());
        for (Split split : Split.values()) {
            List<Image> expected = images.stream().filter(i -> i.split() == split).toList();
            assertEquals(expected.size(), file.count(split));
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.get(i).label(), file.label(split, i));
                for (int v = 0; v < header.variants(); v++) {
                    assertEquals(expected.get(i).variants().get(v), file.map(split, i, v));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 65536, 65537})
    void whatWasWrittenIsRead(int size) {
        Header header = header(5, size);
        List<Image> images = images(header, 20, size);
        Path file = folder.resolve("codes");
        write(file, header, images);
        try (CodeFile read = CodeFile.open(file)) {
            assertHolds(images, header, read);
        }
    }

    @Test
    void mapsLieInSeveralSegments() {
        Header header = header(300, 300);
        List<Image> images = images(header, 23, 1);
        Path file = folder.resolve("codes");
        write(file, header, images);
        for (long segment : new long[] {1, 100, 200, 1 << 20}) {
            try (CodeFile read = CodeFile.open(file, segment)) {
                assertHolds(images, header, read);
            }
        }
    }

    @Test
    void aFileWithoutImagesIsAFile() {
        Path file = folder.resolve("codes");
        write(file, header(4), List.of());
        try (CodeFile read = CodeFile.open(file)) {
            assertEquals(0, read.count(Split.TRAIN));
        }
    }

    @Test
    void codesGoWhereTheyAreWanted() {
        Header header = header(9, 9);
        List<Image> images = images(header, 1, 3);
        Path file = folder.resolve("codes");
        write(file, header, images);
        long[] into = new long[15];
        Arrays.fill(into, -1);
        try (CodeFile read = CodeFile.open(file)) {
            read.codes(images.get(0).split(), 0, 1, into, 2);
        }
        int[] codes = images.get(0).variants().get(1).codes();
        assertArrayEquals(Arrays.stream(codes).asLongStream().toArray(), Arrays.copyOfRange(into, 2, 14));
        assertEquals(-1, into[1]);
        assertEquals(-1, into[14]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyFlippedBitAndEveryCutIsNoticed(int version) throws IOException {
        Header header = header(7, 300);
        List<Image> images = images(header, 3, 4);
        Path file = folder.resolve("codes");
        byte[] bytes = bytes(version, header, images);
        Files.write(file, bytes);
        try (CodeFile read = CodeFile.open(file)) {
            assertHolds(images, header, read);
        }
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(file, damaged, "flipped bit " + bit);
        }
        for (int length = 0; length < bytes.length; length++) {
            assertRefused(file, Arrays.copyOf(bytes, length), "cut to " + length);
        }
        assertRefused(file, Arrays.copyOf(bytes, bytes.length + 8), "longer");
    }

    /** A file written byte by byte as the format's description says: 1 as earlier releases did, 2 with two images a block. */
    private static byte[] bytes(int version, Header header, List<Image> images) {
        ByteBuffer frame = ByteBuffer.allocate(10_000).order(ByteOrder.LITTLE_ENDIAN);
        byte[] json = header.bytes();
        frame.put("DNDCODES".getBytes(StandardCharsets.US_ASCII)).putInt(version).putInt(json.length).put(json);
        int before = frame.position();
        List<byte[]> codes = new ArrayList<>();
        for (Image image : images) {
            ByteBuffer one = ByteBuffer.allocate(header.bytesPerImage()).order(ByteOrder.LITTLE_ENDIAN);
            image.variants().forEach(v -> Arrays.stream(v.codes()).forEach(c -> one.putShort((short) c)));
            codes.add(one.array());
        }
        images.forEach(i -> frame.putInt(i.split().ordinal()).putInt(i.label()));
        for (int first = 0; version == 2 && first < images.size(); first += 2) {
            CRC32C sum = new CRC32C();
            codes.subList(first, Math.min(first + 2, images.size())).forEach(sum::update);
            frame.putInt((int) sum.getValue());
        }
        if (version == 2) {
            frame.putInt(2);
        }
        frame.putLong(images.size());
        CRC32C sum = new CRC32C();
        sum.update(frame.array(), 0, before);
        if (version == 1) {
            codes.forEach(sum::update);
        }
        sum.update(frame.array(), before, frame.position() - before);
        frame.putInt((int) sum.getValue());
        ByteBuffer all = ByteBuffer.allocate(frame.position() + images.size() * header.bytesPerImage());
        all.put(frame.array(), 0, before);
        codes.forEach(all::put);
        all.put(frame.array(), before, frame.position() - before);
        return all.array();
    }

    private static void assertRefused(Path file, byte[] bytes, String how) throws IOException {
        Files.write(file, bytes);
        String message = assertThrows(UserError.class, () -> readAll(file), how).getMessage();
        assertTrue(message.startsWith(file + ": ") && message.lines().count() == 1, message);
    }

    private static void readAll(Path file) {
        try (CodeFile read = CodeFile.open(file)) {
            for (Split split : Split.values()) {
                for (int i = 0; i < read.count(split); i++) {
                    for (int v = 0; v < read.header().variants(); v++) {
                        read.map(split, i, v);
                    }
                }
            }
        }
    }

    @Test
    void aDamagedBlockIsFoundWhenOneOfItsImagesIsWanted() throws IOException {
        Header header = new Header(32, 32, List.of(16384, 16384, 16384, 16384), 2, List.of(), "residual@1.2", "ab12");
        Path file = folder.resolve("codes");
        List<Image> images = new ArrayList<>();
        images(header, 20, 8).forEach(i -> images.add(new Image(Split.TRAIN, 0, i.variants())));
        write(file, header, images); // 16384 bytes an image, four of them a block
        byte[] bytes = Files.readAllBytes(file);
        bytes[16 + header.bytes().length + 9 * header.bytesPerImage() + 5] ^= 1; // in the third block
        Files.write(file, bytes);
        for (long segment : new long[] {1, 1 << 17, 1 << 30}) {
            try (CodeFile read = CodeFile.open(file, segment)) {
                for (int i = 0; i < 20; i++) {
                    int image = i;
                    if (i / 4 == 2) {
                        assertEquals(
                                file + ": is damaged: the checksum of images 8 to 11 does not match; deleted, it is made again",
                                assertThrows(UserError.class, () -> read.map(Split.TRAIN, image, 0)).getMessage());
                    } else {
                        assertEquals(images.get(i).variants().get(1), read.map(Split.TRAIN, image, 1));
                    }
                }
            }
        }
    }

    @Test
    void anUnfinishedFileLeavesNothing() throws IOException {
        Header header = header(4);
        Path file = folder.resolve("sub/codes");
        try (CodeWriter out = CodeFile.create(file, header)) {
            out.add(Split.TRAIN, 0, images(header, 1, 5).get(0).variants());
        }
        try (Stream<Path> left = Files.list(file.getParent())) {
            assertEquals(List.of(), left.toList());
        }
        assertTrue(assertThrows(UserError.class, () -> CodeFile.open(file)).getMessage().contains("no such file"));
    }

    @Test
    void anUnfinishedFileLeavesTheOldOne() {
        Header header = header(4);
        Path file = folder.resolve("codes");
        List<Image> images = images(header, 2, 6);
        write(file, header, images);
        CodeFile.create(file, header).close();
        try (CodeFile read = CodeFile.open(file)) {
            assertHolds(images, header, read);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Header header = header(4, 6);
        Path file = folder.resolve("codes");
        try (CodeWriter out = CodeFile.create(file, header)) {
            List<CodeMap> good = images(header, 1, 7).get(0).variants();
            String message = assertThrows(UserError.class, () -> out.add(Split.TRAIN, 3, good)).getMessage();
            assertEquals(file + ": image 0 has the label 3, outside the 3 classes", message);
            CodeMap tooLarge = CodeMap.of(3, 2, 2, new int[] {0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0});
            CodeMap otherShape = CodeMap.of(2, 3, 2, new int[12]);
            assertThrows(IllegalArgumentException.class, () -> out.add(Split.TRAIN, 0, List.of(good.get(0))));
            assertThrows(IllegalArgumentException.class, () -> out.add(Split.TRAIN, 0, List.of(good.get(0), tooLarge)));
            assertThrows(IllegalArgumentException.class, () -> out.add(Split.TRAIN, 0, List.of(otherShape, good.get(0))));
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path blocked = Files.writeString(folder.resolve("blocked"), "a file, not a folder");
        Path file = blocked.resolve("codes");
        String message = assertThrows(UserError.class, () -> CodeFile.create(file, header(4))).getMessage();
        assertTrue(message.startsWith(file + ": cannot be written"), message);
    }

    @Test
    void aFileOfALaterVersionIsRefused() throws IOException {
        Path file = folder.resolve("codes");
        write(file, header(4), List.of());
        byte[] bytes = Files.readAllBytes(file);
        bytes[8] = 3;
        Files.write(file, bytes);
        assertEquals(
                file + ": is a code file of version 3, only 1 and 2 are known",
                assertThrows(UserError.class, () -> CodeFile.open(file)).getMessage());
    }

    @Test
    void aMapKnowsItsPrefixes() {
        CodeMap map = CodeMap.of(1, 2, 3, new int[] {1, 2, 3, 4, 5, 6});
        assertEquals(6, map.get(0, 1, 2));
        assertEquals(CodeMap.of(1, 2, 2, new int[] {1, 2, 4, 5}), map.prefix(2));
        assertThrows(IllegalArgumentException.class, () -> map.prefix(4));
        assertThrows(IllegalArgumentException.class, () -> CodeMap.of(1, 1, 1, new int[] {-1}));
        assertThrows(IllegalArgumentException.class, () -> CodeMap.of(1, 1, 2, new int[1]));
    }
}
