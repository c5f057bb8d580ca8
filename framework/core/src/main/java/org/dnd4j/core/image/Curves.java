package org.dnd4j.core.image;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A plot of lines over one pair of axes.
 *
 * @param title above it
 * @param x what the horizontal axis counts
 * @param y what the vertical axis counts, with its unit
 * @param log whether the vertical axis is logarithmic; values of 0 and less are then left out
 * @param lines in the order of the legend
 */
public record Curves(String title, String x, String y, boolean log, List<Line> lines) {
    /**
     * One line; values that are no finite numbers interrupt it.
     *
     * @param name for the legend
     */
    public record Line(String name, double[] x, double[] y) {
        public Line {
            if (x.length != y.length) {
                throw new IllegalArgumentException(name + ": " + x.length + " places, " + y.length + " values");
            }
        }
    }

    private static final Color INK = new Color(0x22262b);
    private static final Color FAINT = new Color(0x6b727c);
    private static final Color RULE = new Color(0xe6e9ed);
    private static final Color[] COLOURS = {
        new Color(0x1d4ed8), new Color(0xd9480f), new Color(0x0f7a3a), new Color(0x9333ea),
        new Color(0xb3261e), new Color(0x0e7490), new Color(0xa16207), new Color(0x475569)
    };
    private static final double LETTERS = 13;
    private static final int LEFT = 74;
    private static final int RIGHT = 24;
    private static final int BOTTOM = 56;

    public Curves {
        lines = List.copyOf(lines);
    }

    /** The plot at a size in pixels, at least 320x240; {@code zoom} 2 draws everything twice as large and sharp. */
    public Picture draw(int width, int height, int zoom) {
        return sheet(List.of(this), 1, width, height, zoom);
    }

    /** Several plots of {@code width × height} pixels, in rows of {@code columns}. */
    public static Picture sheet(List<Curves> plots, int columns, int width, int height, int zoom) {
        int rows = (plots.size() + columns - 1) / columns;
        BufferedImage image = new BufferedImage(
                columns * width * zoom, Math.max(rows, 1) * height * zoom, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = Lettering.pen(image);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, image.getWidth(), image.getHeight());
        for (int i = 0; i < plots.size(); i++) {
            pen.setTransform(AffineTransform.getScaleInstance(zoom, zoom));
            pen.translate(i % columns * width, i / columns * height);
            pen.setClip(0, 0, width, height);
            plots.get(i).draw(pen, width, height);
        }
        pen.dispose();
        return Picture.of(image);
    }

    private void draw(Graphics2D pen, int width, int height) {
        Lettering.write(pen, title, LEFT, 28, 1.25 * LETTERS, INK);
        double top = legend(pen, width) + 14;
        Scale across = Scale.of(lines.stream().map(Line::x).toList(), false, 6);
        Scale up = Scale.of(lines.stream().map(Line::y).toList(), log, 5);
        double w = width - LEFT - RIGHT;
        double h = height - BOTTOM - top;
        pen.setStroke(new BasicStroke(1));
        for (double tick : up.ticks()) {
            double at = top + h * (1 - up.share(tick));
            pen.setColor(RULE);
            pen.draw(new Line2D.Double(LEFT, at, LEFT + w, at));
            String text = Scale.text(tick);
            Lettering.write(pen, text, LEFT - 8 - Lettering.width(text, LETTERS), at + 0.36 * LETTERS, LETTERS, FAINT);
        }
        for (double tick : across.ticks()) {
            double at = LEFT + w * across.share(tick);
            pen.setColor(FAINT);
            pen.draw(new Line2D.Double(at, top + h, at, top + h + 4));
            String text = Scale.text(tick);
            Lettering.write(pen, text, at - Lettering.width(text, LETTERS) / 2, top + h + 19, LETTERS, FAINT);
        }
        pen.draw(new Line2D.Double(LEFT, top + h, LEFT + w, top + h));
        Lettering.write(pen, x, LEFT + w - Lettering.width(x, LETTERS), height - 14, LETTERS, INK);
        AffineTransform upright = pen.getTransform();
        pen.rotate(-Math.PI / 2, 18, top + h / 2);
        Lettering.write(pen, y, 18 - Lettering.width(y, LETTERS) / 2, top + h / 2 + 4, LETTERS, INK);
        pen.setTransform(upright);
        for (int i = 0; i < lines.size(); i++) {
            pen.setColor(COLOURS[i % COLOURS.length]);
            line(pen, lines.get(i), i, across, up, LEFT, top, w, h);
        }
    }

    /** Colours and names in rows below the title; where the rows end. */
    private double legend(Graphics2D pen, int width) {
        double at = LEFT;
        double row = 50;
        for (int i = 0; i < lines.size(); i++) {
            double wide = 24 + Lettering.width(lines.get(i).name(), LETTERS) + 18;
            if (at > LEFT && at + wide > width - RIGHT + 18) {
                at = LEFT;
                row += 19;
            }
            pen.setColor(COLOURS[i % COLOURS.length]);
            pen.setStroke(stroke(i));
            pen.draw(new Line2D.Double(at, row - 4.5, at + 18, row - 4.5));
            Lettering.write(pen, lines.get(i).name(), at + 24, row, LETTERS, FAINT);
            at += wide;
        }
        return lines.isEmpty() ? 34 : row;
    }

    /** After the colours have been used up, lines are dashed. */
    private static BasicStroke stroke(int i) {
        float[] dashes = i < COLOURS.length ? null : new float[] {6, 5};
        return new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1, dashes, 0);
    }

    private static void line(
            Graphics2D pen, Line line, int i, Scale across, Scale up, double left, double top, double w, double h) {
        Path2D path = new Path2D.Double();
        boolean drawing = false;
        int drawn = 0;
        for (int j = 0; j < line.x().length; j++) {
            if (!up.shows(line.y()[j]) || !across.shows(line.x()[j])) {
                drawing = false;
                continue;
            }
            double x = left + w * across.share(line.x()[j]);
            double y = top + h * (1 - up.share(line.y()[j]));
            if (drawing) {
                path.lineTo(x, y);
            } else {
                path.moveTo(x, y);
                path.lineTo(x, y);
            }
            drawing = true;
            drawn++;
        }
        pen.setStroke(drawn == 1 ? new BasicStroke(6, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND) : stroke(i));
        pen.draw(path);
    }
}
