package org.dnd4j.core.code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.dnd4j.core.Whole;
import org.dnd4j.core.code.CodeFile.Header;
import org.dnd4j.spi.UserError;

/**
 * What a {@link CodeFile} holds beside the codes, and where these lie.
 *
 * @param codes where they begin, in bytes
 * @param index where they end and the index begins
 * @param splits of the images
 * @param labels of the images
 * @param perBlock how many images one checksum is of
 * @param sums of the blocks; none if the codes have been checked as a whole
 */
record Layout(Header header, long codes, long index, int[] splits, int[] labels, int perBlock, int[] sums) {
    static final byte[] MAGIC = "DNDCODES".getBytes(StandardCharsets.US_ASCII);
    /** What is written; 1 is read too. */
    static final int VERSION = 2;

    private static final int START = MAGIC.length + 8;
    private static final int LARGEST_HEADER = 100_000_000;
    private static final int LARGEST_COUNT = 1 << 29;
    private static final int BLOCK = 1 << 16;
    private static final int CHUNK = 1 << 24;

    /** How many images of some bytes share a checksum: one that has to be read for one image should not be much longer. */
    static int perBlock(int bytesPerImage) {
        return Math.max(1, BLOCK / bytesPerImage);
    }

    /**
     * Reads and checks it.
     *
     * @throws UserError naming the file, if it is of another kind or version, cut short or damaged
     */
    static Layout read(Path path, FileChannel in) throws IOException {
        long size = in.size();
        if (size < START) {
            throw new UserError(path + ": is cut short or not a code file: it has only " + size + " bytes");
        }
        ByteBuffer start = Whole.bytes(in, 0, START);
        byte[] magic = new byte[MAGIC.length];
        start.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new UserError(path + ": is not a code file");
        }
        int version = start.getInt();
        if (version != 1 && version != VERSION) {
            throw new UserError(path + ": is a code file of version " + version + ", only 1 and " + VERSION + " are known");
        }
        int footer = version == 1 ? 12 : 16;
        int length = start.getInt();
        long codes = START + (long) length;
        if (length < 2 || length > LARGEST_HEADER || codes + footer > size) {
            throw new UserError(path + ": is cut short or damaged: its header cannot have " + length + " bytes");
        }
        long images = Whole.bytes(in, size - 12, 8).getLong();
        int perBlock = version == 1 ? 1 : Whole.bytes(in, size - 16, 4).getInt();
        long blocks = version == 1 ? 0 : (images + Math.max(1, perBlock) - 1) / Math.max(1, perBlock);
        long index = size - footer - 8 * images - 4 * blocks;
        if (images < 0 || images > LARGEST_COUNT || perBlock < 1 || index < codes) {
            throw new UserError(path + ": is cut short or damaged: " + images + " images do not fill it");
        }
        check(path, in, size, version == 1 ? index : codes, index);
        Header header = Header.read(StandardCharsets.UTF_8.decode(Whole.bytes(in, START, length)).toString(), path);
        if (codes + images * header.bytesPerImage() != index) {
            throw new UserError(path + ": is damaged: " + images + " images do not fill it");
        }
        int[] entries = numbers(in, index, (int) images * 2);
        int[] splits = new int[(int) images];
        int[] labels = new int[(int) images];
        for (int i = 0; i < images; i++) {
            splits[i] = entries[2 * i];
            labels[i] = entries[2 * i + 1];
        }
        return new Layout(header, codes, index, splits, labels, perBlock, numbers(in, index + images * 8, (int) blocks));
    }

    /** Checks the sum at the end of a file against all before it, but for what lies from {@code from} to {@code to}. */
    private static void check(Path path, FileChannel in, long size, long from, long to) throws IOException {
        CRC32C sum = new CRC32C();
        add(sum, in, 0, from);
        add(sum, in, to, size - 4);
        if ((int) sum.getValue() != Whole.bytes(in, size - 4, 4).getInt()) {
            throw new UserError(path + ": is cut short or damaged: its checksum does not match; deleted, it is made again");
        }
    }

    private static void add(CRC32C sum, FileChannel in, long from, long to) throws IOException {
        for (long at = from; at < to; at += CHUNK) {
            sum.update(in.map(FileChannel.MapMode.READ_ONLY, at, Math.min(CHUNK, to - at)));
        }
    }

    private static int[] numbers(FileChannel in, long at, int count) throws IOException {
        int[] numbers = new int[count];
        int some = CHUNK / 4;
        for (int first = 0; first < count; first += some) {
            int next = Math.min(some, count - first);
            Whole.bytes(in, at + first * 4L, next * 4).asIntBuffer().get(numbers, first, next);
        }
        return numbers;
    }
}
