package org.dnd4j.core.code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.dnd4j.core.Why;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/**
 * The code maps of all images in one memory-mapped file. Little-endian throughout:
 *
 * <pre>
 * "DNDCODES"  int32 version  int32 length of the header  header (JSON, padded by spaces to 8 bytes)
 * codes       [images, variants, h, w, D], uint16 if every codebook has at most 65536 rows, else int32
 * index       [images] of int32 split, int32 label
 * int64 images  int32 CRC-32C of everything before it
 * </pre>
 */
public final class CodeFile implements AutoCloseable {
    static final byte[] MAGIC = "DNDCODES".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 1;
    static final int FOOTER = 12;
    private static final long SEGMENT = 1L << 30;
    private static final int LARGEST_HEADER = 100_000_000;

    private final Path path;
    private final Header header;
    private final int[] labels;
    private final Map<Split, int[]> members = new EnumMap<>(Split.class);
    private final int perSegment;
    private volatile List<ByteBuffer> segments;

    /**
     * What all maps of a file have in common.
     *
     * @param sizes K per depth
     * @param variants maps per image, one for each augmentation
     * @param classes names of the labels; empty if there are none, and every label is 0
     * @param decomposition the plugin that chose the codes, {@code name@version}
     * @param tokenizer SHA-256 of the tokenizer's weights
     */
    public record Header(
            int height,
            int width,
            List<Integer> sizes,
            int variants,
            List<String> classes,
            String decomposition,
            String tokenizer) {
        public Header {
            sizes = List.copyOf(sizes);
            classes = List.copyOf(classes);
            if (height < 1 || width < 1 || sizes.isEmpty() || variants < 1 || sizes.stream().anyMatch(k -> k < 1)) {
                throw new IllegalArgumentException("no codes have the shape " + height + "×" + width + "×" + sizes
                        + " in " + variants + " variants");
            }
        }

        public int depth() {
            return sizes.size();
        }

        /** Bits that name one map: h·w·Σ log₂ K. */
        public double bits() {
            return (double) height * width * sizes.stream().mapToDouble(k -> Math.log(k) / Math.log(2)).sum();
        }

        /** The paper's information compression ratio: bits of the codes over bits of a square image of 3 × 8-bit pixels. */
        public double compression(int side) {
            return bits() / (24.0 * side * side);
        }

        int bytesPerCode() {
            return sizes.stream().allMatch(k -> k <= 1 << 16) ? 2 : 4;
        }

        int codesPerMap() {
            return Math.multiplyExact(Math.multiplyExact(height, width), depth());
        }

        int bytesPerImage() {
            return Math.multiplyExact(Math.multiplyExact(codesPerMap(), variants), bytesPerCode());
        }

        byte[] bytes() {
            String json = Json.line(this);
            int length = json.getBytes(StandardCharsets.UTF_8).length;
            return (json + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
        }

        static Header read(String json, Path path) {
            try {
                Map<?, ?> m = (Map<?, ?>) Json.read(json, path.toString());
                return new Header(
                        number(m.get("height")),
                        number(m.get("width")),
                        ((List<?>) m.get("sizes")).stream().map(Header::number).toList(),
                        number(m.get("variants")),
                        ((List<?>) m.get("classes")).stream().map(String.class::cast).toList(),
                        (String) m.get("decomposition"),
                        (String) m.get("tokenizer"));
            } catch (ClassCastException | NullPointerException | ArithmeticException | IllegalArgumentException e) {
                throw new UserError(path + ": is damaged: its header makes no sense", e);
            }
        }

        private static int number(Object value) {
            return Math.toIntExact((Long) value);
        }
    }

    private CodeFile(Path path, Header header, int[] splits, int[] labels, List<ByteBuffer> segments, int perSegment) {
        this.path = path;
        this.header = header;
        this.labels = labels;
        this.segments = segments;
        this.perSegment = perSegment;
        for (Split split : Split.values()) {
            members.put(split, IntStream.range(0, splits.length).filter(i -> splits[i] == split.ordinal()).toArray());
        }
    }

    /**
     * Begins a file; it appears under its name when {@link CodeWriter#finish} is called, and not before.
     *
     * @throws UserError if it cannot be written
     */
    public static CodeWriter create(Path path, Header header) {
        return new CodeWriter(path, header);
    }

    /**
     * Opens a file after checking every byte of it.
     *
     * @throws UserError naming the file, if it is missing, of another kind or version, cut short or damaged
     */
    public static CodeFile open(Path path) {
        return open(path, SEGMENT);
    }

    static CodeFile open(Path path, long segment) {
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = in.size();
            if (size < MAGIC.length + 8 + FOOTER) {
                throw new UserError(path + ": is cut short or not a code file: it has only " + size + " bytes");
            }
            ByteBuffer start = read(in, 0, MAGIC.length + 8);
            byte[] magic = new byte[MAGIC.length];
            start.get(magic);
            if (!java.util.Arrays.equals(magic, MAGIC)) {
                throw new UserError(path + ": is not a code file");
            }
            int version = start.getInt();
            if (version != VERSION) {
                throw new UserError(path + ": is a code file of version " + version + ", only " + VERSION + " is known");
            }
            int length = start.getInt();
            long data = start.capacity() + (long) length;
            if (length < 2 || length > LARGEST_HEADER || data + FOOTER > size) {
                throw new UserError(path + ": is cut short or damaged: its header cannot have " + length + " bytes");
            }
            check(path, in, size);
            Header header = Header.read(StandardCharsets.UTF_8.decode(read(in, start.capacity(), length)).toString(), path);
            long images = read(in, size - FOOTER, 8).getLong();
            long index = data + images * header.bytesPerImage();
            if (images < 0 || images > Integer.MAX_VALUE || index + images * 8 + FOOTER != size) {
                throw new UserError(path + ": is cut short or damaged: " + images + " images do not fill it");
            }
            int[] splits = new int[(int) images];
            int[] labels = new int[(int) images];
            readIndex(in, index, splits, labels);
            int perSegment = (int) Math.max(1, segment / header.bytesPerImage());
            return new CodeFile(path, header, splits, labels, map(in, data, index, header, perSegment), perSegment);
        } catch (NoSuchFileException e) {
            throw new UserError(path + ": there is no such file");
        } catch (IOException e) {
            throw new UserError(path + ": cannot be read: " + Why.of(e), e);
        }
    }

