package org.dnd4j.heads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Collections;
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
        assertEquals(
                List.of(new Tap(1, 0, true), new Tap(1, 1, false), new Tap(3, 2, false)),
                new Custom(List.of(1, 1, 3), List.of(true, false, false)).taps(6, 3));
        assertEquals(
                List.of(new Tap(1, 0, true), new Tap(1, 1, true), new Tap(3, 2, false)),
                new Custom(List.of(1, 1, 3), null).taps(4, 3));
        assertEquals(
                List.of(new Tap(0, 0, true), new Tap(1, 1, true), new Tap(1, 2, false)),
                new Custom(null, null).taps(2, 3));
    }

    /** The four topologies of the paper are settings of {@code custom}, for every number of layers and depths. */
    @Test
    void customCoversTheOthers() {
        for (int layers = 1; layers <= 12; layers++) {
            for (int depth = 1; depth <= 8; depth++) {
                List<Boolean> none = Collections.nCopies(depth, false);
                List<Integer> last = Collections.nCopies(depth, layers - 1);
                List<Tap> parallel = new Parallel(null).taps(layers, depth);
                assertEquals(parallel, new Custom(last, none).taps(layers, depth));
                if (depth <= layers) {
                    List<Tap> dnd = new Dnd(null).taps(layers, depth);
                    List<Tap> vertical = new Vertical(null).taps(layers, depth);
                    List<Integer> places = vertical.stream().map(Tap::layer).toList();
                    assertEquals(dnd, new Custom(null, null).taps(layers, depth));
                    assertEquals(dnd, new Custom(places, null).taps(layers, depth));
                    assertEquals(vertical, new Custom(null, none).taps(layers, depth));
                    assertEquals(vertical, new Custom(places, none).taps(layers, depth));
                }
            }
            assertEquals(new One(null).taps(layers, 1), new Custom(null, null).taps(layers, 1));
        }
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
        refused("custom: positions [3, 1, 5] must not descend, as in [3, 3, 5], and layers count from 0", () ->
                new Custom(List.of(3, 1, 5), null));
        refused("custom: positions [-1, 3] must not descend, as in [3, 3, 5], and layers count from 0", () ->
                new Custom(List.of(-1, 3), null));
        refused("custom: positions [null, 3] have a gap: each must be a layer, counted from 0", () ->
                new Custom(Arrays.asList(null, 3), null));
        refused("custom: 3 positions [1, 1, 3] for 2 heads: give 2, as in [1, 3]", () ->
                new Custom(List.of(1, 1, 3), null).taps(4, 2));
        refused("custom: 1 positions [1] for 3 heads: give 3, as in [0, 1, 1]", () ->
                new Custom(List.of(1), null).taps(2, 3));
        refused("custom: position 3 is not below the number of layers, 3: the last one possible is 2, as in [0, 1, 2]", () ->
                new Custom(List.of(1, 1, 3), null).taps(3, 3));
        refused("custom: 2 feeds [true, false] for 3 heads: give 3, the last false", () ->
                new Custom(List.of(1, 1, 3), List.of(true, false)).taps(4, 3));
        refused("custom: 2 feeds [true, false] for 1 head: give 1, the last false", () ->
                new Custom(null, List.of(true, false)).taps(4, 1));
        String ends = " must end with false: after the last head there is none that its code could be fed to";
        refused("custom: feeds [false, true]" + ends, () -> new Custom(null, List.of(false, true)));
        String each = " must have a true or false for each depth, as in [true, false]";
        refused("custom: feeds []" + each, () -> new Custom(null, List.of()));
        refused("custom: feeds [null, false]" + each, () -> new Custom(null, Arrays.asList(null, false)));
        refused("custom: 2 layers and depth 0: both must be at least 1", () -> new Custom(null, null).taps(2, 0));
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
