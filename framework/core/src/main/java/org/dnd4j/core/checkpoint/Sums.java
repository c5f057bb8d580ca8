package org.dnd4j.core.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The CRC-32C sums of a safetensors file, eight hexadecimal digits each: that of the header, in which all digits count as
 * zero, then one an array, in the header's order. Files of earlier versions have one sum over every byte.
 *
 * @param whole the one sum over every byte, or null
 * @param header that of the header; null if there is none
 * @param unsealed the header with its sums zero
 * @param arrays by name; empty in files that other programs wrote
 */
record Sums(String whole, String header, byte[] unsealed, Map<String, String> arrays) {
    /** What the sums stand under. */
    static final String KEY = "crc32c";

    private static final int DIGITS = 8;
    private static final int BLOCK = 1 << 24;

    /** What stands in the header's place for sums that are not known yet. */
    static String open(int arrays) {
        return "0".repeat(DIGITS * (1 + arrays));
    }

    /** The header with its sums. */
    static byte[] sealed(byte[] unsealed, String arrays) {
        String sums = sum(unsealed) + arrays;
        return new String(unsealed, StandardCharsets.UTF_8)
                .replaceFirst(quoted("0{" + sums.length() + "}"), quoted(sums))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Sums, or a pattern of them, with their key. */
    private static String quoted(String sums) {
        return "\"" + KEY + "\":\"" + sums + "\"";
    }

    /** The header's sum; its length is summed up with it. */
    private static String sum(byte[] unsealed) {
        CRC32C sum = new CRC32C();
        sum.update(SafetensorsWriter.length(unsealed.length));
        sum.update(unsealed);
        return Safetensors.hex(sum);
    }

    /** What a header says. */
    static Sums of(String stored, String text, Collection<String> names) {
        Map<String, String> arrays = new HashMap<>();
        if (stored == null) {
            return new Sums(null, null, null, arrays);
        }
        byte[] unsealed = text.replaceFirst(quoted(Pattern.quote(stored)), quoted("0".repeat(stored.length())))
                .getBytes(StandardCharsets.UTF_8);
        if (stored.length() == DIGITS) {
            return new Sums(stored, null, unsealed, arrays);
        }
        int at = DIGITS;
        for (String name : names) {
            arrays.put(name, at + DIGITS <= stored.length() ? stored.substring(at, at + DIGITS) : "");
            at += DIGITS;
        }
        // too many or too few make a header that cannot be right
        return new Sums(null, at == stored.length() ? stored.substring(0, DIGITS) : "", unsealed, arrays);
    }

    /** Whether the header is what was written, and in files of earlier versions everything behind it. */
    boolean hold(FileChannel in, long size) throws IOException {
        if (whole == null) {
            return header == null || header.equals(sum(unsealed));
        }
        CRC32C sum = new CRC32C();
        sum.update(SafetensorsWriter.length(unsealed.length));
        sum.update(unsealed);
        for (long at = 8 + unsealed.length; at < size; at += BLOCK) {
            sum.update(in.map(FileChannel.MapMode.READ_ONLY, at, Math.min(BLOCK, size - at)));
        }
        return whole.equals(Safetensors.hex(sum));
    }

    /** Whether an array is what was written; true where there is no sum. */
    boolean holds(String name, ByteBuffer bytes) {
        return !arrays.containsKey(name) || arrays.get(name).equals(Safetensors.sum(bytes));
    }
}
