package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnd4j.core.Why;
import org.dnd4j.spi.UserError;

/** Reads numpy's {@code .npy} files (NEP 1): little-endian numbers of any width, and booleans. */
public final class Npy {
    static final Map<String, ElementType> TYPES = Map.of(
            "f8", ElementType.F64, "f4", ElementType.F32, "f2", ElementType.F16,
            "i8", ElementType.I64, "i4", ElementType.I32, "i2", ElementType.I16, "i1", ElementType.I8,
            "u1", ElementType.U8, "b1", ElementType.BOOL);
    private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([<|])(\\w+)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([\\d, ]*)\\)");

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 1 << 20;

    private Npy() {}

    /**
     * Reads one file whole.
     *
     * @throws UserError if it cannot be read, is cut short or too long, or holds something else than numbers
     */
    public static Stored read(Path file) {
        try (FileBytes bytes = FileBytes.open(file)) {
            return read(bytes);
        }
    }

    private static Stored read(FileBytes file) {
        Reader in = new Reader(file, 0, file.size());
        if (in.remaining() < MAGIC.length + 4 || !Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
            throw new UserError(file.path() + ": is not a .npy file");
        }
        int version = in.whole2() & 0xFF;
        long length = version == 1 ? in.whole2() : in.whole4();
        if (length > Math.min(in.remaining(), LONGEST_HEADER)) {
            throw new UserError(file.path() + ": is cut short: its header should take " + length + " bytes");
        }
        String header = new String(in.bytes(length), StandardCharsets.ISO_8859_1);
        Matcher type = TYPE.matcher(header);
        Matcher order = ORDER.matcher(header);
        Matcher sizes = SHAPE.matcher(header);
        if (!type.find() || !TYPES.containsKey(type.group(2)) || !order.find() || !sizes.find()) {
            throw new UserError(
                    file.path() + ": holds something else than plain little-endian numbers: " + Shown.of(header.strip()));
        }
        ElementType element = TYPES.get(type.group(2));
        try {
            long[] shape = Arrays.stream(sizes.group(1).split(","))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray();
            if (in.remaining() > Integer.MAX_VALUE - 8) {
                throw new UserError(file.path() + ": has " + in.remaining() + " bytes, more than can be read at once");
            }
            ByteBuffer data = ByteBuffer.wrap(in.bytes(in.remaining()));
            return Stored.filling(element, shape, data, order.group(1).equals("True"));
        } catch (NumberFormatException e) {
            throw new UserError(file.path() + ": has an impossible shape: (" + Shown.of(sizes.group(1)) + ")", e);
        } catch (IllegalArgumentException e) {
            throw new UserError(file.path() + ": is cut short or too long: " + Why.of(e), e);
        }
    }
}
