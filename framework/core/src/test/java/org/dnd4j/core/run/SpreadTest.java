package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Watch;
import org.dnd4j.core.image.Images;
import org.dnd4j.core.image.Picture;
import org.junit.jupiter.api.Test;

class SpreadTest {
    /** Grey pictures, an even one of class 0 after an odd one of class 1. */
    private record Greys(int size) implements Images {
        @Override
        public int side() {
            return 2;
        }

        @Override
        public String name(int i) {
            return Integer.toString(i);
        }

        @Override
        public int label(int i) {
            return i % 2;
        }

        @Override
        public List<String> classes() {
            return List.of("even", "odd");
        }

        @Override
        public Picture get(int i) {
            return Picture.filled(2, 2, 0x010101 * (i * 37 % 256));
        }
    }

    @Test
    void isTheVarianceOfPixels() {
        Picture black = Picture.filled(2, 2, 0);
        Picture white = Picture.filled(2, 2, 0xFFFFFF);
        assertEquals(0.5, Spread.of(new int[] {0, 0, 1, 1}, List.of(black, white, white, black)), 1e-12);
        assertEquals(0, Spread.of(new int[] {0, 0}, List.of(white, white)), 1e-12);
        assertEquals(0.5, Spread.of(new int[] {0, 0, 1}, List.of(black, white, white)), 1e-12, "one picture has no spread");
        assertTrue(Double.isNaN(Spread.of(new int[] {0, 1}, List.of(black, white))));
    }

    @Test
    void theFirst128PicturesOfAClassCount() {
        double expected = (variance(0) + variance(1)) / 2;
        assertEquals(expected, Spread.of(new Greys(300), Progress.NONE), 1e-12);
        assertEquals(expected, Spread.of(new Greys(256), Progress.NONE), 1e-12);
    }

    /** In two passes. */
    private static double variance(int label) {
        double[] x = IntStream.range(0, 128).mapToDouble(i -> (2 * i + label) * 37 % 256 / 255.0).toArray();
        double mean = DoubleStream.of(x).average().orElseThrow();
        return DoubleStream.of(x).map(v -> (v - mean) * (v - mean)).sum() / 127;
    }

    @Test
    void saysHowFarItIsAndStops() {
        Watch progress = new Watch(w -> w.done == 3 && w.total == 20);
        Spread.of(new Greys(8), progress);
        assertEquals(8, progress.done);
        assertThrows(Stopped.class, () -> Spread.of(new Greys(20), progress));
        assertEquals(3, progress.done);
    }
}
