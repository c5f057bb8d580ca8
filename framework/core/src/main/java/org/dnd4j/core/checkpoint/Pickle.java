package org.dnd4j.core.checkpoint;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.dnd4j.spi.UserError;

/**
 * The stack machine of Python's pickle, as far as files of tensors need it (REFERENCE I.1, I.5). It makes only inert
 * values: {@code null}, Boolean, Long, BigInteger, Double, String, {@code byte[]}, {@link List} (tuples are unmodifiable),
 * {@link Map}, {@link Set}, and what {@link Allowed} makes. A name outside that list, an opcode outside the switch below
 * and any excess end the reading with a line that says what and where.
 */
final class Pickle {
    private static final int MOST_STEPS = 20_000_000;
    private static final int MOST_NESTED = 100;

    private final String name;
    private final ByteBuffer in;
    private final UnaryOperator<Object> persistent;
    private final Map<Integer, Object> memo = new HashMap<>();
    private final List<List<Object>> outer = new ArrayList<>();
    private List<Object> stack = new ArrayList<>();
    private int at;

    private Pickle(String name, ByteBuffer in, UnaryOperator<Object> persistent) {
        this.name = name;
        this.in = in.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.persistent = persistent;
    }

    /**
     * Reads one pickle.
     *
     * @param name the file's, for messages
     * @param persistent turns a persistent id (a tuple) into a value
     * @throws UserError if it is damaged or asks for anything that is not allowed
     */
    static Object read(String name, ByteBuffer in, UnaryOperator<Object> persistent) {
        Pickle machine = new Pickle(name, in, persistent);
        try {
            Object result = machine.run();
            machine.depth(result, new IdentityHashMap<>(), 0);
            return result;
        } catch (BufferUnderflowException | IndexOutOfBoundsException | ClassCastException | NullPointerException e) {
            throw machine.refused("is damaged");
        } catch (IllegalArgumentException e) {
            throw machine.refused(e.getMessage());
        }
    }

    private UserError refused(String why) {
        return new UserError(name + ": pickle, byte " + at + ": " + why);
    }

