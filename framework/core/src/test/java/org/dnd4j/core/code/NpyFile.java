package org.dnd4j.core.code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes numpy's files as numpy does, for tests. */
public final class NpyFile {
    private NpyFile() {}

    /** An array of int64. */
    public static void write(Path file, String shape, long... values) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        write(file, "<i8", shape, data.array());
    }

    /** An array of any type. */
    public static void write(Path file, String type, String shape, byte[] data) throws IOException {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        ByteBuffer bytes = ByteBuffer.allocate(128 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
        bytes.put((header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.ISO_8859_1)).put(data);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes.array());
    }
}
