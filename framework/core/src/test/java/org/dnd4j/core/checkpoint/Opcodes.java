package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a pickle into its instructions; a reading of its own, so that the machine's cannot be wrong in the same way. */
final class Opcodes {
    private Opcodes() {}

    /** Every instruction with its operand, to the end or to where it stops being a pickle. */
    static List<byte[]> of(byte[] pickle) {
        List<byte[]> parts = new ArrayList<>();
        for (int at = 0; at < pickle.length; ) {
            int length = length(pickle, at);
            if (length <= 0 || length > pickle.length - at) {
                parts.add(Arrays.copyOfRange(pickle, at, pickle.length));
                break;
            }
            parts.add(Arrays.copyOfRange(pickle, at, at + length));
            at += length;
        }
        return parts;
    }

    private static int length(byte[] pickle, int at) {
        ByteBuffer in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        int rest = pickle.length - at;
        switch (pickle[at] & 0xFF) {
            case 'K', 'h', 'q', 0x80 -> {
                return 2;
            }
            case 'M' -> {
                return 3;
            }
            case 'J', 'j', 'r' -> {
                return 5;
            }
            case 'G', 0x95 -> {
                return 9;
            }
            case 'U', 'C', 0x8a, 0x8c -> {
                return rest < 2 ? -1 : 2 + (pickle[at + 1] & 0xFF);
            }
            case 'X', 'T', 'B' -> {
                return rest < 5 ? -1 : 5 + in.getInt(at + 1);
            }
            case 'c' -> {
                int lines = 0;
                for (int i = at; i < pickle.length; i++) {
                    lines += pickle[i] == '\n' ? 1 : 0;
                    if (lines == 2) {
                        return i - at + 1;
                    }
                }
                return -1;
            }
            default -> {
                return 1;
            }
        }
    }

    static byte[] joined(List<byte[]> parts) {
        int length = parts.stream().mapToInt(p -> p.length).sum();
        ByteBuffer out = ByteBuffer.allocate(length);
        parts.forEach(out::put);
        return out.array();
    }
}
