package org.dnd4j.heads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PlacesTest {
    @Test
    void tapsAreWhereThePaperPutsThem() {
        assertEquals(List.of(new Tap(39, 0, true), new Tap(47, 1, false)), new Dnd(List.of(39, 47)).taps(48, 2));
        assertEquals(List.of(new Tap(2, 0, true), new Tap(5, 1, false)), new Dnd(null).taps(6, 2));
        assertEquals(List.of(new Tap(1, 0, true), new Tap(3, 1, true), new Tap(4, 2, false)), new Dnd(null).taps(5, 3));
        assertEquals(List.of(new Tap(2, 0, false), new Tap(5, 1, false)), new Vertical(null).taps(6, 2));
        assertEquals(List.of(new Tap(5, 0, false), new Tap(5, 1, false)), new Parallel(null).taps(6, 2));
        assertEquals(List.of(new Tap(3, 0, false)), new One(List.of(3)).taps(6, 1));
    }

    @Test
    void whatIsImpossibleIsNamedWithWhatWouldFit() {
        refused("dnd: position 6 is not below the number of layers, 6: the last one possible is 5, as in [2, 5]", () ->
                new Dnd(List.of(3, 6)).taps(6, 2));
        refused("dnd: positions [5, 3] must ascend, as in [3, 5], and layers count from 0", () -> new Dnd(List.of(5, 3)));
        refused("vertical: positions [3, 3] must ascend, as in [3, 5], and layers count from 0", () ->
                new Vertical(List.of(3, 3)));
        refused("dnd: positions [-1, 3] must ascend, as in [3, 5], and layers count from 0", () -> new Dnd(List.of(-1, 3)));
        refused("dnd: 2 positions [3, 5] for 3 heads: give 3, as in [1, 3, 5]", () -> new Dnd(List.of(3, 5)).taps(6, 3));
        refused("dnd: 2 layers cannot hold 3 heads at different layers: at most 2 codes, or at least 3 layers", () ->
                new Dnd(null).taps(2, 3));
        refused("one: a single head cannot predict codes of depth 2: use dnd, vertical or parallel, or codes of depth 1", () ->
                new One(null).taps(6, 2));
        refused("one: positions [-1] must ascend, as in [3, 5], and layers count from 0", () -> new One(List.of(-1)));
        refused("parallel: positions [-1] must ascend, as in [3, 5], and layers count from 0", () ->
                new Parallel(List.of(-1)));
        refused("dnd: positions [null, 3] have a gap: each must be a layer, counted from 0", () ->
                new Dnd(Arrays.asList(null, 3)));
        refused("dnd: 0 layers and depth 2: both must be at least 1", () -> new Dnd(null).taps(0, 2));
        refused("dnd: 3 positions [1, 3, 5] for 1 head: give 1, as in [5]", () -> new Dnd(List.of(1, 3, 5)).taps(6, 1));
        refused("parallel: 2 positions [3, 5] for 1 head: give 1, as in [5]", () -> new Parallel(List.of(3, 5)).taps(6, 2));
    }

    @Test
    void whatIsAtTheEdgeIsAccepted() {
        assertEquals(List.of(new Tap(0, 0, true), new Tap(1, 1, false)), new Dnd(List.of(0, 1)).taps(2, 2));
        assertEquals(List.of(new Tap(0, 0, false)), new Dnd(null).taps(1, 1));
    }

    private static void refused(String message, Executable what) {
        assertEquals(message, assertThrows(UserError.class, what).getMessage());
    }
}
