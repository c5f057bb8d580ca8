package org.dnd4j.core.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.dnd4j.core.Why;
import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;

/**
 * Text files as pictures of text (REFERENCE F, Text-Image): a file's words, in order, fill one picture after the other,
 * wrapped between words, a word that is wider than the picture within it. There are no classes.
 *
 * @param files paths of UTF-8 text, gzipped ({@code .gz}) or not, with {@code *} and <code>?</code> in their last part
 * @param side pixels along an edge, 512
 * @param size of the letters in pixels an em, 32
 * @param words the most words in a picture, 100; fewer where no more fit
 * @param margin free pixels at every edge, 20
 * @param leading from line to line, in ems, 1.15
 * @param ink colour of the letters as {@code #rrggbb}, black
 * @param paper colour of the ground, white
 * @param count the most pictures, both splits together; all there are by default
 * @param validation files for validation; by default a share of the pictures is held out
 * @param heldOut that share, 0.05
 */
public record Text(
        List<String> files,
        Integer side,
        Double size,
        Integer words,
        Integer margin,
        Double leading,
        String ink,
        String paper,
        Integer count,
        List<String> validation,
        Double heldOut)
        implements Dataset {
    public Text {
        if (files == null || files.isEmpty()) {
            throw new UserError("files is missing: the text files to be drawn");
        }
        files = List.copyOf(files);
        side = View.of(side == null ? 512 : side, null, false, false).side();
        size = size == null ? 32 : size;
        words = words == null ? 100 : words;
        margin = margin == null ? 20 : margin;
        leading = leading == null ? Lettering.LEADING : leading;
        ink = ink == null ? "#000000" : ink;
        paper = paper == null ? "#ffffff" : paper;
        validation = validation == null || validation.isEmpty() ? null : List.copyOf(validation);
        heldOut = Held.share(heldOut);
        if (!(size >= 4) || words < 1 || margin < 0 || !(leading > 0) || count != null && count < 2) {
            throw new UserError("size must be 4 or more pixels, words 1 or more, margin 0 or more, leading above 0 and count"
                    + " 2 or more");
        }
        if (side - 2 * margin < 2 * size) {
            throw new UserError("a picture of " + side + " pixels with margins of " + margin + " has no room for letters of "
                    + size + " pixels");
        }
        if (Colour.of(ink, "ink").equals(Colour.of(paper, "paper"))) {
            throw new UserError("the ink " + ink + " cannot be seen on this paper");
        }
    }

    @Override
    public boolean apart() {
        return validation != null;
    }

    @Override
    public Images open(Split split, long seed) {
        List<Path> apart = validation == null ? List.of() : Encoded.files(validation);
        List<Path> train = new ArrayList<>(Encoded.files(files));
        train.removeAll(apart);
        List<Pictures.Entry> entries = new ArrayList<>();
        for (Path file : validation != null && split == Split.VALIDATION ? apart : train) {
            List<List<String>> pages = pages(text(file));
            for (int i = 0; i < pages.size(); i++) {
                List<String> page = pages.get(i);
                entries.add(new Pictures.Entry(file + "#" + i, file.getFileName() + "#" + i, 0, () -> picture(page)));
            }
        }
        if (entries.isEmpty()) {
            throw new UserError((split == Split.TRAIN ? files : validation) + ": hold no words");
        }
        List<Pictures.Entry> first = count == null ? entries : entries.subList(0, Math.min(count, entries.size()));
        return new Pictures(
                View.asIs(side),
                List.of("text"),
                validation == null ? Pictures.split(split, first, heldOut) : first,
                0);
    }

    /** The lines of each picture. */
    private List<List<String>> pages(String text) {
        double width = side - 2 * margin;
        int lines = Math.max(1, (int) ((width - size * (Lettering.ASCENT + Lettering.DESCENT)) / (size * leading)) + 1);
        List<List<String>> pages = new ArrayList<>();
        List<String> page = new ArrayList<>();
        String line = "";
        int drawn = 0;
        for (String word : text.strip().split("\\s+")) {
            for (String piece : pieces(word, width)) {
                String longer = line.isEmpty() ? piece : line + " " + piece;
                boolean full = drawn == words;
                if (!full && Lettering.width(longer, size) <= width) {
                    line = longer;
                } else {
                    page.add(line);
                    if (full || page.size() == lines) {
                        pages.add(page);
                        page = new ArrayList<>();
                        drawn = 0;
                    }
                    line = piece;
                }
                drawn++;
            }
        }
        if (!line.isEmpty()) {
            page.add(line);
            pages.add(page);
        }
        return pages;
    }

    /** A word, or what fits on a line of it at a time. */
    private List<String> pieces(String word, double width) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (int c : word.codePoints().toArray()) {
            if (!piece.isEmpty() && Lettering.width(piece + Character.toString(c), size) > width) {
                pieces.add(piece.toString());
                piece.setLength(0);
            }
            piece.appendCodePoint(c);
        }
        if (!piece.isEmpty()) {
            pieces.add(piece.toString());
        }
        return pieces;
    }

    private Picture picture(List<String> lines) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = Lettering.pen(image);
        pen.setColor(Colour.of(paper, "paper"));
        pen.fillRect(0, 0, side, side);
        Color colour = Colour.of(ink, "ink");
        for (int i = 0; i < lines.size(); i++) {
            double y = margin + size * Lettering.ASCENT + i * size * leading;
            Lettering.write(pen, lines.get(i), margin, y, size, colour);
        }
        pen.dispose();
        return Picture.of(image);
    }

    private static String text(Path file) {
        byte[] bytes;
        boolean packed = file.toString().endsWith(".gz");
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = packed ? new GZIPInputStream(in) : in) {
            bytes = plain.readAllBytes();
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        }
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CharBuffer to = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(from, to, true);
        if (result.isError()) {
            throw new UserError(file + ": is not UTF-8: byte " + from.position() + (packed ? " of what is packed in it" : "")
                    + " starts no character");
        }
        String text = to.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
