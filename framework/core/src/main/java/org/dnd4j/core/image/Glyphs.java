package org.dnd4j.core.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;

/**
 * Words drawn as pictures; the word is the class. Every combination of size, slant, ink and place in which a word fits is
 * one picture; the seed picks which of them there are, and a share of those is held out. Nothing outside the program is
 * read.
 *
 * @param words the classes; 32 of three to six letters by default
 * @param side pixels along an edge, 64
 * @param sizes of the letters in pixels an em, 16 and 19
 * @param slants in degrees to the right, 0 and 12
 * @param freeSlant whether a slant is any half degree from the least to the greatest of {@code slants}; false
 * @param inks colours of the letters as {@code #rrggbb}; four
 * @param paper colour of the ground, white
 * @param step places are this many pixels apart in both directions, 8; 1 is free placement
 * @param count the most pictures of a word, both splits together, 1024; a word that fits in fewer ways has all of them
 * @param heldOut the share of each word's pictures held out for validation, 0.05
 */
public record Glyphs(
        List<String> words,
        Integer side,
        List<Double> sizes,
        List<Double> slants,
        Boolean freeSlant,
        List<String> inks,
        String paper,
        Integer step,
        Integer count,
        Double heldOut)
        implements Dataset {
    private static final List<String> WORDS = List.of(
            "sun", "fox", "map", "key", "bird", "gold", "moon", "ship", "tree", "wolf", "apple", "bread", "cloud", "dream",
            "flame", "grape", "house", "knife", "lemon", "night", "ocean", "piano", "queen", "river", "stone", "tiger",
            "zebra", "castle", "forest", "silver", "violet", "winter");
    private static final List<String> INKS = List.of("#1a1a1a", "#b3261e", "#1d4ed8", "#0f7a3a");
    /** No ink comes nearer to the edge, in pixels. */
    private static final int MARGIN = 1;

    public Glyphs {
        words = List.copyOf(words == null ? WORDS : words);
        side = side == null ? 64 : side;
        sizes = List.copyOf(sizes == null ? List.of(16.0, 19.0) : sizes);
        slants = List.copyOf(slants == null ? List.of(0.0, 12.0) : slants);
        freeSlant = freeSlant != null && freeSlant;
        inks = List.copyOf(inks == null ? INKS : inks);
        paper = paper == null ? "#ffffff" : paper;
        step = step == null ? 8 : step;
        count = count == null ? 1024 : count;
        heldOut = Held.share(heldOut);
        require(!words.isEmpty() && new HashSet<>(words).size() == words.size(), "words must be one or more, each once");
        require(words.stream().allMatch(w -> w.matches("\\p{L}+")), "words must be of letters only: " + words);
        require(side >= 8 && side <= 4096, "side must be 8 to 4096 pixels, not " + side);
        require(!sizes.isEmpty() && sizes.stream().allMatch(s -> s >= 4 && s <= 1000), "sizes must be 4 or more pixels");
        require(!slants.isEmpty() && slants.stream().allMatch(s -> Math.abs(s) <= 45), "slants must be -45 to 45 degrees");
        require(step >= 1, "step must be 1 pixel or more, not " + step);
        require(count >= 2, "count must be 2 pictures or more, not " + count);
        require(!inks.isEmpty(), "inks must be one colour or more");
        Color ground = Colour.of(paper, "paper");
        for (String ink : inks) {
            require(!Colour.of(ink, "an ink").equals(ground), "the ink " + ink + " cannot be seen on this paper");
        }
        for (String word : words) {
            for (double size : sizes) {
                for (double slant : slants) {
                    Style.of(word, size, slant, side, step);
                }
            }
        }
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new UserError(otherwise);
        }
    }

    /** A number without a needless {@code .0}. */
    private static String plain(double number) {
        return Double.toString(number).replaceFirst("\\.0$", "");
    }

    /** A way to write one word, and the places in which it then fits. */
    private record Style(String word, double size, double slant, int left, int columns, int top, int rows) {
        /** Pens start at (2 + i·step, j·step), on one grid for all words and styles. */
        static Style of(String word, double size, double slant, int side, int step) {
            Rectangle2D ink = Lettering.outline(word, size, slant).getBounds2D();
            int left = (int) Math.ceil((MARGIN - 2 - ink.getMinX()) / step);
            int right = (int) Math.floor((side - MARGIN - 2 - ink.getMaxX()) / step);
            int top = (int) Math.ceil((MARGIN - ink.getMinY()) / step);
            int bottom = (int) Math.floor((side - MARGIN - ink.getMaxY()) / step);
            if (right < left || bottom < top) {
                throw new UserError("'" + word + "' at " + plain(size) + " pixels takes " + (int) Math.ceil(ink.getWidth()) + "x"
                        + (int) Math.ceil(ink.getHeight()) + " pixels and has no place on " + side + "x" + side
                        + ": use smaller sizes, a smaller step or a larger side");
            }
            return new Style(word, size, slant, left, right - left + 1, top, bottom - top + 1);
        }

        int places() {
            return columns * rows;
        }
    }

    @Override
    public Images open(Split split, long seed) {
        List<Pictures.Entry> entries = new ArrayList<>();
        for (int label = 0; label < words.size(); label++) {
            entries.addAll(ofWord(words.get(label), label, split, Key.of(seed).at("glyphs").at(words.get(label))));
        }
        return new Pictures(View.asIs(side), words, entries, 0);
    }

    private List<Pictures.Entry> ofWord(String word, int label, Split split, Key key) {
        List<Style> styles = new ArrayList<>();
        for (double size : sizes) {
            angles().forEach(slant -> styles.add(Style.of(word, size, slant, side, step)));
        }
        int all = styles.stream().mapToInt(Style::places).sum() * inks.size();
        int[] chosen = draw(all, Math.min(all, count), key);
        int held = Held.count(chosen.length, heldOut);
        List<Pictures.Entry> entries = new ArrayList<>();
        for (int i = split == Split.VALIDATION ? 0 : held; i < (split == Split.VALIDATION ? held : chosen.length); i++) {
            entries.add(combination(styles, chosen[i], word, label));
        }
        return entries;
    }

    /** The slants of which there are pictures. */
    DoubleStream angles() {
        double least = slants.stream().mapToDouble(s -> s).min().orElseThrow();
        double greatest = slants.stream().mapToDouble(s -> s).max().orElseThrow();
        return freeSlant
                ? DoubleStream.iterate(least, s -> s <= greatest, s -> s + 0.5)
                : slants.stream().mapToDouble(s -> s).distinct();
    }

    /** The first {@code n} of a random order of {@code 0 … all-1}: a Fisher–Yates shuffle that keeps only what moved. */
    private static int[] draw(int all, int n, Key key) {
        Random random = new Random(key.seed());
        Map<Integer, Integer> moved = new HashMap<>();
        int[] drawn = new int[n];
        for (int i = 0; i < n; i++) {
            int j = i + random.nextInt(all - i);
            drawn[i] = moved.getOrDefault(j, j);
            moved.put(j, moved.getOrDefault(i, i));
        }
        return drawn;
    }

    /** Combination {@code index}: inks change fastest, then columns, rows and styles. */
    private Pictures.Entry combination(List<Style> styles, int index, String word, int label) {
        String ink = inks.get(index % inks.size());
        int place = index / inks.size();
        int s = 0;
        while (place >= styles.get(s).places()) {
            place -= styles.get(s++).places();
        }
        Style style = styles.get(s);
        int x = 2 + (style.left + place % style.columns) * step;
        int y = (style.top + place / style.columns) * step;
        String name = String.join("-", word, plain(style.size), plain(style.slant), ink.substring(1), "" + x, "" + y);
        return new Pictures.Entry(name, name, label, () -> picture(style, x, y, ink));
    }

    private Picture picture(Style style, int x, int y, String ink) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = Lettering.pen(image);
        pen.setColor(Colour.of(paper, "paper"));
        pen.fillRect(0, 0, side, side);
        pen.setColor(Colour.of(ink, "ink"));
        Shape outline = Lettering.outline(style.word, style.size, style.slant);
        pen.fill(AffineTransform.getTranslateInstance(x, y).createTransformedShape(outline));
        pen.dispose();
        return Picture.of(image);
    }
}
