package org.dnd4j.core.code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.dnd4j.core.Why;
import org.dnd4j.core.guard.Worker;
import org.dnd4j.spi.UserError;

/** Writes a {@link CodeFile} under a temporary name and gives it its own when it is whole. */
public final class CodeWriter implements AutoCloseable {
    private final Path path;
    private final Path temporary;
    private final CodeFile.Header header;
    private final int width;
    private final int perBlock;
    private final CRC32C sum = new CRC32C();
    private final CRC32C block = new CRC32C();
    private final List<Integer> sums = new ArrayList<>();
    private int[] index = new int[1 << 10];
    private int images;
    private CRC32C summed = sum;
    private final FileChannel out;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    CodeWriter(Path path, CodeFile.Header header) {
        this.path = path;
        this.temporary = path.resolveSibling(path.getFileName() + ".tmp");
        this.header = header;
        this.width = header.bytesPerCode();
        this.perBlock = Layout.perBlock(header.bytesPerImage());
        byte[] text = header.bytes();
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            out = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw failure(e);
        }
        put(ByteBuffer.wrap(Layout.MAGIC));
        putInt(Layout.VERSION);
        putInt(text.length);
        put(ByteBuffer.wrap(text));
        drain();
        summed = block;
    }

    /**
     * Adds one image.
     *
     * @param label of {@link CodeFile.Header#classes}, 0 if there are none
     * @param variants one map per augmentation, as many as the header says
     * @throws UserError if the label is not one of the classes, or the disk is full
     * @throws IllegalArgumentException if the maps do not fit the header
     */
    public void add(Split split, int label, List<CodeMap> variants) {
        int classes = header.classes().size();
        if (label < 0 || label >= Math.max(1, classes)) {
            throw new UserError(path + ": image " + images + " has the label " + label + ", outside the " + classes
                    + " classes");
        }
        if (variants.size() != header.variants()) {
            throw new IllegalArgumentException(variants.size() + " variants, not " + header.variants());
        }
        variants.forEach(this::check);
        for (CodeMap map : variants) {
            for (int code : map.codes()) {
                room(4);
                if (width == 2) {
                    buffer.putShort((short) code);
                } else {
                    buffer.putInt(code);
                }
            }
        }
        if (2 * images == index.length) {
            index = Arrays.copyOf(index, 2 * index.length);
        }
        index[2 * images] = split.ordinal();
        index[2 * images + 1] = label;
        images++;
        if (images % perBlock == 0) {
            seal();
        }
    }

    /** Ends a block of images. */
    private void seal() {
        drain();
        sums.add((int) block.getValue());
        block.reset();
    }

    private void check(CodeMap map) {
        if (map.height() != header.height() || map.width() != header.width() || map.depth() != header.depth()) {
            throw new IllegalArgumentException(map + " in a file of " + header.height() + "×" + header.width() + "×"
                    + header.depth());
        }
        int[] codes = map.codes();
        for (int i = 0; i < codes.length; i++) {
            int k = i % header.depth();
            if (codes[i] >= header.sizes().get(k)) {
                throw new IllegalArgumentException("code " + codes[i] + " at depth " + k + ", which has only "
                        + header.sizes().get(k));
            }
        }
    }

    /**
     * Seals the file, syncs it, and puts it in its place.
     *
     * @throws UserError if that cannot be done; nothing is left behind then
     */
    public void finish() {
        if (images % perBlock != 0) {
            seal();
        }
        summed = sum;
        for (int i = 0; i < 2 * images; i++) {
            putInt(index[i]);
        }
        sums.forEach(this::putInt);
        putInt(perBlock);
        room(8);
        buffer.putLong(images);
        drain();
        try {
            ByteBuffer seal = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) sum.getValue()).flip();
            while (seal.hasRemaining()) {
                out.write(seal);
            }
            out.force(true);
            out.close();
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void put(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            room(1);
            buffer.put(bytes.get());
        }
    }

    private void putInt(int value) {
        room(4);
        buffer.putInt(value);
    }

    private void room(int bytes) {
        if (buffer.remaining() < bytes) {
            drain();
        }
    }

    private void drain() {
        buffer.flip();
        summed.update(buffer.duplicate());
        try {
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        } catch (IOException e) {
            throw failure(e);
        }
        buffer.clear();
    }

    private UserError failure(IOException e) {
        UserError error = new UserError(path + ": cannot be written: " + Why.of(e), e);
        if (out != null) {
            try {
                close();
            } catch (UserError left) {
                error.addSuppressed(left);
            }
        }
        return error;
    }

    /** Without {@link #finish} before it, leaves nothing behind. */
    @Override
    public void close() {
        if (!out.isOpen()) {
            return;
        }
        try {
            out.close();
            if (!Worker.left()) { // then another may be writing it by now
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UserError(temporary + ": cannot be removed: " + Why.of(e), e);
        }
    }
}
