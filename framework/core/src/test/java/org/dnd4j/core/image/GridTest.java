package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GridTest {
    private static final int EDGE = 18;
    private static final int GAP = 6;
    private static final Picture RED = Picture.filled(10, 8, 0xFF0000);
    private static final Picture BLUE = Picture.filled(10, 8, 0x0000FF);

    private static Picture draw(String title, List<String> heads, String label, int zoom, int blocks, Picture... rows) {
        return new Grid(title, heads, IntStream.range(0, rows.length)
                        .mapToObj(i -> new Grid.Row(label, List.of(rows[i])))
                        .toList())
                .draw(zoom, blocks);
    }

    private static Picture part(Picture sheet, int x, int y, int zoom) {
        return sheet.part(x, y, 10 * zoom, 8 * zoom);
    }

    @Test
    void everyPixelBecomesASquareAndStaysWhatItWas() {
        Picture sheet = draw("", List.of(), "", 2, 1, RED, BLUE);
        assertEquals(2 * EDGE + 20, sheet.width());
        assertEquals(2 * EDGE + 2 * 16 + GAP, sheet.height());
        assertEquals(Picture.filled(20, 16, 0xFF0000), part(sheet, EDGE, EDGE, 2));
        assertEquals(Picture.filled(20, 16, 0x0000FF), part(sheet, EDGE, EDGE + 16 + GAP, 2));
        assertEquals(255, sheet.at(0, 0, 0));
    }

    @Test
    void rowsAreDealtIntoBlocksSideBySide() {
        Picture sheet = draw("", List.of(), "", 1, 2, RED, BLUE);
        assertEquals(2 * EDGE + 8, sheet.height());
        assertEquals(Picture.filled(10, 8, 0xFF0000), part(sheet, EDGE, EDGE, 1));
        assertEquals(Picture.filled(10, 8, 0x0000FF), part(sheet, EDGE + 10 + 3 * EDGE, EDGE, 1));
        assertEquals(draw("", List.of(), "", 1, 1, RED), draw("", List.of(), "", 1, 5, RED));
    }

    @Test
    void titleHeadsAndLabelsHaveRoomOfTheirOwn() {
        Picture plain = draw("", List.of(), "", 1, 1, RED);
        Picture labelled = draw("", List.of(), "fox", 1, 1, RED);
        Picture headed = draw("", List.of("original"), "", 1, 1, RED);
        Picture titled = draw("a rather long title", List.of(), "", 1, 1, RED);
        assertTrue(labelled.width() > plain.width() && labelled.height() == plain.height());
        assertEquals(plain.height() + 26, headed.height());
        assertEquals(plain.height() + 36, titled.height());
        assertTrue(titled.width() > labelled.width());
        assertEquals(Picture.filled(10, 8, 0xFF0000), part(titled, EDGE, EDGE + 36, 1));
        assertEquals(Picture.filled(10, 8, 0xFF0000), part(labelled, labelled.width() - EDGE - 10, EDGE, 1));
        assertTrue(IntStream.range(EDGE, EDGE + 36).anyMatch(x -> labelled.at(0, EDGE + 4, x) < 128), "no label");
    }

    @Test
    void aSheetNeedsAPicture() {
        assertThrows(IllegalArgumentException.class, () -> new Grid("", List.of(), List.of()));
    }
}
