package org.dnd4j.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zip files that torch.save writes, that others write, and that someone has prepared. */
class ZipFolderTest {
    private static final byte[] PICKLE = {(byte) 0x80, 2, '}', '.'};

    @TempDir
    Path folder;

    private FileBytes file(byte[] content) throws IOException {
        return FileBytes.open(Files.write(folder.resolve("x.pt"), content));
    }

    private void assertRefused(byte[] content, String reason) throws IOException {
        try (FileBytes file = file(content)) {
            String message = assertThrows(UserError.class, () -> ZipFolder.in(file)).getMessage();
            assertTrue(message.startsWith(file.path() + ": is ") && message.contains(reason), message);
            assertEquals(1, message.lines().count());
        }
    }

    @Test
    void entriesOfOneFolderAreFoundWhicheverItIs() throws IOException {
        for (String root : new String[] {"archive/", "0250000/", "a b/", ""}) {
            byte[] zip = TorchZip.stored().add(root + "data.pkl", PICKLE).add(root + "data/0", new byte[7]).bytes();
            try (FileBytes file = file(zip)) {
                ZipFolder in = ZipFolder.in(file);
                assertEquals(root, in.root());
                assertArrayEquals(PICKLE, in.bytes(in.entry("data.pkl")));
                assertEquals(7, in.entry("data/0").size());
                assertEquals(0, in.entry("data.pkl").at() % 64);
                assertNull(in.entry("data/1"));
            }
        }
    }

