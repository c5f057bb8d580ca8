package org.dnd4j.core.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Whole;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/** Writes safetensors files, array by array. Equal content gives equal bytes. */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /**
     * Writes a file whole or not at all: to a temporary name beside it, synced, renamed.
     *
     * @param metadata texts beside the arrays
     * @param parts the arrays, in the file's order
     * @throws UserError if it cannot be written, a full disk for example
     */
    public static void write(Path path, Map<String, String> metadata, List<Part> parts) {
        byte[] header = header(metadata, parts);
        Whole.write(path, out -> {
            Whole.all(out, length(header.length));
            Whole.all(out, ByteBuffer.wrap(header));
            StringBuilder sums = new StringBuilder();
            for (Part part : parts) {
                sums.append(write(out, part));
            }
            byte[] sealed = Sums.sealed(header, sums.toString());
            out.write(ByteBuffer.wrap(sealed), 8);
        });
    }

    private static String write(FileChannel out, Part part) throws IOException {
        ByteBuffer bytes = part.bytes().get();
        if (bytes.remaining() != part.size()) {
            throw new IllegalArgumentException(
                    part.name() + " has " + bytes.remaining() + " bytes, not " + part.size() + " as " + part.type() + " "
                            + part.shape() + " does");
        }
        String sum = Safetensors.sum(bytes.duplicate());
        Whole.all(out, bytes);
        return sum;
    }

    private static byte[] header(Map<String, String> metadata, List<Part> parts) {
        Map<String, Object> header = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(Sums.KEY, Sums.open(parts.size()));
        texts.putAll(metadata);
        header.put("__metadata__", texts);
        long at = 0;
        for (Part part : parts) {
            long end = at + part.size();
            Map<String, Object> entry = new LinkedHashMap<>(); // in this order in every JVM, as the file's bytes name it
            entry.put("dtype", part.type().name());
            entry.put("shape", part.shape());
            entry.put("data_offsets", List.of(at, end));
            if (header.put(part.name(), entry) != null) {
                throw new IllegalArgumentException("two arrays are called " + part.name());
            }
            at = end;
        }
        String json = Json.line(header);
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }

    static ByteBuffer length(long length) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).flip();
    }
}
