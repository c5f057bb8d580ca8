package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.dnd4j.core.code.Split;
import org.junit.jupiter.api.Test;

class WordReaderTest {
    private static final Glyphs GLYPHS = glyphs(null, false, 8);
    private static final WordReader READER = new WordReader(GLYPHS);

    private static Glyphs glyphs(List<String> words, boolean free, int step) {
        return new Glyphs(words, null, null, null, free, null, null, step, 40, 0.2);
    }

    private static double accuracy(WordReader reader, Images images) {
        int[] labels = IntStream.range(0, images.size()).map(images::label).toArray();
        return reader.accuracy(labels, IntStream.range(0, images.size()).mapToObj(images::get).toList());
    }

    @Test
    void realPicturesAreReadWithoutAMistake() {
        assertEquals(1, accuracy(READER, GLYPHS.open(Split.TRAIN, 1)));
        Glyphs free = glyphs(List.of("sun", "fox", "map", "tiger", "river"), true, 1);
        assertEquals(1, accuracy(new WordReader(free), free.open(Split.VALIDATION, 1)));
    }

    @Test
    void noiseOnThePixelsDoesNotMatter() {
        Images held = GLYPHS.open(Split.VALIDATION, 2);
        Random random = new Random(3);
        List<Picture> noisy = IntStream.range(0, held.size())
                .mapToObj(i -> noisy(held.get(i), random, 12))
                .toList();
        int[] labels = IntStream.range(0, held.size()).map(held::label).toArray();
        assertTrue(READER.accuracy(labels, noisy) > 0.99, READER.accuracy(labels, noisy) + "");
    }

    private static Picture noisy(Picture picture, Random random, double deviation) {
        byte[] rgb = picture.rgb().clone();
        for (int i = 0; i < rgb.length; i++) {
            double value = (rgb[i] & 0xFF) + deviation * random.nextGaussian();
            rgb[i] = (byte) Math.max(0, Math.min(255, value));
        }
        return new Picture(picture.width(), picture.height(), rgb);
    }

    @Test
    void whatIsNoneOfTheWordsIsNone() {
        assertEquals(-1, READER.read(Picture.filled(64, 64, 0xFFFFFF)), "nothing at all");
        assertEquals(-1, READER.read(Picture.filled(64, 64, 0x202020)), "all ink");
        assertEquals(-1, READER.read(noisy(Picture.filled(64, 64, 0x808080), new Random(1), 80)), "noise");
        Glyphs others = glyphs(List.of("zoo", "wax", "gym", "milk", "jazz", "quick", "blimp", "vortex"), false, 8);
        Images strange = others.open(Split.TRAIN, 1);
        long read = IntStream.range(0, strange.size()).filter(i -> READER.read(strange.get(i)) >= 0).count();
        assertEquals(0, read, "words that it does not know");
    }

    @Test
    void theWrongWordIsNotTheRightOne() {
        Images held = GLYPHS.open(Split.VALIDATION, 2);
        int words = GLYPHS.words().size();
        int[] wrong = IntStream.range(0, held.size()).map(i -> (held.label(i) + 1) % words).toArray();
        List<Picture> pictures = IntStream.range(0, held.size()).mapToObj(held::get).toList();
        assertEquals(0, READER.accuracy(wrong, pictures));
        assertEquals(0, READER.accuracy(new int[] {-1}, pictures.subList(0, 1)), "asked for no word at all");
    }

    /** How far apart the words are, which is what the threshold stands on. */
    @Test
    void theThresholdLiesBetweenWordsAndOtherWords() {
        Images all = GLYPHS.open(Split.TRAIN, 1);
        double least = IntStream.range(0, all.size())
                .mapToDouble(i -> READER.nearest(all.get(i)).likeness())
                .min()
                .orElseThrow();
        double most = 0;
        for (String word : GLYPHS.words()) {
            WordReader without = new WordReader(
                    glyphs(GLYPHS.words().stream().filter(w -> !w.equals(word)).toList(), false, 8));
            Images one = glyphs(List.of(word), false, 8).open(Split.VALIDATION, 1);
            for (int i = 0; i < one.size(); i++) {
                most = Math.max(most, without.nearest(one.get(i)).likeness());
            }
        }
        assertTrue(least > WordReader.LEAST + 0.05 && most < WordReader.LEAST, "drawn " + least + ", others " + most);
    }
}
