package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;

/**
 * One array on its way into a file.
 *
 * @param name in the file
 * @param type of the elements
 * @param shape sizes, outermost first
 * @param bytes the elements, row-major and little-endian; asked for once, when their turn has come, so that one array at a
 *     time is in memory
 */
public record Part(String name, ElementType type, List<Long> shape, Supplier<ByteBuffer> bytes) {

    /** How many bytes the elements take. */
    long size() {
        return shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
    }
}
