package org.dnd4j.core.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.GlyphData;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;

/**
 * Letters as outlines to be filled, from the Liberation Sans in PDFBox's jar. Java's own text needs fonts on the machine
 * and fails where there are none; this needs nothing. Sizes are pixels an em; y grows downwards; the origin is where the
 * pen starts on the baseline. A character that the font lacks is its empty box.
 */
public final class Lettering {
    /** From one baseline to the next, in ems. */
    public static final double LEADING = 1.15;
    /** How far the tallest letters rise above the baseline, in ems. */
    public static final double ASCENT = 0.74;
    /** How far letters hang below the baseline, in ems. */
    public static final double DESCENT = 0.22;

    private static final String FILE = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
    private static final TrueTypeFont FONT = font();
    private static final Map<Integer, Letter> LETTERS = new ConcurrentHashMap<>();

    private record Letter(Path2D outline, double advance) {}

    private Lettering() {}

    /** How far the pen moves in writing a text, in pixels. */
    public static double width(String text, double size) {
        return text.codePoints().mapToDouble(c -> letter(c).advance).sum() * size;
    }

    /**
     * The outline of a text.
     *
     * @param slant how far upright strokes lean to the right, in degrees
     */
    public static Shape outline(String text, double size, double slant) {
        Path2D all = new Path2D.Double(Path2D.WIND_NON_ZERO);
        double pen = 0;
        for (int c : text.codePoints().toArray()) {
            all.append(letter(c).outline.getPathIterator(AffineTransform.getTranslateInstance(pen, 0)), false);
            pen += letter(c).advance;
        }
        double lean = Math.tan(Math.toRadians(slant));
        return all.createTransformedShape(new AffineTransform(size, 0, -lean * size, size, 0, 0));
    }

    /** Writes a text upright. */
    public static void write(Graphics2D to, String text, double x, double y, double size, Color ink) {
        to.setColor(ink);
        to.fill(AffineTransform.getTranslateInstance(x, y).createTransformedShape(outline(text, size, 0)));
    }

    /** A pen for an image, with smooth edges and shapes exactly where they are put. */
    public static Graphics2D pen(BufferedImage image) {
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        return pen;
    }

    private static Letter letter(int character) {
        return LETTERS.computeIfAbsent(character, Lettering::read);
    }

    private static Letter read(int character) {
        try {
            CmapLookup characters = FONT.getUnicodeCmapLookup();
            int id = characters.getGlyphId(character);
            double em = FONT.getUnitsPerEm();
            GlyphData glyph = FONT.getGlyph().getGlyph(id);
            Path2D outline = new Path2D.Double(Path2D.WIND_NON_ZERO);
            if (glyph != null) {
                outline.append(glyph.getPath().getPathIterator(AffineTransform.getScaleInstance(1 / em, -1 / em)), false);
            }
            return new Letter(outline, FONT.getAdvanceWidth(id) / em);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TrueTypeFont font() {
        try (InputStream in = PDDocument.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not in PDFBox's jar");
            }
            return new TTFParser().parse(new RandomAccessReadBuffer(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
