package org.dnd4j.core.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tells which word of {@link Glyphs} a picture shows, by comparing it with each of them as drawn: in every size and slant,
 * at every place of their grid about where the ink is. The likeness is the normalised correlation Σxt/√(Σx²·Σt²) of how far
 * the picture's pixels x are from the paper and how much of each pixel the template's letters t cover; x counts whole, so
 * that ink beside the letters tells against them. It depends on no model, and the colour of the ink does not matter.
 *
 * <p>It is no OCR: it knows which words there are, and takes a word of which a letter is wrong for the nearest one unless
 * the likeness falls below {@link #LEAST}. So it reads somewhat more than OCR does.
 */
public final class WordReader {
    /** What is less like every word than this is none. Drawn words reach 0.99; of the usual 32, two are alike to 0.87. */
    static final double LEAST = 0.9;

    /** Levels of 255 by which a pixel may differ from the paper and still be paper: what a decoder leaves of noise. */
    private static final int FAINT = 24;

    /** A template; {@code cover} has the rows of its box, which begins {@code left, top} from the pen. */
    private record Template(
            int word, int left, int top, int width, int height, float[] cover, double x, double y, double norm) {}

    /** What a picture was taken for. */
    record Read(int word, double likeness) {}

    private final int side;
    private final int step;
    private final Color paper;
    private final List<Template> templates;

    /** A reader of the words, sizes and slants of a data set. */
    public WordReader(Glyphs glyphs) {
        side = glyphs.side();
        step = glyphs.step();
        paper = Colour.of(glyphs.paper(), "paper");
        templates = new ArrayList<>();
        double[] slants = glyphs.angles().toArray();
        for (int word = 0; word < glyphs.words().size(); word++) {
            for (double size : glyphs.sizes()) {
                for (double slant : slants) {
                    templates.add(template(word, Lettering.outline(glyphs.words().get(word), size, slant)));
                }
            }
        }
    }

    /**
     * The share of pictures that show the word they should.
     *
     * @param labels of each picture, the index of its word; others than words are never right
     */
    public double accuracy(int[] labels, List<Picture> pictures) {
        long right = IntStream.range(0, labels.length)
                .parallel()
                .filter(i -> labels[i] >= 0 && read(pictures.get(i)) == labels[i])
                .count();
        return (double) right / labels.length;
    }

    /** The index of the word that a picture shows; −1 if none is like it. */
    public int read(Picture picture) {
        Read read = nearest(picture);
        return read.likeness() < LEAST ? -1 : read.word();
    }

    /** The word most like a picture. */
    Read nearest(Picture picture) {
        float[] ink = ink(picture);
        double mass = 0;
        double x = 0;
        double y = 0;
        double squares = 0;
        for (int i = 0; i < ink.length; i++) {
            mass += ink[i];
            x += ink[i] * (i % side);
            y += ink[i] * (i / side);
            squares += ink[i] * ink[i];
        }
        Read best = new Read(-1, 0);
        if (mass == 0) {
            return best;
        }
        for (Template t : templates) {
            double likeness = likeness(t, ink, x / mass - t.x, y / mass - t.y) / (t.norm * Math.sqrt(squares));
            if (likeness > best.likeness()) {
                best = new Read(t.word, likeness);
            }
        }
        return best;
    }

    /** The greatest Σxt with the pen on the grid, at most a step, or three pixels, from where the middle of the ink has it. */
    private double likeness(Template t, float[] ink, double x, double y) {
        int reach = Math.max(step, 3);
        double most = 0;
        for (int row = first(y, 0, reach); row <= y + reach; row += step) {
            for (int column = first(x, 2, reach); column <= x + reach; column += step) {
                most = Math.max(most, product(t, ink, column + t.left, row + t.top));
            }
        }
        return most;
    }

    /** The first place {@code origin + i·step} that is not more than {@code reach} before {@code at}. */
    private int first(double at, int origin, int reach) {
        return origin + step * (int) Math.ceil((at - reach - origin) / step);
    }

    private double product(Template t, float[] ink, int left, int top) {
        double sum = 0;
        for (int row = Math.max(0, -top); row < Math.min(t.height, side - top); row++) {
            int there = (top + row) * side + left;
            int here = row * t.width;
            for (int column = Math.max(0, -left); column < Math.min(t.width, side - left); column++) {
                sum += ink[there + column] * t.cover[here + column];
            }
        }
        return sum;
    }

    /** How far each pixel is from the paper, beyond what is faint: the greatest difference of a channel. */
    private float[] ink(Picture picture) {
        if (picture.width() != side || picture.height() != side) {
            throw new IllegalArgumentException(picture + " where pictures have " + side + " pixels an edge");
        }
        int[] ground = {paper.getRed(), paper.getGreen(), paper.getBlue()};
        float[] ink = new float[side * side];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < ink.length; i++) {
                ink[i] = Math.max(ink[i], Math.abs((picture.rgb()[c * ink.length + i] & 0xFF) - ground[c]) - FAINT);
            }
        }
        return ink;
    }

    private static Template template(int word, Shape outline) {
        Rectangle2D box = outline.getBounds2D();
        int left = (int) Math.floor(box.getMinX());
        int top = (int) Math.floor(box.getMinY());
        int width = (int) Math.ceil(box.getMaxX()) - left;
        int height = (int) Math.ceil(box.getMaxY()) - top;
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = Lettering.pen(image);
        pen.setColor(Color.WHITE);
        pen.fill(AffineTransform.getTranslateInstance(-left, -top).createTransformedShape(outline));
        pen.dispose();
        Picture drawn = Picture.of(image);
        float[] cover = new float[width * height];
        double mass = 0;
        double x = 0;
        double y = 0;
        double squares = 0;
        for (int i = 0; i < cover.length; i++) {
            cover[i] = (drawn.rgb()[i] & 0xFF) / 255f;
            mass += cover[i];
            x += cover[i] * (left + i % width);
            y += cover[i] * (top + i / width);
            squares += cover[i] * cover[i];
        }
        return new Template(word, left, top, width, height, cover, x / mass, y / mass, Math.sqrt(squares));
    }
}
