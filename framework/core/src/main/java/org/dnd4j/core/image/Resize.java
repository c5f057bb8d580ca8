package org.dnd4j.core.image;

/**
 * Resizing of 8-bit pictures, pixel for pixel as PIL does it: a separable filter widened by the scale where it shrinks
 * (so without aliasing), weights as 22-bit fixed-point numbers, rows before columns, rounded to 8 bits after each. (After
 * Pillow's documented behaviour; checked on fixture xiii of REFERENCE J.)
 */
public enum Resize {
    /** The mean of what a pixel covers. */
    BOX(0.5),
    /** A triangle. */
    BILINEAR(1),
    /** Keys' cubic with a = −1/2. */
    BICUBIC(2);

    private static final int BITS = 22;

    private final double support;

    Resize(double support) {
        this.support = support;
    }

    private double weight(double x) {
        double t = Math.abs(x);
        return switch (this) {
            case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
            case BILINEAR -> Math.max(0, 1 - t);
            case BICUBIC -> t < 1 ? (1.5 * t - 2.5) * t * t + 1 : t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
        };
    }

    /** The picture at {@code width × height} pixels. */
    public Picture to(Picture picture, int width, int height) {
        Picture wide = width == picture.width() ? picture : rows(picture, width);
        return height == wide.height() ? wide : transposed(rows(transposed(wide), height));
    }

    /** The shorter edge at {@code side} pixels, the longer one in proportion, rounded down (as torchvision does). */
    public static Picture shorter(Picture picture, int side, Resize filter) {
        int w = picture.width();
        int h = picture.height();
        return w <= h
                ? filter.to(picture, side, (int) ((long) side * h / w))
                : filter.to(picture, (int) ((long) side * w / h), side);
    }

    /** Every row at another width. */
    private Picture rows(Picture in, int width) {
        double scale = (double) in.width() / width;
        double wider = Math.max(scale, 1);
        int lines = 3 * in.height();
        byte[] out = new byte[lines * width];
        for (int x = 0; x < width; x++) {
            double centre = (x + 0.5) * scale;
            int from = Math.max(0, (int) (centre - support * wider + 0.5));
            int to = Math.min(in.width(), (int) (centre + support * wider + 0.5));
            int[] weights = weights(from, to, centre, wider);
            for (int line = 0; line < lines; line++) {
                int sum = 1 << (BITS - 1);
                int at = line * in.width() + from;
                for (int weight : weights) {
                    sum += (in.rgb()[at++] & 0xFF) * weight;
                }
                out[line * width + x] = (byte) Math.min(255, Math.max(0, sum >> BITS));
            }
        }
        return new Picture(width, in.height(), out);
    }

    private int[] weights(int from, int to, double centre, double wider) {
        double[] exact = new double[to - from];
        double total = 0;
        for (int i = 0; i < exact.length; i++) {
            exact[i] = weight((from + i - centre + 0.5) / wider);
            total += exact[i];
        }
        int[] fixed = new int[exact.length];
        for (int i = 0; i < fixed.length; i++) {
            double weight = exact[i] / total * (1 << BITS);
            fixed[i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
        }
        return fixed;
    }

    /** Rows become columns. */
    private static Picture transposed(Picture in) {
        int w = in.width();
        int h = in.height();
        byte[] out = new byte[in.rgb().length];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    out[(c * w + x) * h + y] = in.rgb()[(c * h + y) * w + x];
                }
            }
        }
        return new Picture(h, w, out);
    }
}
