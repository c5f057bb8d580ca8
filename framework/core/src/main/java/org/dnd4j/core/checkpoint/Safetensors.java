package org.dnd4j.core.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.dnd4j.core.Whole;
import org.dnd4j.core.Why;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/**
 * Named arrays and texts in one safetensors file (REFERENCE I.3). Files written here also carry a checksum over every
 * byte under the metadata key {@code crc32c}, so that a flipped bit is noticed. Arrays are float32.
 */
public final class Safetensors {
    private static final String SUM = "crc32c";
    private static final String NO_SUM = "00000000";
    private static final int LARGEST_HEADER = 100_000_000;

    private final Path path;
    private final Map<String, String> metadata;
    private final Map<String, Entry> entries;

    /** Where one array lies. */
    private record Entry(String dtype, List<Long> shape, long begin, long end) {}

    private Safetensors(Path path, Map<String, String> metadata, Map<String, Entry> entries) {
        this.path = path;
        this.metadata = metadata;
        this.entries = entries;
    }

    /**
     * Writes a file whole or not at all: to a temporary name beside it, synced, renamed.
     *
     * @throws UserError if it cannot be written, a full disk for example
     */
    public static void write(Path path, Map<String, String> metadata, Map<String, NDArray> arrays) {
        byte[] header = header(metadata, arrays);
        CRC32C sum = new CRC32C();
        Whole.write(path, out -> {
            write(out, sum, length(header.length));
            write(out, sum, ByteBuffer.wrap(header));
            for (NDArray array : arrays.values()) {
                write(out, sum, array.toByteBuffer());
            }
            String sealed = new String(header, StandardCharsets.UTF_8)
                    .replaceFirst("\"" + SUM + "\":\"" + NO_SUM, "\"" + SUM + "\":\"" + hex(sum));
            out.write(ByteBuffer.wrap(sealed.getBytes(StandardCharsets.UTF_8)), 8);
        });
    }

