package org.dnd4j.core.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

    private Npy() {}

    /**
     * Reads one file whole.
     *
     * @throws UserError if it cannot be read, is cut short, or holds something else than numbers
     */
    public static Stored read(Path file) {
        byte[] all;
        try {
            all = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        }
        ByteBuffer in = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        if (all.length < 12 || all[0] != (byte) 0x93 || !new String(all, 1, 5, StandardCharsets.US_ASCII).equals("NUMPY")) {
            throw new UserError(file + ": is not a .npy file");
        }
        int start = all[6] == 1 ? 10 : 12;
        long length = all[6] == 1 ? in.getShort(8) & 0xFFFF : in.getInt(8) & 0xFFFFFFFFL;
        if (start + length > all.length) {
            throw new UserError(file + ": is cut short: its header should take " + length + " bytes");
        }
        String header = new String(all, start, (int) length, StandardCharsets.ISO_8859_1);
        Matcher type = TYPE.matcher(header);
        Matcher order = ORDER.matcher(header);
        Matcher sizes = SHAPE.matcher(header);
        if (!type.find() || !TYPES.containsKey(type.group(2)) || !order.find() || !sizes.find()) {
            throw new UserError(file + ": holds something else than plain little-endian numbers: " + header.strip());
        }
        long[] shape = Arrays.stream(sizes.group(1).split(","))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        ElementType element = TYPES.get(type.group(2));
        ByteBuffer data = in.position(start + (int) length);
        try {
            return order.group(1).equals("True")
                    ? Stored.columnMajor(element, shape, data)
                    : Stored.of(element, shape, data);
        } catch (IllegalArgumentException e) {
            throw new UserError(file + ": is cut short: " + Why.of(e), e);
        }
    }
}
