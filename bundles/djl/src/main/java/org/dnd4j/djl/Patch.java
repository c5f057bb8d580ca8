package org.dnd4j.djl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rewrites a class so that calls of some methods of an object become calls of static methods of {@link Doors}, of the
 * same name and with that object as their argument. Both take three bytes and leave the same on the stack, so nothing
 * else in the class moves; new names go to the end of its table of constants.
 */
final class Patch {
    /** A method of an object, and the description of the static one in its place. */
    record Call(String owner, String name, String description) {
        String inPlace() {
            return "(L" + owner + ";" + description.substring(1);
        }
    }

    static final List<Call> CALLS = List.of(
            new Call("ai/djl/ndarray/types/DataType", "ordinal", "()I"),
            new Call("ai/djl/pytorch/engine/PtNDArray", "getHandle", "()Ljava/lang/Object;"),
            new Call("ai/djl/util/NativeResource", "getHandle", "()Ljava/lang/Object;"));

    private static final String DOORS = "org/dnd4j/djl/Doors";
    private static final int VIRTUAL = 0xB6;
    private static final int STATIC = 0xB8;
    /** How many bytes each instruction takes, from 0 to 201; 0 for those that say it themselves. */
    private static final String LENGTHS = "1".repeat(16) + "23" + "2" + "33" + "2".repeat(5) + "1".repeat(28) + "2".repeat(5)
            + "1".repeat(73) + "3" + "1".repeat(20) + "3".repeat(16) + "2" + "00" + "1".repeat(6) + "3".repeat(7) + "55" + "3"
            + "2" + "3" + "11" + "33" + "11" + "0" + "4" + "33" + "55";

    private final byte[] bytes;
    private final ByteBuffer in;
    private final int[] constants;
    private final ByteArrayOutputStream more = new ByteArrayOutputStream();
    private final Map<Integer, Integer> inPlace = new HashMap<>();
    private int next;
    private int replaced;

    private Patch(byte[] bytes) {
        this.bytes = bytes.clone();
        this.in = ByteBuffer.wrap(this.bytes);
        this.next = in.getShort(8) & 0xFFFF;
        this.constants = new int[next];
    }

    /**
     * The class with its calls replaced.
     *
     * @throws IllegalStateException if it has none, so that a new version of DJL does not go unguarded in silence
     */
    static byte[] of(byte[] type) {
        Patch patch = new Patch(type);
        int end = patch.readConstants();
        patch.addConstants();
        patch.handles();
        patch.methods(end);
        if (patch.replaced == 0) {
            throw new IllegalStateException("nothing to replace");
        }
        byte[] added = patch.more.toByteArray();
        ByteBuffer out = ByteBuffer.allocate(type.length + added.length);
        out.put(patch.bytes, 0, end).put(added).put(patch.bytes, end, type.length - end);
        return out.putShort(8, (short) patch.next).array();
    }

    /** Where each constant lies; returns where they end. */
    private int readConstants() {
        int at = 10;
        for (int i = 1; i < constants.length; i++) {
            constants[i] = at;
            int tag = bytes[at];
            at += switch (tag) {
                case 1 -> 3 + unsigned(at + 1);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> 5;
                case 5, 6 -> 9;
                case 15 -> 4;
                default -> 3;
            };
            if (tag == 5 || tag == 6) {
                i++; // these count twice
            }
        }
        return at;
    }

    private void addConstants() {
        try (DataOutputStream out = new DataOutputStream(more)) {
            for (int i = 1; i < constants.length; i++) {
                Call call = constants[i] > 0 && bytes[constants[i]] == 10 ? called(constants[i]) : null;
                if (call != null) {
                    out.writeByte(1);
                    out.writeUTF(DOORS);
                    out.writeByte(7);
                    out.writeShort(next);
                    out.writeByte(1);
                    out.writeUTF(call.name());
                    out.writeByte(1);
                    out.writeUTF(call.inPlace());
                    out.writeByte(12);
                    out.writeShort(next + 2);
                    out.writeShort(next + 3);
                    out.writeByte(10);
                    out.writeShort(next + 1);
                    out.writeShort(next + 4);
                    inPlace.put(i, next + 5);
                    next += 6;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which of the calls a method's reference is, or null. */
    private Call called(int reference) {
        int pair = constants[unsigned(reference + 3)];
        String owner = text(unsigned(constants[unsigned(reference + 1)] + 1));
        Call call = new Call(owner, text(unsigned(pair + 1)), text(unsigned(pair + 3)));
        return CALLS.contains(call) ? call : null;
    }

    private String text(int constant) {
        try {
            int at = constants[constant] + 1;
            return new DataInputStream(new ByteArrayInputStream(bytes, at, bytes.length - at)).readUTF();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** References like {@code PtNDArray::getHandle}. */
    private void handles() {
        for (int i = 1; i < constants.length; i++) {
            int at = constants[i];
            if (at > 0 && bytes[at] == 15 && bytes[at + 1] == 5 && inPlace.containsKey(unsigned(at + 2))) {
                bytes[at + 1] = 6;
                in.putShort(at + 2, inPlace.get(unsigned(at + 2)).shortValue());
                replaced++;
            }
        }
    }

    private void methods(int end) {
        int at = end + 6;
        at += 2 + 2 * unsigned(at); // interfaces
        for (int part = 0; part < 2; part++) { // fields, methods
            int members = unsigned(at);
            at += 2;
            for (int m = 0; m < members; m++) {
                int attributes = unsigned(at + 6);
                at += 8;
                for (int a = 0; a < attributes; a++) {
                    if (part == 1 && text(unsigned(at)).equals("Code")) {
                        code(at + 14, in.getInt(at + 10));
                    }
                    at += 6 + in.getInt(at + 2);
                }
            }
        }
    }

    private void code(int start, int length) {
        for (int at = start; at < start + length; ) {
            int instruction = bytes[at] & 0xFF;
            if (instruction == VIRTUAL && inPlace.containsKey(unsigned(at + 1))) {
                bytes[at] = (byte) STATIC;
                in.putShort(at + 1, inPlace.get(unsigned(at + 1)).shortValue());
                replaced++;
            }
            at += length(start, at, instruction);
        }
    }

    private int length(int start, int at, int instruction) {
        int operands = at + 1 + (3 - (at - start) % 4); // of the two switches, aligned
        return switch (instruction) {
            case 0xAA -> operands + 12 + 4 * (in.getInt(operands + 8) - in.getInt(operands + 4) + 1) - at;
            case 0xAB -> operands + 8 + 8 * in.getInt(operands + 4) - at;
            case 0xC4 -> (bytes[at + 1] & 0xFF) == 0x84 ? 6 : 4;
            default -> LENGTHS.charAt(instruction) - '0';
        };
    }

    private int unsigned(int at) {
        return in.getShort(at) & 0xFFFF;
    }
}
