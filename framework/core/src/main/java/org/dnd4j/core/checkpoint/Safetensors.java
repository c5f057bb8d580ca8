package org.dnd4j.core.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.dnd4j.core.Whole;
import org.dnd4j.core.Why;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/**
 * Named arrays and texts in one safetensors file (REFERENCE I.3). Elements stay in the file, mapped, until they are asked
 * for. Files written here carry checksums under the metadata key {@link Sums#KEY}; an array is checked when it is first
 * read, so that opening a file takes no longer the larger it is.
 */
public final class Safetensors {
    private static final int LARGEST_HEADER = 100_000_000;

    private final Path path;
    private final Map<String, String> metadata;
    private final Map<String, Entry> entries;
    private final Sums sums;
    private final Set<String> checked = ConcurrentHashMap.newKeySet();

    /** Where one array lies in the file. */
    record Entry(ElementType type, List<Long> shape, long begin, long end) {
        long bytes() {
            return end - begin;
        }
    }

    private Safetensors(Path path, Map<String, String> metadata, Map<String, Entry> entries, Sums sums) {
        this.path = path;
        this.metadata = metadata;
        this.entries = entries;
        this.sums = sums;
    }

    /**
     * Writes float32 arrays whole or not at all.
     *
     * @throws UserError if the file cannot be written, a full disk for example
     */
    public static void write(Path path, Map<String, String> metadata, Map<String, NDArray> arrays) {
        SafetensorsWriter.write(path, metadata, arrays.entrySet().stream()
                .map(e -> part(e.getKey(), e.getValue()))
                .toList());
    }

    private static Part part(String name, NDArray array) {
        if (array.getDataType() != DataType.FLOAT32) {
            throw new IllegalArgumentException(name + " is " + array.getDataType() + ", not float32");
        }
        List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
        return new Part(name, ElementType.F32, shape, array::toByteBuffer);
    }

