package org.dnd4j.core.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.dnd4j.core.Whole;
import org.dnd4j.spi.UserError;

/** PNG files and the numbers that go into them. */
public final class Png {
    private Png() {}

    /**
     * A decoder's number, −1 to 1, as a level of 0 to 255, rounded to the nearest: {@code 127.5·x + 128} cut to
     * [0, 255] and rounded down (REFERENCE A.4, as LlamaGen and ADM do). What this program writes is rounded so.
     */
    public static int nearest(float x) {
        return (int) Math.min(255f, Math.max(0f, 127.5f * x + 128f));
    }

    /**
     * The same as the reference's sampler does it, always down: {@code 255·(x/2 + 1/2)}; its pictures are half a level
     * darker. For comparison with it.
     */
    public static int down(float x) {
        return (int) (255f * Math.min(1f, Math.max(0f, x * 0.5f + 0.5f)));
    }

    /** The picture of a decoder's planar numbers {@code [3, height, width]}, −1 to 1, rounded to the nearest level. */
    public static Picture picture(float[] values, int width, int height) {
        byte[] rgb = new byte[values.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) nearest(values[i]);
        }
        return new Picture(width, height, rgb);
    }

    /** The picture as the bytes of a PNG file. */
    public static byte[] bytes(Picture picture) {
        ImageIO.setUseCache(false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(picture.image(), "png", out)) {
                throw new IllegalStateException("this Java writes no PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * Writes a PNG file, whole or not at all; missing folders are made.
     *
     * @throws UserError if the disk will not have it
     */
    public static void write(Path file, Picture picture) {
        Whole.write(file, bytes(picture));
    }

    /**
     * Reads a picture of any format that {@link Folder} takes.
     *
     * @throws UserError if it cannot be read
     */
    public static Picture read(Path file) {
        return Decoder.read(file);
    }
}
