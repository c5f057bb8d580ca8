package org.dnd4j.core.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.dnd4j.core.Whole;

/**
 * Writes a state in the layout, to the byte, of {@code torch.save} in PyTorch 1.13 (REFERENCE I.1), but array by array, so
 * that a file of any size takes little memory.
 */
public final class TorchSave {
    /** From here on sizes and places do not fit into 32 bits. */
    private static final long WIDE = 0xFFFFFFFFL;

    private static final int ALIGNED = 64;
    private static final int PIECE = 1 << 20;

    /** Names are UTF-8. */
    private static final short FLAGS = 0x0800;

    /** Sizes and checksum are 0 before an entry and follow it, unless it is empty. */
    private static final short FOLLOWED = 0x0008;

    private final FileChannel out;
    private final String root;
    private final long wide;
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private final CRC32 sum = new CRC32();
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN);
    private int entries;

    /**
     * A float32 array with a storage of its own.
     *
     * @param values gives all elements, in order, each time anew
     */
    public record Tensor(long[] shape, Supplier<DoubleSupplier> values) {
        /** How many elements it has. */
        public long size() {
            return Arrays.stream(shape).reduce(1, Math::multiplyExact);
        }
    }

    /** Arguments, which the parser of Python keeps as an object. */
    public record Namespace(Map<String, ?> values) {}

    /** An object of any class, which nobody here knows. */
    public record Other(String module, String name) {}

    /** The arrays of a module, by name. */
    public record State(Map<String, Tensor> tensors) {}

    private TorchSave(FileChannel out, String root, long wide) {
        this.out = out;
        this.root = root;
        this.wide = wide;
    }

    /**
     * Writes a file.
     *
     * @param content maps, texts, numbers, true, false, null, and what is declared above
     */
    public static void write(Path file, Object content) {
        write(file, content, WIDE);
    }

    /** The same, with 64 bits for all sizes and places from {@code wide} on: a small file can be a large one's likeness. */
    static void write(Path file, Object content, long wide) {
        PickleWriter pickle = new PickleWriter();
        byte[] structure = pickle.write(content);
        pack(file, structure, pickle.storages(), wide);
    }

    /** Writes a file of which structure and storages, arrays or their bytes, are there. */
    static void pack(Path file, byte[] structure, Map<String, ?> storages, long wide) {
        String root = file.getFileName().toString().replaceFirst("\\.[^.]*$", "") + "/";
        Whole.write(file, out -> {
            TorchSave zip = new TorchSave(out, root, wide);
            zip.entry("data.pkl", structure);
            for (Map.Entry<String, ?> storage : new TreeMap<>(storages).entrySet()) { // 0, 1, 10, 100, …
                zip.entry("data/" + storage.getKey(), storage.getValue());
            }
            zip.entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
            zip.end();
        });
    }

    private void entry(String name, Object content) throws IOException {
        long size = content instanceof Tensor t ? t.size() * Float.BYTES : ((byte[]) content).length;
        long begin = begin(name, size);
        if (content instanceof Tensor t) {
            elements(t);
        } else {
            piece(ByteBuffer.wrap((byte[]) content));
        }
        finish(name, begin, size);
    }

    private void elements(Tensor tensor) throws IOException {
        long size = tensor.size();
        DoubleSupplier values = tensor.values().get();
        for (long i = 0; i < size; i++) {
            piece.putFloat((float) values.getAsDouble());
            if (!piece.hasRemaining() || i == size - 1) {
                piece(piece.flip());
                piece.clear();
            }
        }
    }

    /** Writes the header before an entry, padded so that its content begins at a multiple of 64; says where it begins. */
    private long begin(String name, long size) throws IOException {
        long begin = out.position();
        byte[] text = text(name);
        byte[] large = large(size, begin);
        int padding = (int) Math.floorMod(-(begin + 30 + text.length + large.length + 4), (long) ALIGNED);
        ByteBuffer header = little(30 + text.length + large.length + 4 + padding);
        header.putInt(0x04034b50).putShort((short) 0).putShort(flags(size));
        header.position(26);
        header.putShort((short) text.length).putShort((short) (large.length + 4 + padding)).put(text).put(large);
        header.put((byte) 'F').put((byte) 'B').putShort((short) padding);
        while (header.hasRemaining()) {
            header.put((byte) 'Z');
        }
        Whole.all(out, header.flip());
        sum.reset();
        return begin;
    }

    private void piece(ByteBuffer bytes) throws IOException {
        sum.update(bytes.duplicate());
        Whole.all(out, bytes);
    }

    /** Writes what follows an entry, and notes it for the directory. */
    private void finish(String name, long begin, long size) throws IOException {
        byte[] text = text(name);
        byte[] large = large(size, begin);
        if (size > 0) {
            Whole.all(out, follows(size, large.length > 0));
        }
        ByteBuffer entry = little(46 + text.length + large.length).putInt(0x02014b50).putInt(0).putShort(flags(size));
        entry.position(16);
        entry.putInt((int) sum.getValue()).putInt(narrow(size)).putInt(narrow(size));
        entry.putShort((short) text.length).putShort((short) large.length);
        entry.position(42);
        entry.putInt(narrow(begin)).put(text).put(large);
        directory.writeBytes(entry.array());
        entries++;
    }

    private ByteBuffer follows(long size, boolean large) {
        ByteBuffer after = little(24).putInt(0x08074b50).putInt((int) sum.getValue());
        if (large) {
            after.putLong(size).putLong(size);
        } else {
            after.putInt((int) size).putInt((int) size);
        }
        return after.flip();
    }

    private static short flags(long size) {
        return (short) (size > 0 ? FLAGS | FOLLOWED : FLAGS);
    }

    /** The extra field for what does not fit into 32 bits; empty if all does. */
    private byte[] large(long size, long begin) {
        int sizes = size >= wide ? 16 : 0;
        int place = begin >= wide ? 8 : 0;
        if (sizes + place == 0) {
            return new byte[0];
        }
        ByteBuffer field = little(4 + sizes + place).putShort((short) 1).putShort((short) (sizes + place));
        if (sizes > 0) {
            field.putLong(size).putLong(size);
        }
        if (place > 0) {
            field.putLong(begin);
        }
        return field.array();
    }

    private int narrow(long value) {
        return value >= wide ? -1 : (int) value;
    }

    /** Writes the directory, and its place in 64 bits and in 32. */
    private void end() throws IOException {
        long at = out.position();
        long length = directory.size();
        Whole.all(out, ByteBuffer.wrap(directory.toByteArray()));
        ByteBuffer end = little(56 + 20 + 22).putInt(0x06064b50).putLong(44).putShort((short) 0x031E).putShort((short) 45);
        end.putLong(0).putLong(entries).putLong(entries).putLong(length).putLong(at);
        end.putInt(0x07064b50).putInt(0).putLong(at + length).putInt(1);
        short few = (short) Math.min(entries, 0xFFFF);
        end.putInt(0x06054b50).putInt(0).putShort(few).putShort(few);
        end.putInt((int) length).putInt(narrow(at)).putShort((short) 0);
        Whole.all(out, end.flip());
    }

    private byte[] text(String name) {
        return (root + name).getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