    @Test
    void whatJavaPacksIsReadToo() throws IOException {
        Path path = folder.resolve("java.zip");
        byte[] content = new byte[100_000];
        Arrays.fill(content, 50_000, 100_000, (byte) 7);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(path))) {
            out.setComment("re-packed");
            for (String name : new String[] {"x/", "x/data.pkl", "x/data/0"}) {
                out.putNextEntry(new ZipEntry(name));
                out.write(name.endsWith("/") ? new byte[0] : name.endsWith("0") ? content : PICKLE);
            }
        }
        try (FileBytes file = FileBytes.open(path)) {
            ZipFolder in = ZipFolder.in(file);
            assertArrayEquals(content, in.bytes(in.entry("data/0")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../data/0", "x/../../0", "/etc/passwd", "x//0", "x/./0", "y/data/0", "x\\..\\0", "C:/0", "x/a\nb",
                "x/a\u0000b", "data/0"
            })
    void namesThatLeadOutOfTheFolderAreRefused(String name) throws IOException {
        assertRefused(TorchZip.stored().add("x/data.pkl", PICKLE).add(name, PICKLE).bytes(), "which does not lie in x/");
    }

    @Test
    void entriesThatContradictEachOtherAreRefused() throws IOException {
        assertRefused(
                TorchZip.stored().add("x/data.pkl", PICKLE).add("x/data/0", PICKLE).add("x/data/0", PICKLE).bytes(),
                "two entries 'x/data/0'");
        TorchZip shared = TorchZip.stored().add("x/data.pkl", PICKLE);
        int at = shared.size();
        assertRefused(shared.add("x/data/0", PICKLE).add("x/data/0", PICKLE, 4, 4, at).bytes(), "overlap");
        assertRefused(
                TorchZip.stored().add("x/data.pkl", PICKLE, 200, 200, 0).add("x/data/0", new byte[300]).bytes(), "overlap");
        assertRefused(TorchZip.stored().add("x/data.pkl", PICKLE, 4, 4, 1).bytes(), "another one where it lies");
        assertRefused(TorchZip.stored().add("x/data.pkl", PICKLE).add("x/data/1", PICKLE, 4, 4, 0).bytes(), "another one");
        assertRefused(TorchZip.stored().add("x/data.pkl", PICKLE, 4, 5, 0).bytes(), "is stored, but 4 bytes are not 5");
        assertRefused(TorchZip.stored().add("x/data.pkl", PICKLE, 5000, 5000, 0).bytes(), "does not fit");
        assertRefused(TorchZip.stored().add("x/data.pkl", PICKLE, 1L << 62, 1L << 62, 0).bytes(), "does not fit");
        assertRefused(TorchZip.stored().add("x/data.pkl", PICKLE, 4, 4, 1L << 40).bytes(), "lies outside");
        assertRefused(TorchZip.stored().add("x/data.pkl", PICKLE, -1, -1, -1).bytes(), "lies outside");
        byte[] good = TorchZip.stored().add("x/data.pkl", PICKLE).bytes();
        assertRefused(Arrays.copyOf(good, good.length - 1), "is cut short");
        assertRefused(Arrays.copyOf(good, good.length + 1), "is cut short");
        ByteBuffer before = ByteBuffer.allocate(good.length + 10).position(10).put(good);
        assertRefused(before.array(), "does not lie where it should");
        byte[] encrypted = good.clone();
        encrypted[indexOf(good, "PK\1\2") + 8] |= 1;
        assertRefused(encrypted, "neither stored nor deflated");
    }

    private static int indexOf(byte[] in, String text) {
        return new String(in, StandardCharsets.ISO_8859_1).indexOf(text);
    }

    /** A few bytes must not become many: all deflated entries together are held to a multiple of the file. */
    @Test
    void whatGrowsTooMuchIsRefusedBeforeItIsInflated() throws IOException {
        byte[] zeros = new byte[10 << 20];
        byte[] bomb = TorchZip.deflated().add("x/data.pkl", PICKLE).add("x/data/0", zeros).bytes();
        assertTrue(bomb.length < 20_000);
        assertRefused(bomb, "it would grow to 10485764 bytes, more than 32 times its size");
        byte[] lies = TorchZip.deflated().add("x/data.pkl", new byte[] {3, 0}, 2, 100, 0).bytes(); // an empty stream
        try (FileBytes file = file(lies)) {
            ZipFolder in = ZipFolder.in(file);
            String message = assertThrows(UserError.class, () -> in.bytes(in.entry("data.pkl"))).getMessage();
            assertTrue(message.endsWith("is damaged: x/data.pkl does not inflate to 100 bytes"), message);
        }
    }

    /** Written sparsely: five gigabytes of zeros take no room. */
    @Test
    void filesAboveFourGigabytesAreRead() throws IOException {
        long elements = 1_250_000_000; // float32: 5 GB, more than any Java array or mapping holds
        String pickle = "\u0080\2}("
                + tensor("end", "Float", 0, elements, elements - 3, "K\3\u0085", "K\1\u0085")
                + tensor("wide", "Float", 0, elements, 0, "K\2\u0085", "J" + little(elements - 1) + "\u0085")
                + tensor("after", "Long", 1, 1, 0, ")", ")")
                + "u.";
        byte[] after = new byte[8];
        after[0] = 42;
        TorchZip front = TorchZip.stored().add("x/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
        int begin = front.size();
        front.add("x/data/0", new byte[0], elements * 4, elements * 4, begin);
        byte[] head = front.soFar();
        TorchZip back = TorchZip.stored().add("x/data/1", after);
        long second = head.length - 16 + elements * 4; // the header of the large entry has no bytes of its own behind it
        front.add("x/data/1", after, 8, 8, second);
        Path path = folder.resolve("large.pt");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(head, 0, head.length - 16);
            file.seek(second - 12);
            file.write(ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2).putFloat(3).array());
            file.write(back.soFar());
            file.write(front.end(file.getFilePointer()));
        }
        assertTrue(Files.size(path) > elements * 4);
        try (Container file = Container.open(path)) {
            assertArrayEquals(new float[] {1, 2, 3}, ((Stored) file.at("end")).floats());
            assertArrayEquals(new float[] {0, 3}, ((Stored) file.at("wide")).floats());
            assertArrayEquals(new long[] {42}, ((Stored) file.at("after")).longs());
        } finally {
            Files.delete(path);
        }
    }

    private static String tensor(
            String name, String type, int key, long elements, long offset, String size, String strides) {
        return text(name) + "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\n" + type + "Storage\n"
                + text(Integer.toString(key)) + text("cpu") + "J" + little(elements) + "tQJ" + little(offset)
                + size + strides + "\u0089)tR";
    }

    private static String text(String text) {
        return "X" + little(text.length()) + text;
    }

    private static String little(long number) {
        byte[] bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) number).array();
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
