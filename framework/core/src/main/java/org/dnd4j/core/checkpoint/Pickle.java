package org.dnd4j.core.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
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

    private final String name;
    private final Reader in;
    private final Operands operands;
    private final long begin;
    private final UnaryOperator<Object> persistent;
    private final boolean skips;
    private final Stack stack = new Stack();
    private long at;
    private long copied;

    private Pickle(String name, Reader in, long begin, UnaryOperator<Object> persistent, boolean skips) {
        this.name = name;
        this.in = in;
        this.operands = new Operands(in);
        this.begin = begin;
        this.persistent = persistent;
        this.skips = skips;
    }

    /**
     * Reads one pickle and leaves {@code in} behind it.
     *
     * @param name the file's, for messages
     * @param begin the byte of {@code in} from which messages count
     * @param persistent turns a persistent id (a tuple) into a value
     * @param skips whether names that are not allowed become {@link Skipped} values instead of an error
     * @throws UserError if it is damaged or asks for anything that is not allowed
     */
    static Object read(String name, Reader in, long begin, UnaryOperator<Object> persistent, boolean skips) {
        Pickle machine = new Pickle(name, in, begin, persistent, skips);
        try {
            Object result = machine.run();
            Tree.check(result);
            return result;
        } catch (IndexOutOfBoundsException | ClassCastException | NullPointerException e) {
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
            at = in.position() - begin;
            int opcode = in.whole1();
            if (opcode == '.') {
                return stack.pop();
            }
            step(opcode);
        }
        throw refused("has more than " + MOST_STEPS + " steps");
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> in.skip(1); // PROTO
            case 0x95 -> in.skip(8); // FRAME
            case 'N' -> stack.push(null);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'K' -> stack.push((long) in.whole1()); // BININT1
            case 'M' -> stack.push((long) in.whole2()); // BININT2
            case 'J' -> stack.push((long) (int) in.whole4()); // BININT
            case 0x8a -> stack.push(operands.whole(in.whole1())); // LONG1
            case 'G' -> stack.push(operands.fraction()); // BINFLOAT
            case 'X' -> stack.push(operands.text(in.whole4())); // BINUNICODE
            case 0x8c -> stack.push(operands.text(in.whole1())); // SHORT_BINUNICODE
            case 0x8d -> stack.push(operands.text(in.whole8())); // BINUNICODE8
            case 'U' -> stack.push(operands.oldText(in.whole1())); // SHORT_BINSTRING
            case 'T' -> stack.push(operands.oldText((int) in.whole4())); // BINSTRING
            case 'C' -> stack.push(operands.bytes(in.whole1())); // SHORT_BINBYTES
            case 'B' -> stack.push(operands.bytes(in.whole4())); // BINBYTES
            case ')' -> stack.push(Stack.tuple(List.of()));
            case 0x85, 0x86, 0x87 -> stack.push(Stack.tuple(stack.last(opcode - 0x84))); // TUPLE1 … TUPLE3
            case 't' -> stack.push(Stack.tuple(stack.toMark()));
            case ']' -> stack.push(new ArrayList<>());
            case '}' -> stack.push(new LinkedHashMap<>());
            case 0x8f -> stack.push(new LinkedHashSet<>()); // EMPTY_SET
            case '(' -> stack.mark();
            case '0' -> stack.pop();
            case 'a' -> append(Collections.singletonList(stack.pop()));
            case 'e' -> append(stack.toMark());
            case 's' -> set(stack.last(2));
            case 'u' -> set(stack.toMark());
            case 0x90 -> add(stack.toMark()); // ADDITEMS
            case 'q' -> stack.remember(in.whole1()); // BINPUT
            case 'r' -> stack.remember((int) in.whole4()); // LONG_BINPUT
            case 0x94 -> stack.remember(); // MEMOIZE
            case 'h' -> stack.recall(in.whole1()); // BINGET
            case 'j' -> stack.recall((int) in.whole4()); // LONG_BINGET
            case 'c' -> stack.push(named(operands.line(), operands.line())); // GLOBAL
            case 0x93 -> { // STACK_GLOBAL
                List<Object> names = stack.last(2);
                stack.push(named((String) names.get(0), (String) names.get(1)));
            }
            case 'Q' -> stack.push(persisted(stack.pop())); // BINPERSID
            case 'R', 0x81 -> { // REDUCE, NEWOBJ
                List<Object> call = stack.last(2);
                stack.push(called(call.get(0), (List<?>) call.get(1)));
            }
            case 'b' -> build(stack.pop());
            default -> throw refused("opcode 0x" + Integer.toHexString(opcode) + " is not allowed in a checkpoint");
        }
    }

    @SuppressWarnings("unchecked")
    private void append(List<Object> items) {
        if (stack.top() instanceof ArrayList<?> list) {
            ((List<Object>) list).addAll(items);
        } else if (!(stack.top() instanceof Skipped)) {
            throw refused("appends to something that is not a list");
        }
    }

    @SuppressWarnings("unchecked")
    private void set(List<Object> items) {
        if (stack.top() instanceof LinkedHashMap<?, ?>) {
            Map<Object, Object> map = (Map<Object, Object>) stack.top();
            for (int i = 0; i < items.size(); i += 2) {
                map.put(key(items.get(i), map.keySet()), items.get(i + 1));
            }
        } else if (!(stack.top() instanceof Skipped)) {
            throw refused("sets an item of something that is not a map");
        }
    }

    @SuppressWarnings("unchecked")
    private void add(List<Object> items) {
        if (stack.top() instanceof LinkedHashSet<?>) {
            Set<Object> set = (Set<Object>) stack.top();
            items.forEach(item -> set.add(key(item, set)));
        } else if (!(stack.top() instanceof Skipped)) {
            throw refused("adds to something that is not a set");
        }
    }

    private Object key(Object value, Set<Object> among) {
        return Keys.key(skips && value instanceof List ? new Skipped("a tuple", at) : value, among);
    }

    /** A storage, unless its type was skipped. */
    private Object persisted(Object id) {
        boolean foreign = id instanceof List<?> parts && parts.size() > 1 && parts.get(1) instanceof Skipped;
        return foreign ? ((List<?>) id).get(1) : persistent.apply(id);
    }

    private Object named(String module, String member) {
        if (Math.max(module.length(), member.length()) > Operands.LONGEST_NAME) {
            throw refused("has a name of more than " + Operands.LONGEST_NAME + " letters");
        }
        Object known = Allowed.named(module + "." + member);
        return known != null ? known : foreign(module + "." + member);
    }

    private Skipped foreign(String member) {
        if (!skips) {
            throw refused("the name " + Shown.of(member) + " is not allowed in a checkpoint");
        }
        return new Skipped(Shown.of(member), at);
    }

    private Object called(Object what, List<?> arguments) {
        if (what instanceof Skipped) {
            return what;
        }
        charge(arguments);
        for (Object argument : arguments) {
            charge(argument);
            if (argument instanceof Skipped) {
                return argument;
            }
        }
        try {
            return Allowed.call(what, arguments);
        } catch (Allowed.Foreign e) {
            return foreign(e.getMessage());
        }
    }

    private void build(Object state) {
        charge(state);
        if (stack.top() instanceof NumpyArray array) {
            stack.become(array, array.filled(state));
        } else if (!(stack.top() instanceof Skipped)) {
            Allowed.build(stack.top(), state);
        }
    }

    /** What is called or built may copy its arguments; all that was read may be copied twice, but not time and again. */
    private void charge(Object copy) {
        copied += copy instanceof String s
                ? s.length()
                : copy instanceof byte[] b
                        ? b.length
                        : copy instanceof Collection<?> c ? c.size() : copy instanceof Map<?, ?> m ? m.size() : 0;
        if (copied > 2 * (at + 1)) {
            throw refused("copies its values time and again");
        }
    }
}