    private static void check(Path path, FileChannel in, long size) throws IOException {
        CRC32C sum = new CRC32C();
        for (long at = 0; at < size - 4; at += 1 << 24) {
            sum.update(in.map(FileChannel.MapMode.READ_ONLY, at, Math.min(1 << 24, size - 4 - at)));
        }
        if ((int) sum.getValue() != read(in, size - 4, 4).getInt()) {
            throw new UserError(path + ": is cut short or damaged: its checksum does not match; deleted, it is made again");
        }
    }

    private static void readIndex(FileChannel in, long at, int[] splits, int[] labels) throws IOException {
        int block = 1 << 16;
        for (int first = 0; first < splits.length; first += block) {
            int count = Math.min(block, splits.length - first);
            ByteBuffer bytes = read(in, at + first * 8L, count * 8);
            for (int i = first; i < first + count; i++) {
                splits[i] = bytes.getInt();
                labels[i] = bytes.getInt();
            }
        }
    }

    /** A mapping holds at most 2 GB, so there are several; no image lies across two. */
    private static List<ByteBuffer> map(FileChannel in, long from, long to, Header header, int images)
            throws IOException {
        List<ByteBuffer> segments = new ArrayList<>();
        long step = (long) images * header.bytesPerImage();
        for (long at = from; at < to; at += step) {
            segments.add(in.map(FileChannel.MapMode.READ_ONLY, at, Math.min(step, to - at))
                    .order(ByteOrder.LITTLE_ENDIAN));
        }
        return segments;
    }

    private static ByteBuffer read(FileChannel in, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (in.read(bytes, at + bytes.position()) < 0) {
                throw new IOException("it ends early");
            }
        }
        return bytes.flip();
    }

    public Header header() {
        return header;
    }

    /** How many images a split has. */
    public int count(Split split) {
        return members.get(split).length;
    }

    /** The label of image i of a split. */
    public int label(Split split, int i) {
        return labels[members.get(split)[i]];
    }

    /** The codes of image i of a split. */
    public CodeMap map(Split split, int i, int variant) {
        long[] codes = new long[header.codesPerMap()];
        codes(split, i, variant, codes, 0);
        int[] narrow = new int[codes.length];
        for (int k = 0; k < narrow.length; k++) {
            narrow[k] = (int) codes[k];
        }
        return CodeMap.of(header.height(), header.width(), header.depth(), narrow);
    }

    /** Copies the codes of image i of a split, {@code [h,w,D]} row-major, to {@code into[at…]}. */
    public void codes(Split split, int i, int variant, long[] into, int at) {
        List<ByteBuffer> open = segments;
        if (open == null) {
            throw new IllegalStateException(path + " is closed");
        }
        if (variant < 0 || variant >= header.variants()) {
            throw new IndexOutOfBoundsException("variant " + variant + " of " + header.variants());
        }
        int image = members.get(split)[i];
        ByteBuffer bytes = open.get(image / perSegment);
        int count = header.codesPerMap();
        int width = header.bytesPerCode();
        int from = (image % perSegment) * header.bytesPerImage() + variant * count * width;
        for (int k = 0; k < count; k++) {
            into[at + k] = width == 2 ? bytes.getShort(from + 2 * k) & 0xFFFF : bytes.getInt(from + 4 * k);
        }
    }

    /** Lets the mappings go; the memory returns to the system with the next garbage collection. */
    @Override
    public void close() {
        segments = null;
    }
}
