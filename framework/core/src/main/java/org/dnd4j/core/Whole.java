package org.dnd4j.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.dnd4j.spi.UserError;

/** Files that are there whole or not at all: written to a temporary name beside them, synced, renamed. */
public final class Whole {
    /** What a file is to hold. */
    @FunctionalInterface
    public interface Content {
        void into(FileChannel out) throws IOException;
    }

    private static final int PIECE = 1 << 18;

    private Whole() {}

    /**
     * Writes a file, in place of one that is there; missing folders are made.
     *
     * @throws UserError if it cannot be written, a full disk for example; then nothing is left of it
     */
    public static void write(Path file, Content content) {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel out = FileChannel.open(
                    temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                content.into(out);
                out.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be written: " + Why.of(e), e);
        } finally {
            remove(temporary);
        }
    }

    private static void remove(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            return; // what could not be written is the news
        }
    }

    /** The same, of bytes. */
    public static void write(Path file, byte[] content) {
        write(file, out -> all(out, ByteBuffer.wrap(content)));
    }

    /** As many bytes of a file as are asked for, which one call need not read; little-endian. */
    public static ByteBuffer bytes(FileChannel in, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (in.read(bytes, at + bytes.position()) < 0) {
                throw new IOException("it ends early");
            }
        }
        return bytes.flip();
    }

    /** Writes all that remains, which one call need not do. */
    public static void all(FileChannel out, ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            // what lies in Java's heap is copied before it is written: in pieces that stay in the processor's cache
            bytes.limit(Math.min(end, bytes.position() + PIECE));
            out.write(bytes);
        }
        bytes.limit(end);
    }
}
