package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Changes files in the ways in which they are damaged, and in those in which someone would damage them on purpose. */
final class Mutator {
    private static final long[] NUMBERS = {
        0, 1, 2, 3, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 1 << 20, 1 << 30, 0x7FFFFFFFL, 0x80000000L,
        0xFFFFFFFFL,
        0x100000000L, 1L << 40, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, -1, -2
    };

    /** What pickles are made of, and what they must not be made of. */
    private static final List<byte[]> PARTS = Stream.of(
            "N", "(", ")", "]", "}", "t", "\u0085", "\u0086", "\u0087", "a", "e", "s", "u", "R", "\u0081", "b", "Q", "0",
            ".", "\u008f", "\u0090", "\u0094", "\u0088", "K\1", "K\377", "h\0", "h\1", "h\5", "q\0", "q\5",
            "j\377\377\377\377", "r\377\377\377\177", "J\377\377\377\377", "M\0\1",
            "\u008a\10\377\377\377\377\377\377\377\177", "\u008a\377", "X\377\377\377\177", "X\1\0\0\0x",
            "\u008d\377\377\377\377\377\377\377\177", "\u008c\3abc", "U\1s", "T\377\377\377\377", "B\377\377\377\377",
            "C\4\0\0\200\77", "G\177\370\0\0\0\0\0\0", "ccollections\nOrderedDict\n",
            "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch._utils\n_rebuild_tensor_v3\n", "ctorch\nFloatStorage\n",
            "ctorch\nfloat32\n", "ctorch.storage\nUntypedStorage\n", "ctorch\ndevice\n", "ctorch\nSize\n",
            "cnumpy\ndtype\n", "cnumpy.core.multiarray\n_reconstruct\n", "cnumpy.core.multiarray\nscalar\n",
            "c__builtin__\nset\n", "cbuiltins\nbytearray\n", "cbuiltins\ncomplex\n", "c_codecs\nencode\n",
            "cargparse\nNamespace\n", "cposix\nsystem\n", "\u0093", "i", "o", "P", "]q\0", "]h\0ah\0aq\0", "}q\1(K\1h\1u")
            .map(Mutator::bytes)
            .toList();

    /** What may stand in the place of a digit in a text. */
    private static final List<String> TEXTS = List.of(
            "", "-", "1e999", "0.5", "null", "true", "1,", "1,".repeat(70) + "1", "[".repeat(3000),
            "{\"a\":".repeat(3000), "1".repeat(3000),
            "\"\\n\\u001b[31m\"", "\"" + "x".repeat(3000) + "\"", "\\u2028", "x", "F32", "]", "}");

    private final SplittableRandom random;

    Mutator(long seed) {
        this.random = new SplittableRandom(seed);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    SplittableRandom random() {
        return random;
    }

    /** One to three changes of any kind. */
    byte[] bytes(byte[] from, byte[] other) {
        byte[] out = from;
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            out = once(out, other);
        }
        return out;
    }

    private byte[] once(byte[] from, byte[] other) {
        if (from.length == 0) {
            return other;
        }
        int at = random.nextInt(from.length);
        int length = random.nextInt(1 + Math.min(from.length - at, random.nextBoolean() ? 16 : 4096));
        return switch (random.nextInt(9)) {
            case 0 -> flipped(from);
            case 1 -> Arrays.copyOf(from, at);
            case 2 -> number(from, at);
            case 3 -> spliced(from, at, at + length, new byte[0]);
            case 4 -> spliced(from, at, at, Arrays.copyOfRange(from, at, at + length));
            case 5 -> spliced(from, at, at + length, piece(other));
            case 6 -> spliced(from, at, at, run());
            case 7 -> header(from);
            default -> digits(from, at);
        };
    }

    private byte[] flipped(byte[] from) {
        byte[] out = from.clone();
        for (int i = random.nextInt(1, 9); i > 0; i--) {
            out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return out;
    }

    /** Overwrites one, two, four or eight bytes by a number that someone may have forgotten. */
    private byte[] number(byte[] from, int at) {
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        if (random.nextInt(4) == 0) {
            number = from.length + random.nextInt(-64, 65);
        }
        ByteBuffer out = ByteBuffer.allocate(from.length + 8).order(ByteOrder.LITTLE_ENDIAN).put(from);
        switch (random.nextInt(4)) {
            case 0 -> out.put(at, (byte) number);
            case 1 -> out.putShort(at, (short) number);
            case 2 -> out.putInt(at, (int) number);
            default -> out.putLong(at, number);
        }
        return Arrays.copyOf(out.array(), from.length);
    }

    private static byte[] spliced(byte[] from, int begin, int end, byte[] with) {
        ByteBuffer out = ByteBuffer.allocate(from.length - (end - begin) + with.length);
        return out.put(from, 0, begin).put(with).put(from, end, from.length - end).array();
    }

    private byte[] piece(byte[] of) {
        int at = random.nextInt(of.length + 1);
        return Arrays.copyOfRange(of, at, at + random.nextInt(1 + Math.min(512, of.length - at)));
    }

    private byte[] run() {
        byte[] part = PARTS.get(random.nextInt(PARTS.size()));
        byte[] out = new byte[part.length * (random.nextInt(50) == 0 ? 20_000 : random.nextInt(1, 200))];
        for (int i = 0; i < out.length; i++) {
            out[i] = part[i % part.length];
        }
        return out;
    }

    /** A number within one of a zip file's headers. */
    private byte[] header(byte[] from) {
        int start = random.nextInt(from.length);
        for (int i = 0; i < from.length - 4; i++) {
            int at = (start + i) % (from.length - 4);
            if (from[at] == 'P' && from[at + 1] == 'K' && from[at + 2] < 9) {
                return number(from, Math.min(from.length - 1, at + 4 + random.nextInt(52)));
            }
        }
        return number(from, start);
    }

    /** A number in a text. */
    private byte[] digits(byte[] from, int start) {
        for (int i = 0; i < from.length; i++) {
            int at = (start + i) % from.length;
            if (from[at] >= '0' && from[at] <= '9') {
                String number = Long.toString(NUMBERS[random.nextInt(NUMBERS.length)]);
                String text = random.nextBoolean() ? number : TEXTS.get(random.nextInt(TEXTS.size()));
                return spliced(from, at, at + 1, bytes(text));
            }
        }
        return number(from, start);
    }

    /** One to four changes of instructions, so that most of what comes out is still a pickle. */
    byte[] pickle(List<byte[]> parts) {
        List<byte[]> out = new ArrayList<>(parts);
        for (int i = random.nextInt(1, 5); i > 0 && !out.isEmpty(); i--) {
            int at = random.nextInt(out.size());
            List<byte[]> source = random.nextBoolean() ? PARTS : parts;
            byte[] other = source.get(random.nextInt(source.size()));
            switch (random.nextInt(6)) {
                case 0 -> out.remove(at);
                case 1 -> out.add(at, out.get(random.nextInt(out.size())));
                case 2 -> out.set(at, other);
                case 3 -> out.add(at, other);
                case 4 -> Collections.swap(out, at, random.nextInt(out.size()));
                default -> out.set(at, operand(out.get(at)));
            }
        }
        return Opcodes.joined(out);
    }

    private byte[] operand(byte[] part) {
        if (part.length == 1) {
            return part;
        }
        return spliced(number(part, 1 + random.nextInt(part.length - 1)), 0, 1, new byte[] {part[0]});
    }
}
