package org.dnd4j.core.checkpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the machine of {@link Pickle} works on: a stack with marks, and values that it remembers by number. */
final class Stack {
    private static final int MOST_NESTED = 100;

    /** A tensor takes about ten, so this is fifty thousand tensors. */
    private static final int MOST_REMEMBERED = 500_000;

    private final Map<Integer, Object> memo = new HashMap<>();
    private final List<List<Object>> outer = new ArrayList<>();
    private List<Object> values = new ArrayList<>();

    void push(Object value) {
        values.add(value);
    }

    Object pop() {
        return values.remove(values.size() - 1);
    }

    Object top() {
        return values.get(values.size() - 1);
    }

    /** Takes the topmost values, the deepest of them first. */
    List<Object> last(int count) {
        List<Object> tail = values.subList(values.size() - count, values.size());
        List<Object> copy = new ArrayList<>(tail);
        tail.clear();
        return copy;
    }

    void mark() {
        if (outer.size() == MOST_NESTED) {
            throw new IllegalArgumentException("nests deeper than " + MOST_NESTED);
        }
        outer.add(values);
        values = new ArrayList<>();
    }

    /** Takes what lies above the last mark. */
    List<Object> toMark() {
        List<Object> items = values;
        values = outer.remove(outer.size() - 1);
        return items;
    }

    /** Remembers the topmost value under the next number. */
    void remember() {
        remember(memo.size());
    }

    void remember(int index) {
        if (memo.size() == MOST_REMEMBERED) {
            throw new IllegalArgumentException("remembers more than " + MOST_REMEMBERED + " values");
        }
        if (top() instanceof NumpyArray array) {
            array.remembered(index);
        }
        memo.put(index, top());
    }

    void recall(int index) {
        if (!memo.containsKey(index)) {
            throw new IllegalArgumentException("refers to memo " + index + ", which is empty");
        }
        push(memo.get(index));
    }

    /** Puts in the place of the topmost value, remembered too, what it has become. */
    void become(NumpyArray array, Object filled) {
        pop();
        push(filled);
        if (array.remembered() >= 0) {
            memo.put(array.remembered(), filled);
        }
    }

    static List<Object> tuple(List<Object> items) {
        return Collections.unmodifiableList(items);
    }
}
