package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class MemoryTest {
    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    private Memory memory(String letter, long code, UnaryOperator<float[]> change) {
        Memory memory = new Memory();
        memory.letter(letter);
        memory.array("codes", lab.torch.manager().create(new long[] {1, 2, code}));
        memory.array("latents", lab.array(change.apply(Lab.numbers(1, 100)), 10, 10));
        return memory;
    }

    private static UnaryOperator<float[]> scaled(int from, int to, float by) {
        return values -> {
            float[] scaled = values.clone();
            for (int i = from; i < to; i++) {
                scaled[i] *= by;
            }
            return scaled;
        };
    }

    @Test
    void roundingIsForgiven() {
        String line = memory("w", 3, v -> v).toString();
        memory("w", 3, v -> v).holds(line);
        memory("w", 3, scaled(0, 100, 1.0001f)).holds(line);
    }

    @Test
    void nothingElseIs() {
        String line = memory("w", 3, v -> v).toString();
        for (Memory changed : Arrays.asList(
                memory("v", 3, v -> v),
                memory("w", 4, v -> v),
                memory("w", 3, scaled(0, 100, 1.01f)),
                memory("w", 3, scaled(0, 100, -1)),
                memory("w", 3, scaled(7, 8, 5)),
                memory("w", 3, v -> new float[100]))) {
            assertThrows(AssertionFailedError.class, () -> changed.holds(line));
        }
        Memory less = new Memory();
        less.letter("w");
        assertThrows(AssertionFailedError.class, () -> less.holds(line));
    }

    @Test
    void whereNothingIsRememberedTheLineIsSaid() {
        Memory memory = memory("w", 3, v -> v);
        String said = assertThrows(TestAbortedException.class, () -> memory.holds(null)).getMessage();
        assertEquals(memory.toString(), Trial.quoted(said));
    }
}