    private Object run() {
        for (int steps = 0; steps < MOST_STEPS; steps++) {
            at = in.position();
            int opcode = in.get() & 0xFF;
            if (opcode == '.') {
                return pop();
            }
            step(opcode);
        }
        throw refused("has more than " + MOST_STEPS + " steps");
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> in.get(); // PROTO
            case 0x95 -> in.getLong(); // FRAME
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'K' -> push((long) (in.get() & 0xFF)); // BININT1
            case 'M' -> push((long) (in.getShort() & 0xFFFF)); // BININT2
            case 'J' -> push((long) in.getInt()); // BININT
            case 0x8a -> push(whole(in.get() & 0xFF)); // LONG1
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong()))); // BINFLOAT, big-endian
            case 'X' -> push(text(in.getInt() & 0xFFFFFFFFL)); // BINUNICODE
            case 0x8c -> push(text(in.get() & 0xFF)); // SHORT_BINUNICODE
            case 0x8d -> push(text(in.getLong())); // BINUNICODE8
            case 'U' -> push(new String(bytes(in.get() & 0xFF), StandardCharsets.ISO_8859_1)); // SHORT_BINSTRING
            case 'T' -> push(new String(bytes(in.getInt()), StandardCharsets.ISO_8859_1)); // BINSTRING
            case 'C' -> push(bytes(in.get() & 0xFF)); // SHORT_BINBYTES
            case 'B' -> push(bytes(in.getInt() & 0xFFFFFFFFL)); // BINBYTES
            case ')' -> push(tuple(List.of()));
            case 0x85, 0x86, 0x87 -> push(tuple(last(opcode - 0x84))); // TUPLE1 … TUPLE3
            case 't' -> push(tuple(toMark()));
            case ']' -> push(new ArrayList<>());
            case '}' -> push(new LinkedHashMap<>());
            case 0x8f -> push(new LinkedHashSet<>()); // EMPTY_SET
            case '(' -> mark();
            case '0' -> pop();
            case 'a' -> append(last(1));
            case 'e' -> append(toMark());
            case 's' -> set(last(2));
            case 'u' -> set(toMark());
            case 0x90 -> add(toMark()); // ADDITEMS
            case 'q' -> memo.put(in.get() & 0xFF, top()); // BINPUT
            case 'r' -> memo.put(in.getInt(), top()); // LONG_BINPUT
            case 0x94 -> memo.put(memo.size(), top()); // MEMOIZE
            case 'h' -> push(remembered(in.get() & 0xFF)); // BINGET
            case 'j' -> push(remembered(in.getInt())); // LONG_BINGET
            case 'c' -> push(Allowed.named(line(), line())); // GLOBAL
            case 0x93 -> { // STACK_GLOBAL
                List<Object> names = last(2);
                push(Allowed.named((String) names.get(0), (String) names.get(1)));
            }
            case 'Q' -> push(persistent.apply(pop())); // BINPERSID
            case 'R', 0x81 -> { // REDUCE, NEWOBJ
                List<Object> call = last(2);
                push(Allowed.call(call.get(0), tupleOf(call.get(1))));
            }
            case 'b' -> { // BUILD
                Object state = pop();
                Allowed.build(top(), state);
            }
            default -> throw refused("opcode 0x" + Integer.toHexString(opcode) + " is not allowed in a checkpoint");
        }
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() {
        return stack.remove(stack.size() - 1);
    }

    private Object top() {
        return stack.get(stack.size() - 1);
    }

    private List<Object> last(int count) {
        List<Object> tail = stack.subList(stack.size() - count, stack.size());
        List<Object> copy = new ArrayList<>(tail);
        tail.clear();
        return copy;
    }

    private void mark() {
        if (outer.size() == MOST_NESTED) {
            throw refused("nests deeper than " + MOST_NESTED);
        }
        outer.add(stack);
        stack = new ArrayList<>();
    }

    private List<Object> toMark() {
        List<Object> items = stack;
        stack = outer.remove(outer.size() - 1);
        return items;
    }

    private static List<Object> tuple(List<Object> items) {
        return Collections.unmodifiableList(items);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> tupleOf(Object value) {
        return (List<Object>) value;
    }

    private void append(List<Object> items) {
        if (!(top() instanceof ArrayList<?>)) {
            throw refused("appends to something that is not a list");
        }
        tupleOf(top()).addAll(items);
    }

    @SuppressWarnings("unchecked")
    private void set(List<Object> items) {
        if (!(top() instanceof LinkedHashMap<?, ?>)) {
            throw refused("sets an item of something that is not a map");
        }
        Map<Object, Object> map = (Map<Object, Object>) top();
        for (int i = 0; i < items.size(); i += 2) {
            map.put(Allowed.key(items.get(i)), items.get(i + 1));
        }
    }

    @SuppressWarnings("unchecked")
    private void add(List<Object> items) {
        if (!(top() instanceof LinkedHashSet<?>)) {
            throw refused("adds to something that is not a set");
        }
        items.forEach(item -> ((Set<Object>) top()).add(Allowed.key(item)));
    }

    private Object remembered(int index) {
        if (!memo.containsKey(index)) {
            throw refused("refers to memo " + index + ", which is empty");
        }
        return memo.get(index);
    }

    private byte[] bytes(long length) {
        if (length < 0 || length > in.remaining()) {
            throw refused("a text of " + length + " bytes does not fit");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private String text(long length) {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    private Object whole(int length) {
        byte[] little = bytes(length);
        byte[] big = new byte[length + 1];
        for (int i = 0; i < length; i++) {
            big[length - i] = little[i];
        }
        big[0] = (byte) (length > 0 && little[length - 1] < 0 ? -1 : 0);
        BigInteger number = new BigInteger(big);
        return number.bitLength() < 64 ? (Object) number.longValue() : number;
    }

    private String line() {
        int start = in.position();
        while (in.get() != '\n') {}
        return new String(Arrays.copyOfRange(copy(start), 0, in.position() - 1 - start), StandardCharsets.UTF_8);
    }

    private byte[] copy(int start) {
        byte[] bytes = new byte[in.position() - start];
        in.get(start, bytes);
        return bytes;
    }

    /** Refuses values that contain themselves or nest too deeply, so that whoever walks them may recurse. */
    private int depth(Object value, IdentityHashMap<Object, Integer> known, int above) {
        Iterable<?> parts = value instanceof Map<?, ?> m ? m.values() : value instanceof List<?> l ? l : List.of();
        if (parts.equals(List.of())) {
            return 0;
        }
        Integer seen = known.get(value);
        if (seen != null && seen >= 0 && above + seen <= MOST_NESTED) {
            return seen;
        }
        if (seen != null || above > MOST_NESTED) {
            throw refused("has values that contain themselves or nest deeper than " + MOST_NESTED);
        }
        known.put(value, -1);
        int deepest = 0;
        for (Object part : parts) {
            deepest = Math.max(deepest, 1 + depth(part, known, above + 1));
        }
        known.put(value, deepest);
        return deepest;
    }
}
