package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;

class GlyphsTest {
    private static final Glyphs DEFAULTS = glyphs(null, null, null);

    private static Glyphs glyphs(List<String> words, Boolean freeSlant, Integer step) {
        return new Glyphs(words, null, null, null, freeSlant, null, null, step, null, null);
    }

    @Test
    void everyWordHas128ClearlyDifferentPictures() {
        assertEquals(32, DEFAULTS.words().size());
        assertTrue(DEFAULTS.words().stream().allMatch(w -> w.matches("[a-z]{3,6}")));
        Map<Integer, Integer> of = new HashMap<>();
        Images train = DEFAULTS.open(Split.TRAIN, 0);
        for (int i = 0; i < train.size(); i++) {
            of.merge(train.label(i), 1, Integer::sum);
        }
        assertEquals(32, of.size());
        of.forEach((label, n) -> assertTrue(n >= 128, train.classes().get(label) + " has " + n));
    }

    @Test
    void noPictureIsTwice() {
        Images few = glyphs(List.of("violet"), null, null).open(Split.TRAIN, 0);
        Images held = glyphs(List.of("violet"), null, null).open(Split.VALIDATION, 0);
        Set<Picture> seen = new HashSet<>();
        for (Images images : List.of(few, held)) {
            for (int i = 0; i < images.size(); i++) {
                Picture picture = images.get(i);
                assertEquals(64, picture.width());
                assertTrue(seen.add(picture), images.name(i));
            }
        }
        for (Picture a : seen) {
            for (Picture b : seen) {
                assertTrue(a == b || different(a, b) > 40, "two pictures hardly differ");
            }
        }
    }

    /** How many of the 12288 values differ by more than a fifth of their range. */
    private static int different(Picture a, Picture b) {
        int different = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            different += Math.abs((a.rgb()[i] & 0xFF) - (b.rgb()[i] & 0xFF)) > 51 ? 1 : 0;
        }
        return different;
    }

    @Test
    void theSeedDecidesAndTheSplitsAreApart() {
        Glyphs free = new Glyphs(List.of("fox", "house"), null, null, null, true, null, null, 1, 200, 0.1);
        Images train = free.open(Split.TRAIN, 3);
        Images held = free.open(Split.VALIDATION, 3);
        assertEquals(360, train.size());
        assertEquals(40, held.size());
        Set<String> names = new HashSet<>();
        for (int i = 0; i < train.size(); i++) {
            assertTrue(names.add(train.name(i)));
        }
        for (int i = 0; i < held.size(); i++) {
            assertTrue(names.add(held.name(i)));
        }
        assertEquals(train.name(7), free.open(Split.TRAIN, 3).name(7));
        assertEquals(train.get(7), free.open(Split.TRAIN, 3).get(7));
        assertNotEquals(train.name(7), free.open(Split.TRAIN, 4).name(7));
    }

    /** Trained runs were trained on one side of this split. */
    @Test
    void theSplitOfTheDefaultsStaysAsItIs() {
        assertEquals("9182 942022038", all(DEFAULTS.open(Split.TRAIN, 0)));
        assertEquals("490 -24328210", all(DEFAULTS.open(Split.VALIDATION, 0)));
    }

    private static String all(Images images) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < images.size(); i++) {
            names.append(images.name(i)).append(' ');
        }
        return images.size() + " " + names.toString().hashCode();
    }

    @Test
    void inkStaysInside() {
        Images images = DEFAULTS.open(Split.VALIDATION, 1);
        for (int i = 0; i < images.size(); i++) {
            Picture p = images.get(i);
            for (int j = 0; j < 64; j++) {
                for (int c = 0; c < 3; c++) {
                    assertEquals(4 * 255, p.at(c, 0, j) + p.at(c, 63, j) + p.at(c, j, 0) + p.at(c, j, 63), images.name(i));
                }
            }
        }
    }

    @Test
    void whatCannotBeDrawnIsSaid() {
        UserError wide = assertThrows(UserError.class, () -> glyphs(List.of("mammoths"), null, null));
        assertTrue(wide.getMessage().startsWith("'mammoths' at 16 pixels takes "), wide.getMessage());
        assertThrows(UserError.class, () -> glyphs(List.of("a", "a"), null, null));
        assertThrows(UserError.class, () -> glyphs(List.of(), null, null));
        assertThrows(UserError.class, () -> glyphs(null, null, 0));
        assertThrows(UserError.class, () -> new Glyphs(null, null, null, null, null, List.of("red"), null, null, null, null));
        assertThrows(
                UserError.class, () -> new Glyphs(null, null, null, null, null, List.of("#ffffff"), null, null, null, null));
        assertThrows(UserError.class, () -> new Glyphs(null, null, null, null, null, null, null, null, null, 0.9));
    }
}
