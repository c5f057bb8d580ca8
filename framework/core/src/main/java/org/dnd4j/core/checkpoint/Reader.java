package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongFunction;
import org.dnd4j.spi.UserError;

/** Reads forwards, little-endian, from one byte of a file to another, and never asks for memory for more than there is. */
final class Reader {
    private static final int PIECE = 8 << 10;

    /** Fills a buffer from a position. */
    private interface Source {
        void read(long at, ByteBuffer into);
    }

    private final Source source;
    private final LongFunction<UserError> early;
    private final long end;
    private long next;
    private ByteBuffer piece = ByteBuffer.allocate(0);

    /** Some bytes of a file. */
    Reader(FileBytes file, long begin, long end) {
        this(file::read, at -> early(file.path().toString(), at), begin, end);
    }

    /** Bytes in memory; {@code name} is for messages. */
    Reader(String name, byte[] bytes) {
        this(
                (at, into) -> into.put(bytes, (int) at, into.remaining()),
                at -> early(name, at),
                0,
                bytes.length);
    }

    private Reader(Source source, LongFunction<UserError> early, long begin, long end) {
        this.source = source;
        this.early = early;
        this.next = begin;
        this.end = end;
    }

    private static UserError early(String name, long at) {
        return new UserError(name + ": is cut short or damaged: it ends early, at byte " + at);
    }

    /** Where the next byte lies. */
    long position() {
        return next - piece.remaining();
    }

    long remaining() {
        return end - position();
    }

    private ByteBuffer have(int bytes) {
        if (piece.remaining() < bytes) {
            long here = position();
            if (end - here < bytes) {
                throw early.apply(here);
            }
            piece = ByteBuffer.allocate((int) Math.min(PIECE, end - here)).order(ByteOrder.LITTLE_ENDIAN);
            source.read(here, piece);
            piece.flip();
            next = here + piece.limit();
        }
        return piece;
    }

    /** One byte. */
    int whole1() {
        return have(1).get() & 0xFF;
    }

    /** Two bytes. */
    int whole2() {
        return have(2).getShort() & 0xFFFF;
    }

    /** Four bytes. */
    long whole4() {
        return have(4).getInt() & 0xFFFFFFFFL;
    }

    /** Eight bytes, signed. */
    long whole8() {
        return have(8).getLong();
    }

    /** As many bytes, if there are as many. */
    byte[] bytes(long length) {
        if (length < 0 || length > remaining() || length > Integer.MAX_VALUE - 8) {
            throw early.apply(position());
        }
        byte[] bytes = new byte[(int) length];
        int here = Math.min(bytes.length, piece.remaining());
        piece.get(bytes, 0, here);
        if (here < bytes.length) {
            source.read(next, ByteBuffer.wrap(bytes, here, bytes.length - here));
            next += bytes.length - here;
        }
        return bytes;
    }

    void skip(long length) {
        long to = position() + length;
        if (length < 0 || length > remaining()) {
            throw early.apply(position());
        }
        if (length <= piece.remaining()) {
            piece.position(piece.position() + (int) length);
        } else {
            piece = ByteBuffer.allocate(0);
            next = to;
        }
    }
}
