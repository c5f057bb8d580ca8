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
    private final CRC32C sum = new CRC32C();
    private final List<int[]> index = new ArrayList<>();
    private final FileChannel out;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    CodeWriter(Path path, CodeFile.Header header) {
        this.path = path;
        this.temporary = path.resolveSibling(path.getFileName() + ".tmp");
        this.header = header;
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
        put(ByteBuffer.wrap(CodeFile.MAGIC));
        putInt(CodeFile.VERSION);
        putInt(text.length);
        put(ByteBuffer.wrap(text));
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
            throw new UserError(path + ": image " + index.size() + " has the label " + label + ", outside the " + classes
                    + " classes");
        }
        if (variants.size() != header.variants()) {
            throw new IllegalArgumentException(variants.size() + " variants, not " + header.variants());
        }
        variants.forEach(this::check);
        for (CodeMap map : variants) {
            for (int code : map.codes()) {
                room(4);
                if (header.bytesPerCode() == 2) {
                    buffer.putShort((short) code);
                } else {
                    buffer.putInt(code);
                }
            }
        }
        index.add(new int[] {split.ordinal(), label});
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
        for (int[] entry : index) {
            putInt(entry[0]);
            putInt(entry[1]);
        }
        room(8);
        buffer.putLong(index.size());
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
        sum.update(buffer.duplicate());
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
