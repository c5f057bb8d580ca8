package org.dnd4j.core.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A contact sheet: labelled rows of pictures below the heads of their columns.
 *
 * @param title above everything; may be empty
 * @param heads of the columns; may be fewer than the columns, or none
 * @param rows may have different lengths, and pictures of different sizes
 */
public record Grid(String title, List<String> heads, List<Row> rows) {
    /** Pictures with what they are called. */
    public record Row(String label, List<Picture> pictures) {}

    private static final Color INK = new Color(0x22262b);
    private static final Color FAINT = new Color(0x6b727c);
    private static final Color FRAME = new Color(0xd5d9de);
    private static final int GAP = 6;
    private static final int EDGE = 18;
    private static final double LETTERS = 15;

    public Grid {
        heads = List.copyOf(heads);
        rows = List.copyOf(rows);
        if (rows.stream().allMatch(r -> r.pictures().isEmpty())) {
            throw new IllegalArgumentException("a sheet needs a picture");
        }
    }

    /**
     * Draws the sheet.
     *
     * @param zoom pixels along an edge that each pixel becomes
     * @param blocks side by side into which the rows are dealt, top to bottom, so that many short rows do not make a
     *     tower
     */
    public Picture draw(int zoom, int blocks) {
        int columns = rows.stream().mapToInt(r -> r.pictures().size()).max().orElseThrow();
        int width = zoom * rows.stream().flatMap(r -> r.pictures().stream()).mapToInt(Picture::width).max().orElseThrow();
        int height = zoom * rows.stream().flatMap(r -> r.pictures().stream()).mapToInt(Picture::height).max().orElseThrow();
        double widest = heads.stream().mapToDouble(h -> Lettering.width(h, LETTERS)).max().orElse(0);
        int pitch = Math.max(width, (int) Math.ceil(widest)) + GAP;
        int labels = (int) Math.ceil(rows.stream().mapToDouble(r -> Lettering.width(r.label(), LETTERS)).max().orElse(0));
        int block = (labels == 0 ? 0 : labels + 2 * GAP) + columns * pitch - GAP;
        int deep = (rows.size() + blocks - 1) / blocks;
        int used = (rows.size() + deep - 1) / deep;
        double titled = title.isEmpty() ? 0 : Lettering.width(title, 1.4 * LETTERS);
        int top = EDGE + (title.isEmpty() ? 0 : 36) + (heads.isEmpty() ? 0 : 26);
        BufferedImage sheet = new BufferedImage(
                2 * EDGE + Math.max((int) Math.ceil(titled), used * (block + 3 * EDGE) - 3 * EDGE),
                top + deep * (height + GAP) - GAP + EDGE,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = Lettering.pen(sheet);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        Lettering.write(pen, title, EDGE, EDGE + 18, 1.4 * LETTERS, INK);
        for (int b = 0; b < used; b++) {
            int left = EDGE + b * (block + 3 * EDGE);
            int first = left + block - columns * pitch + GAP;
            for (int c = 0; c < Math.min(columns, heads.size()); c++) {
                double x = first + c * pitch + (width - Lettering.width(heads.get(c), LETTERS)) / 2;
                Lettering.write(pen, heads.get(c), x, top - 10, LETTERS, FAINT);
            }
            for (int r = b * deep; r < Math.min(rows.size(), (b + 1) * deep); r++) {
                int y = top + (r - b * deep) * (height + GAP);
                row(pen, rows.get(r), left, first, y, pitch, height, labels, zoom);
            }
        }
        pen.dispose();
        return Picture.of(sheet);
    }

    /** Labels stand to the right, next to their pictures, at half their height. */
    private static void row(
            Graphics2D pen, Row row, int left, int first, int y, int pitch, int height, int labels, int zoom) {
        double x = left + labels - Lettering.width(row.label(), LETTERS);
        Lettering.write(pen, row.label(), x, y + height / 2.0 + 0.36 * LETTERS, LETTERS, INK);
        for (int c = 0; c < row.pictures().size(); c++) {
            Picture picture = row.pictures().get(c);
            int at = first + c * pitch;
            pen.drawImage(picture.image(), new AffineTransform(zoom, 0, 0, zoom, at, y), null);
            pen.setColor(FRAME);
            // a line lies on both sides of where it is drawn: half a pixel outside, it covers none of the picture
            pen.draw(new Rectangle2D.Double(at - 0.5, y - 0.5, zoom * picture.width() + 1, zoom * picture.height() + 1));
        }
    }
}
