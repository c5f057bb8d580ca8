package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;

/**
 * Elements of one type, one after the other, wherever they are.
 *
 * @param size how many there are
 * @param whole the same object for all that are parts or other readings of one storage
 * @param bytes reads them, little-endian
 */
record Storage(ElementType type, long size, Object whole, Bytes bytes) {

    /** Fills a buffer from byte {@code at} on. */
    interface Bytes {
        void read(long at, ByteBuffer into);
    }

    /** A run of bytes in an open file. */
    static Storage in(FileBytes file, long begin, ElementType type, long size) {
        return new Storage(type, size, new Object(), (at, into) -> file.read(begin + at, into));
    }

    /** Bytes in memory, as many elements as they are. */
    static Storage of(ElementType type, ByteBuffer bytes) {
        ByteBuffer all = bytes.slice();
        Bytes reader = (at, into) -> into.put(all.slice((int) at, into.remaining()));
        return new Storage(type, all.limit() / type.bytes(), all.array(), reader);
    }

    /**
     * Some of these elements.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    Storage part(long begin, long length) {
        if (begin < 0 || length < 0 || begin > size - length) {
            throw new IllegalArgumentException(
                    "a part of " + length + " elements from " + begin + " leaves its storage of " + size);
        }
        long skip = begin * type.bytes();
        return new Storage(type, length, whole, (at, into) -> bytes.read(skip + at, into));
    }

    /** The same bytes as elements of another type. */
    Storage as(ElementType other) {
        return new Storage(other, size * type.bytes() / other.bytes(), whole, bytes);
    }
}
