package org.dnd4j.core.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.dnd4j.core.Why;
import org.dnd4j.spi.UserError;

/**
 * The bytes of an open file, by position. They are read, not mapped: a file that is cut while it is mapped ends the JVM or
 * an unlucky thread, mapped pages count as the process's memory until a collector happens to run, and reading in pieces
 * that fit the processor's cache is faster than copying the file as it is (decision 0014).
 */
final class FileBytes implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final long size;

    private FileBytes(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    /**
     * Opens a file.
     *
     * @throws UserError if there is none that can be read
     */
    @SuppressWarnings("resource") // handed on
    static FileBytes open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new UserError(path + ": there is no such file");
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new FileBytes(path, channel, channel.size());
        } catch (IOException e) {
            throw new UserError(path + ": cannot be read: " + Why.of(e), e);
        }
    }

    Path path() {
        return path;
    }

    /** Bytes in the file when it was opened. */
    long size() {
        return size;
    }

    /**
     * Fills a buffer from a position.
     *
     * @throws UserError if the file ends before that
     */
    void read(long at, ByteBuffer into) {
        try {
            long here = at;
            while (into.hasRemaining()) {
                int read = channel.read(into, here);
                if (read < 0) {
                    throw new UserError(path + ": is cut short: it ends before byte " + (here + into.remaining()));
                }
                here += read;
            }
        } catch (IOException e) {
            throw new UserError(path + ": cannot be read: " + Why.of(e), e);
        }
    }

    /** Some bytes, little-endian; the caller sees to it that the file has as many. */
    ByteBuffer read(long at, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        read(at, bytes);
        return bytes.flip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be closed", e);
        }
    }
}