    /**
     * Reads the header, and checks that the arrays tile the rest of the file.
     *
     * @throws UserError naming the file and what is wrong with it
     */
    public static Safetensors open(Path path) {
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = in.size();
            ByteBuffer start = Whole.bytes(in, 0, (int) Math.min(8, size));
            long length = size < 8 ? -1 : start.getLong();
            if (length < 2 || length > LARGEST_HEADER || length > size - 8) {
                throw damaged(path, "is not a safetensors file or cut short");
            }
            String text = StandardCharsets.UTF_8.decode(Whole.bytes(in, 8, (int) length)).toString();
            Map<String, Entry> entries = new LinkedHashMap<>();
            Map<String, String> metadata = parse(path, text, 8 + length, size, entries);
            Sums sums = Sums.of(metadata.remove(Sums.KEY), text, entries.keySet());
            if (!sums.hold(in, size)) {
                throw mismatch(path);
            }
            return new Safetensors(path, metadata, entries, sums);
        } catch (NoSuchFileException e) {
            throw new UserError(path + ": there is no such file");
        } catch (IOException e) {
            throw new UserError(path + ": cannot be read: " + Why.of(e), e);
        }
    }

    private static Map<String, String> parse(Path path, String text, long data, long size, Map<String, Entry> entries) {
        Map<String, String> metadata = new LinkedHashMap<>();
        long at = data;
        try {
            Map<?, ?> header = (Map<?, ?>) Json.read(text, path.toString());
            for (Map.Entry<?, ?> e : header.entrySet()) {
                Map<?, ?> fields = (Map<?, ?>) e.getValue();
                if (e.getKey().equals("__metadata__")) {
                    fields.forEach((k, v) -> metadata.put((String) k, (String) v));
                } else {
                    entries.put((String) e.getKey(), entry(path, (String) e.getKey(), fields, data));
                }
            }
        } catch (ClassCastException | NullPointerException | IndexOutOfBoundsException e) {
            throw damaged(path, "is damaged: its header is not that of a safetensors file");
        }
        for (Map.Entry<String, Entry> e : inPlace(entries)) {
            if (e.getValue().begin != at) {
                throw damaged(path, "is damaged at '" + Shown.of(e.getKey())
                        + "': its bytes do not begin where those before it end");
            }
            at = e.getValue().end;
        }
        if (at != size) {
            throw damaged(path, "is cut short or too long: " + (size - data) + " bytes of numbers, not " + (at - data));
        }
        return metadata;
    }

    /** Headers may name arrays in any order. */
    private static List<Map.Entry<String, Entry>> inPlace(Map<String, Entry> entries) {
        return entries.entrySet().stream()
                .sorted((a, b) -> a.getValue().begin != b.getValue().begin
                        ? Long.compare(a.getValue().begin, b.getValue().begin)
                        : Long.compare(a.getValue().end, b.getValue().end))
                .toList();
    }

    private static Entry entry(Path path, String name, Map<?, ?> fields, long data) {
        List<Long> shape = ((List<?>) fields.get("shape")).stream().map(n -> (Long) n).toList();
        if (shape.size() > Stored.MOST_DIMENSIONS) {
            throw damaged(path, "is damaged at '" + Shown.of(name) + "': nothing has " + shape.size() + " dimensions");
        }
        List<?> offsets = (List<?>) fields.get("data_offsets");
        long begin = (Long) offsets.get(0);
        long end = (Long) offsets.get(1);
        try {
            ElementType type = ElementType.valueOf((String) fields.get("dtype"));
            long bytes = shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
            if (begin < 0 || end < begin || end - begin != bytes || shape.stream().anyMatch(n -> n < 0)) {
                throw damaged(path, "is damaged at '" + Shown.of(name) + "': " + type + " " + shape + " is not "
                        + offsets.get(0) + " to " + offsets.get(1));
            }
            return new Entry(type, shape, Math.addExact(data, begin), Math.addExact(data, end));
        } catch (IllegalArgumentException e) {
            throw damaged(path, "'" + Shown.of(name) + "' has elements of the kind " + Shown.of((String) fields.get("dtype"))
                    + ", which is not read: only "
                    + Arrays.toString(ElementType.values()));
        } catch (ArithmeticException e) {
            throw damaged(path, "is damaged at '" + Shown.of(name) + "': nothing has the shape " + shape);
        }
    }

    private static UserError damaged(Path path, String what) {
        return new UserError(path + ": " + what);
    }

    private static UserError mismatch(Path path) {
        return damaged(path, "is damaged: its checksum does not match; deleted, it is made again");
    }

    public Path path() {
        return path;
    }

    /** The texts beside the arrays. */
    public Map<String, String> metadata() {
        return Map.copyOf(metadata);
    }

    /** The names of the arrays, in the order of the header. */
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

    /** What the elements of one array are. */
    public ElementType type(String name) {
        return entry(name).type;
    }

    /** The elements of one array, row-major, as float32. */
    public float[] floats(String name) {
        return stored(name).floats();
    }

    /** One array, of which nothing is read yet. */
    public Stored stored(String name) {
        Entry entry = entry(name);
        long[] shape = entry.shape.stream().mapToLong(n -> n).toArray();
        Storage storage = new Storage(entry.type, entry.bytes() / entry.type.bytes(), new Object(), new Mapped(this, name));
        return new Stored(storage, 0, shape, Stored.rowMajor(shape));
    }

    /** One array's bytes, mapped when they are first wanted. */
    private static final class Mapped implements Storage.Bytes {
        private final Safetensors file;
        private final String name;
        private ByteBuffer bytes;

        Mapped(Safetensors file, String name) {
            this.file = file;
            this.name = name;
        }

        @Override
        public void read(long at, ByteBuffer into) {
            if (bytes == null) {
                bytes = file.bytes(name);
            }
            into.put(bytes.slice((int) at, into.remaining()));
        }
    }

    /**
     * The bytes of one array, row-major and little-endian, mapped.
     *
     * @throws UserError if the file has no such array, or one that is not what was written
     */
    public ByteBuffer bytes(String name) {
        Entry entry = entry(name);
        if (entry.bytes() > Integer.MAX_VALUE) {
            throw damaged(path, "'" + name + "' has " + entry.bytes() + " bytes; up to 2 GB are read");
        }
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer bytes =
                    in.map(FileChannel.MapMode.READ_ONLY, entry.begin, entry.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            if (!checked.contains(name)) {
                if (!sums.holds(name, bytes.duplicate())) {
                    throw mismatch(path);
                }
                checked.add(name);
            }
            return bytes;
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

    /** The checksum of some bytes, as it stands in a header. */
    static String sum(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return hex(sum);
    }

    static String hex(CRC32C sum) {
        return String.format("%08x", sum.getValue());
    }
}