    private static byte[] header(Map<String, String> metadata, Map<String, NDArray> arrays) {
        Map<String, Object> header = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(SUM, NO_SUM);
        texts.putAll(metadata);
        header.put("__metadata__", texts);
        long at = 0;
        for (Map.Entry<String, NDArray> e : arrays.entrySet()) {
            NDArray array = e.getValue();
            if (array.getDataType() != DataType.FLOAT32) {
                throw new IllegalArgumentException(e.getKey() + " is " + array.getDataType() + ", not float32");
            }
            long end = at + array.size() * Float.BYTES;
            Map<String, Object> entry = new LinkedHashMap<>(); // in this order in every JVM, as the file's bytes name it
            entry.put("dtype", "F32");
            entry.put("shape", java.util.Arrays.stream(array.getShape().getShape()).boxed().toList());
            entry.put("data_offsets", List.of(at, end));
            header.put(e.getKey(), entry);
            at = end;
        }
        String json = Json.line(header);
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer length(long length) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).flip();
    }

    private static void write(FileChannel out, CRC32C sum, ByteBuffer bytes) throws IOException {
        sum.update(bytes.duplicate());
        Whole.all(out, bytes);
    }

    private static String hex(CRC32C sum) {
        return String.format("%08x", sum.getValue());
    }

    /**
     * Reads the header, checks that the arrays tile the rest of the file, and checks the sum if the file carries one.
     *
     * @throws UserError naming the file and what is wrong with it
     */
    public static Safetensors open(Path path) {
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = in.size();
            ByteBuffer start = read(in, 0, (int) Math.min(8, size)).order(ByteOrder.LITTLE_ENDIAN);
            long length = size < 8 ? -1 : start.getLong();
            if (length < 2 || length > LARGEST_HEADER || length > size - 8) {
                throw damaged(path, "is not a safetensors file or cut short");
            }
            String text = StandardCharsets.UTF_8.decode(read(in, 8, (int) length)).toString();
            Map<String, Entry> entries = new LinkedHashMap<>();
            Map<String, String> metadata = parse(path, text, size - 8 - length, entries);
            String sum = metadata.remove(SUM);
            if (sum != null && !sum.equals(sum(in, text, sum, size))) {
                throw damaged(path, "is damaged: its checksum does not match; deleted, it is made again");
            }
            Map<String, Entry> placed = new LinkedHashMap<>();
            entries.forEach((k, e) -> placed.put(
                    k, new Entry(e.dtype, e.shape, e.begin + 8 + length, e.end + 8 + length)));
            return new Safetensors(path, metadata, placed);
        } catch (NoSuchFileException e) {
            throw new UserError(path + ": there is no such file");
        } catch (IOException e) {
            throw new UserError(path + ": cannot be read: " + Why.of(e), e);
        }
    }

    private static Map<String, String> parse(Path path, String text, long data, Map<String, Entry> entries) {
        Map<String, String> metadata = new LinkedHashMap<>();
        try {
            Map<?, ?> header = (Map<?, ?>) Json.read(text, path.toString());
            long at = 0;
            for (Map.Entry<?, ?> e : header.entrySet()) {
                Map<?, ?> fields = (Map<?, ?>) e.getValue();
                if (e.getKey().equals("__metadata__")) {
                    fields.forEach((k, v) -> metadata.put((String) k, (String) v));
                    continue;
                }
                List<Long> shape = ((List<?>) fields.get("shape")).stream().map(n -> (Long) n).toList();
                List<?> offsets = (List<?>) fields.get("data_offsets");
                Entry entry = new Entry((String) fields.get("dtype"), shape, (Long) offsets.get(0), (Long) offsets.get(1));
                long bytes = shape.stream().reduce((long) Float.BYTES, Math::multiplyExact);
                if (!entry.dtype.equals("F32") || entry.begin != at || entry.end - entry.begin != bytes) {
                    throw damaged(path, "is damaged at '" + e.getKey() + "'");
                }
                at = entry.end;
                entries.put((String) e.getKey(), entry);
            }
            if (at != data) {
                throw damaged(path, "is cut short or too long: " + data + " bytes of numbers, not " + at);
            }
        } catch (ClassCastException | NullPointerException | IndexOutOfBoundsException | ArithmeticException e) {
            throw damaged(path, "is damaged: its header is not that of a safetensors file");
        }
        return metadata;
    }

    private static String sum(FileChannel in, String header, String stored, long size) throws IOException {
        CRC32C sum = new CRC32C();
        byte[] unsealed = header.replaceFirst("\"" + SUM + "\":\"" + java.util.regex.Pattern.quote(stored),
                        "\"" + SUM + "\":\"" + NO_SUM)
                .getBytes(StandardCharsets.UTF_8);
        sum.update(length(unsealed.length));
        sum.update(unsealed);
        for (long at = 8 + unsealed.length; at < size; at += 1 << 24) {
            sum.update(read(in, at, (int) Math.min(1 << 24, size - at)));
        }
        return hex(sum);
    }

    private static ByteBuffer read(FileChannel in, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (in.read(bytes, at + bytes.position()) < 0) {
                throw new IOException("it ends early");
            }
        }
        return bytes.flip();
    }

    private static UserError damaged(Path path, String what) {
        return new UserError(path + ": " + what);
    }

    /** The texts beside the arrays. */
    public Map<String, String> metadata() {
        return Map.copyOf(metadata);
    }

    /** The names of the arrays, in file order. */
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /** The sizes of one array, outermost first. */
    public List<Long> shape(String name) {
        return entry(name).shape;
    }

    /**
     * The elements of one array, row-major.
     *
     * @throws UserError if the file has no such array
     */
    public float[] floats(String name) {
        Entry entry = entry(name);
        float[] floats = new float[Math.toIntExact((entry.end - entry.begin) / Float.BYTES)];
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            in.map(FileChannel.MapMode.READ_ONLY, entry.begin, entry.end - entry.begin)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(floats);
            return floats;
        } catch (IOException e) {
            throw new UserError(path + ": cannot be read: " + Why.of(e), e);
        }
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new UserError(path + ": holds no '" + name + "'");
        }
        return entry;
    }
}
