package org.dnd4j.core.image;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.dnd4j.spi.UserError;

/**
 * A picture in memory.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rgb sRGB, planar: all of red row by row, then green, then blue, {@code 3·height·width} bytes of 0 to 255. It is
 *     not copied: nobody changes it
 */
public record Picture(int width, int height, byte[] rgb) {
    public Picture {
        if (width < 1 || height < 1 || rgb.length != 3 * width * height) {
            throw new IllegalArgumentException(
                    "a picture of " + width + "x" + height + " pixels cannot have " + rgb.length + " bytes");
        }
    }

    /** A picture of one colour, {@code 0xRRGGBB}. */
    public static Picture filled(int width, int height, int colour) {
        byte[] rgb = new byte[3 * width * height];
        int plane = width * height;
        for (int c = 0; c < 3; c++) {
            Arrays.fill(rgb, c * plane, (c + 1) * plane, (byte) (colour >> (16 - 8 * c)));
        }
        return new Picture(width, height, rgb);
    }

    /** The picture in an image of Java2D's {@code TYPE_INT_RGB}. */
    public static Picture of(BufferedImage image) {
        if (image.getType() != BufferedImage.TYPE_INT_RGB) {
            throw new IllegalArgumentException("type " + image.getType());
        }
        int width = image.getWidth();
        int height = image.getHeight();
        int plane = width * height;
        byte[] rgb = new byte[3 * plane];
        int[] pixels = (int[]) image.getRaster().getDataElements(0, 0, width, height, null);
        for (int i = 0; i < plane; i++) {
            rgb[i] = (byte) (pixels[i] >> 16);
            rgb[plane + i] = (byte) (pixels[i] >> 8);
            rgb[2 * plane + i] = (byte) pixels[i];
        }
        return new Picture(width, height, rgb);
    }

    /** The value of a channel (0 red, 1 green, 2 blue) at a pixel, 0 to 255. */
    public int at(int channel, int y, int x) {
        return rgb[(channel * height + y) * width + x] & 0xFF;
    }

    /** The same picture for Java2D, {@code TYPE_INT_RGB}. */
    public BufferedImage image() {
        int plane = width * height;
        int[] pixels = new int[plane];
        for (int i = 0; i < plane; i++) {
            pixels[i] = (rgb[i] & 0xFF) << 16 | (rgb[plane + i] & 0xFF) << 8 | rgb[2 * plane + i] & 0xFF;
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.getRaster().setDataElements(0, 0, width, height, pixels);
        return image;
    }

    /** The part of {@code w × h} pixels whose upper left corner is at (x, y). */
    public Picture part(int x, int y, int w, int h) {
        if (x == 0 && y == 0 && w == width && h == height) {
            return this;
        }
        if (x < 0 || y < 0 || x + w > width || y + h > height) {
            throw new UserError("a picture of " + width + "x" + height + " has no part of " + w + "x" + h + " at " + x
                    + "," + y);
        }
        byte[] part = new byte[3 * w * h];
        for (int row = 0; row < 3 * h; row++) {
            System.arraycopy(rgb, ((row / h) * height + y + row % h) * width + x, part, row * w, w);
        }
        return new Picture(w, h, part);
    }

    /** The picture seen in a mirror: left becomes right. */
    public Picture mirrored() {
        byte[] mirrored = new byte[rgb.length];
        for (int row = 0; row < rgb.length; row += width) {
            for (int x = 0; x < width; x++) {
                mirrored[row + x] = rgb[row + width - 1 - x];
            }
        }
        return new Picture(width, height, mirrored);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture p && p.width == width && p.height == height && Arrays.equals(p.rgb, rgb);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(rgb);
    }

    @Override
    public String toString() {
        return "Picture[" + width + "x" + height + "]";
    }
}
