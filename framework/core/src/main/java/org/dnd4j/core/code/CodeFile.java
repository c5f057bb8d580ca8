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
 * The code maps of all images in one memory-mapped file. Opening it reads everything but the codes, which are checked
 * block by block when one of them is first wanted. Little-endian throughout:
 *
 * <pre>
 * "DNDCODES"  int32 version  int32 length of the header  header (JSON, padded by spaces to 8 bytes)
 * codes       [images, variants, h, w, D], uint16 if every codebook has at most 65536 rows, else int32
 * index       [images] of int32 split, int32 label
 * sums        [blocks] of int32 CRC-32C of the codes of so many images; the last block may have fewer
 * int32 images of a block  int64 images  int32 CRC-32C of everything before it but the codes
 * </pre>
 *
 * <p>Version 1 has no sums and no blocks, and its checksum is of everything before it: that is checked when it is opened.
 */
public final class CodeFile implements AutoCloseable {
    private static final long SEGMENT = 1L << 30;

    private final Path path;
    private final Header header;
    private final int[] labels;
    private final Map<Split, int[]> members = new EnumMap<>(Split.class);
    private final int perSegment;
    private final int perBlock;
    private final int[] sums;
    private final boolean[] checked;
    private volatile List<ByteBuffer> segments;

    /**
     * What all maps of a file have in common.
     *
     * @param sizes K per depth
     * @param variants maps per image, one for each augmentation
     * @param classes names of the labels; empty if there are none, and every label is 0
     * @param decomposition the plugin that chose the codes, {@code name@version}, or {@link #ELSEWHERE}
     * @param tokenizer SHA-256 of the tokenizer's weights; empty where they are not known
     */
    public record Header(
            int height,
            int width,
            List<Integer> sizes,
            int variants,
            List<String> classes,
            String decomposition,
            String tokenizer) {
        /** Instead of a plugin, where the codes were imported: nothing here can choose them again. */
        public static final String ELSEWHERE = "elsewhere";

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

        /** The same with another number of maps per image. */
        public Header of(int views) {
            return new Header(height, width, sizes, views, classes, decomposition, tokenizer);
        }

        /** Whether the codes were imported. */
        public boolean elsewhere() {
            return decomposition.equals(ELSEWHERE);
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

    private CodeFile(Path path, Layout layout, int perSegment, List<ByteBuffer> segments) {
        this.path = path;
        this.header = layout.header();
        this.labels = layout.labels();
        this.perSegment = perSegment;
        this.segments = segments;
        this.perBlock = layout.perBlock();
        this.sums = layout.sums();
        this.checked = new boolean[sums.length];
        int[] splits = layout.splits();
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
     * Opens a file after checking all of it but the codes.
     *
     * @throws UserError naming the file, if it is missing, of another kind or version, cut short or damaged
     */
    public static CodeFile open(Path path) {
        return open(path, SEGMENT);
    }

    static CodeFile open(Path path, long segment) {
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            Layout layout = Layout.read(path, in);
            int blocks = (int) Math.max(1, segment / ((long) layout.perBlock() * layout.header().bytesPerImage()));
            int perSegment = Math.multiplyExact(blocks, layout.perBlock());
            return new CodeFile(path, layout, perSegment, map(in, layout, perSegment));
        } catch (NoSuchFileException e) {
            throw new UserError(path + ": there is no such file");
        } catch (IOException e) {
            throw new UserError(path + ": cannot be read: " + Why.of(e), e);
        }
    }

    /** A mapping holds at most 2 GB, so there are several; no block lies across two. */
    private static List<ByteBuffer> map(FileChannel in, Layout layout, int images) throws IOException {
        List<ByteBuffer> segments = new ArrayList<>();
        long step = (long) images * layout.header().bytesPerImage();
        for (long at = layout.codes(); at < layout.index(); at += step) {
            segments.add(in.map(FileChannel.MapMode.READ_ONLY, at, Math.min(step, layout.index() - at))
                    .order(ByteOrder.LITTLE_ENDIAN));
        }
        return segments;
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

    /**
     * The codes of image i of a split.
     *
     * @throws UserError if they are damaged
     */
    public CodeMap map(Split split, int i, int variant) {
        long[] codes = new long[header.codesPerMap()];
        codes(split, i, variant, codes, 0);
        int[] narrow = new int[codes.length];
        for (int k = 0; k < narrow.length; k++) {
            narrow[k] = (int) codes[k];
        }
        return CodeMap.of(header.height(), header.width(), header.depth(), narrow);
    }

    /**
     * Copies the codes of image i of a split, {@code [h,w,D]} row-major, to {@code into[at…]}.
     *
     * @throws UserError if they are damaged
     */
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
        check(image, bytes);
        int count = header.codesPerMap();
        int width = header.bytesPerCode();
        int from = (image % perSegment) * header.bytesPerImage() + variant * count * width;
        for (int k = 0; k < count; k++) {
            into[at + k] = width == 2 ? bytes.getShort(from + 2 * k) & 0xFFFF : bytes.getInt(from + 4 * k);
        }
    }

    /** Checks the block that an image is in, once; two threads that come at the same time both do. */
    private void check(int image, ByteBuffer segment) {
        int block = image / perBlock;
        if (checked.length == 0 || checked[block]) {
            return;
        }
        int first = block * perBlock;
        int count = Math.min(perBlock, labels.length - first);
        CRC32C sum = new CRC32C();
        sum.update(segment.slice(first % perSegment * header.bytesPerImage(), count * header.bytesPerImage()));
        if ((int) sum.getValue() != sums[block]) {
            throw new UserError(path + ": is damaged: the checksum of images " + first + " to " + (first + count - 1)
                    + " does not match; deleted, it is made again");
        }
        checked[block] = true;
    }

    /** Lets the mappings go; the memory returns to the system with the next garbage collection. */
    @Override
    public void close() {
        segments = null;
    }
}
