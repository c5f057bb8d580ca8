package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sizes and the place of a zip entry, from its extra field where they do not fit into 32 bits. */
record Zip64(long size, long packed, long begin) {
    /** Stands where the extra field is to be asked. */
    static final long ELSEWHERE = 0xFFFFFFFFL;

    private static final int ID = 1;

    /** What an entry of the directory means; -1 for a number that should be in the extra field and is not. */
    static Zip64 of(ByteBuffer extra, long size, long packed, long begin) {
        ByteBuffer field = field(extra.order(ByteOrder.LITTLE_ENDIAN));
        return new Zip64(wide(size, field), wide(packed, field), wide(begin, field)); // in this order
    }

    private static long wide(long narrow, ByteBuffer field) {
        if (narrow != ELSEWHERE) {
            return narrow;
        }
        return field.remaining() < Long.BYTES ? -1 : field.getLong();
    }

    private static ByteBuffer field(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = extra.getShort();
            int length = extra.getShort() & 0xFFFF;
            if (length > extra.remaining()) {
                break;
            }
            if (id == ID) {
                return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            }
            extra.position(extra.position() + length);
        }
        return ByteBuffer.allocate(0);
    }
}
