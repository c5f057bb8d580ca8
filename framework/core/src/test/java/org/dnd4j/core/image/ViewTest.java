package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.junit.jupiter.api.Test;

class ViewTest {
    /** Red says in which column a pixel stood, green in which row. */
    private static Picture map(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            rgb[i] = (byte) (i % width);
            rgb[width * height + i] = (byte) (i / width);
        }
        return new Picture(width, height, rgb);
    }

    private static String complaint(Integer side, Integer resize) {
        return assertThrows(UserError.class, () -> View.of(side, resize, null, null)).getMessage();
    }

    private static String refused(View view, int count) {
        return assertThrows(UserError.class, () -> view.variants(map(16, 16), count)).getMessage();
    }

    @Test
    void defaultsCutFromTheSideMirrorAndNeverEnlarge() {
        assertEquals(new View(16, 16, true, false), View.of(16, null, null, null));
        assertEquals(new View(16, 20, false, true), View.of(16, 20, false, true));
        assertFalse(View.asIs(16).augments());
        assertTrue(complaint(null, null).startsWith("side is missing"));
        assertEquals("side must be 8 to 8192 pixels, not 7", complaint(7, null));
        assertTrue(complaint(16, 15).endsWith("so not 15"));
    }

    @Test
    void onlyWhatIsSmallerThanTheCropIsTrouble() {
        View view = View.of(16, null, null, null);
        assertNull(view.trouble(16, 16));
        assertEquals("is 40x15, smaller than the crop of 16x16", view.trouble(40, 15));
        assertNull(View.of(16, null, null, true).trouble(1, 1));
    }

    @Test
    void theMiddleIsTheMiddle() {
        View view = View.of(16, null, null, null);
        Picture exact = map(16, 16);
        assertSame(exact, view.middle(exact));
        assertEquals(map(26, 16).part(5, 0, 16, 16), view.middle(map(26, 16)));
        assertEquals(Picture.filled(16, 16, 0x123456), view.middle(Picture.filled(100, 70, 0x123456)));
    }

    @Test
    void randomPartsDependOnNothingButTheKeyAndLieInside() {
        View view = View.of(8, 12, true, false);
        Picture whole = map(20, 12);
        int mirrored = 0;
        boolean[] columns = new boolean[13];
        boolean[] rows = new boolean[5];
        for (int i = 0; i < 500; i++) {
            Picture part = view.random(whole, Key.of(i));
            assertEquals(part, view.random(whole, Key.of(i)));
            boolean turned = part.at(0, 0, 0) > part.at(0, 0, 7);
            mirrored += turned ? 1 : 0;
            int x = Math.min(part.at(0, 0, 0), part.at(0, 0, 7));
            int y = part.at(1, 0, 0);
            assertEquals(turned ? whole.part(x, y, 8, 8).mirrored() : whole.part(x, y, 8, 8), part);
            columns[x] = true;
            rows[y] = true;
            assertEquals(whole.part(x, y, 8, 8), View.of(8, 12, false, false).random(whole, Key.of(i)));
        }
        assertTrue(mirrored > 200 && mirrored < 300, mirrored + " of 500 are mirrored");
        assertTrue(IntStream.range(0, 13).allMatch(x -> columns[x]) && IntStream.range(0, 5).allMatch(y -> rows[y]));
    }

    @Test
    void whatPartsAreCutFromHasItsShorterEdgeAtResize() {
        Picture whole = View.of(8, 12, null, null).whole(Picture.filled(40, 24, 0));
        assertEquals("20x12", whole.width() + "x" + whole.height());
    }

    @Test
    void variantsAreOneTwoOrTen() {
        View view = View.of(16, null, null, null);
        Picture middle = map(16, 16);
        assertEquals(List.of(middle), view.variants(middle, 1));
        assertEquals(List.of(middle, middle.mirrored()), view.variants(middle, 2));
        List<Picture> ten = view.ten(map(17, 17));
        assertEquals(10, ten.size());
        assertEquals(map(17, 17).part(0, 0, 16, 16), ten.get(0));
        assertEquals(map(17, 17).mirrored().part(1, 1, 16, 16), ten.get(8));
        assertTrue(refused(view, 3).endsWith("these pictures are encoded in 1, 2 or 10"));
        assertTrue(refused(View.of(16, null, false, null), 2).endsWith("encoded in 1 or 10"));
        assertTrue(refused(View.asIs(16), 2).endsWith("encoded in 1"));
        assertThrows(UserError.class, () -> View.asIs(16).ten(map(16, 16)));
    }
}
