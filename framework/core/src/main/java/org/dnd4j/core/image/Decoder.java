package org.dnd4j.core.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.spi.IIORegistry;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.dnd4j.core.Why;
import org.dnd4j.spi.UserError;

/**
 * PNG, JPEG, GIF and BMP as 8-bit sRGB. Grey becomes three equal channels, 16 bits are rounded to 8, transparent parts
 * show white paper, CMYK and pictures with a colour profile are converted, and of an animation the first picture is taken.
 * EXIF's wish to be turned is not followed, as PIL does not by default.
 */
final class Decoder {
    private static final Set<String> FORMATS = Set.of("png", "jpeg", "gif", "bmp");
    private static final long MOST_PIXELS = 1L << 28;

    static {
        // The program's own class loader is not where ImageIO looks for readers; it would not find this one in a bundle.
        IIORegistry.getDefaultInstance().registerServiceProvider(new JPEGImageReaderSpi());
        ImageIO.setUseCache(false);
    }

    /** Where a file's bytes come from. */
    interface Source {
        InputStream open() throws IOException;
    }

    private interface Use<T> {
        T of(ImageReader reader) throws IOException;
    }

    /** Width and height in pixels. */
    record Size(int width, int height) {}

    private Decoder() {}

    static Picture read(Path file) {
        return read(file.toString(), () -> Files.newInputStream(file));
    }

    /**
     * The first picture of a file.
     *
     * @param name of the file, for the message
     * @throws UserError if it is missing, unknown, damaged, cut short or too large for memory
     */
    static Picture read(String name, Source source) {
        return with(name, source, reader -> {
            String[] warned = new String[1];
            reader.addIIOReadWarningListener((IIOReadWarningListener) (r, warning) -> warned[0] = warning);
            Picture picture = picture(reader.read(0));
            if (warned[0] != null && warned[0].toLowerCase(Locale.ROOT).matches(".*(premature|truncated|corrupt).*")) {
                throw new IOException(warned[0]);
            }
            return picture;
        });
    }

    /** The size that the head of a file gives; the rest of it is not looked at. */
    static Size size(String name, Source source) {
        return with(name, source, reader -> new Size(reader.getWidth(0), reader.getHeight(0)));
    }

    private static <T> T with(String name, Source source, Use<T> use) {
        try (InputStream in = source.open();
                ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
            ImageReader reader = reader(stream);
            if (reader == null) {
                throw new UserError(name + ": is not a picture that can be read: PNG, JPEG, GIF or BMP");
            }
            try {
                reader.setInput(stream, true, true);
                if ((long) reader.getWidth(0) * reader.getHeight(0) > MOST_PIXELS) {
                    throw new UserError(name + ": has more than " + MOST_PIXELS + " pixels");
                }
                return use.of(reader);
            } finally {
                reader.dispose();
            }
        } catch (NoSuchFileException e) {
            throw new UserError(name + ": does not exist", e);
        } catch (UserError e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Readers answer damaged files with any exception they like.
            throw new UserError(name + ": is damaged or cut short: " + Why.of(e), e);
        }
    }

    private static ImageReader reader(ImageInputStream stream) throws IOException {
        for (Iterator<ImageReader> all = ImageIO.getImageReaders(stream); all.hasNext(); ) {
            ImageReader reader = all.next();
            if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
                return reader;
            }
        }
        return null;
    }

    /** Any image of Java2D as 8-bit sRGB on white. */
    static Picture picture(BufferedImage image) {
        ColorModel model = image.getColorModel();
        ColorSpace space = model.getColorSpace();
        boolean grey = space.getType() == ColorSpace.TYPE_GRAY;
        if (model instanceof ComponentColorModel && !model.isAlphaPremultiplied() && (grey || space.isCS_sRGB())) {
            return samples(image.getRaster(), model, grey);
        }
        BufferedImage seen = image;
        if (!space.isCS_sRGB()) {
            seen = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
            new ColorConvertOp(null).filter(image, seen);
        }
        int[] pixels = seen.getRGB(0, 0, seen.getWidth(), seen.getHeight(), null, 0, seen.getWidth());
        byte[] rgb = new byte[3 * pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            for (int c = 0; c < 3; c++) {
                rgb[c * pixels.length + i] = onWhite(pixels[i] >> (16 - 8 * c) & 0xFF, pixels[i] >>> 24);
            }
        }
        return new Picture(seen.getWidth(), seen.getHeight(), rgb);
    }

    /** The samples as they were stored; Java itself would take grey for linear light and brighten it. */
    private static Picture samples(Raster raster, ColorModel model, boolean grey) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = raster.getNumBands();
        int plane = width * height;
        byte[] rgb = new byte[3 * plane];
        int[] row = new int[bands * width];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int alpha = model.hasAlpha() ? level(row[x * bands + bands - 1], model.getComponentSize(bands - 1)) : 255;
                for (int c = 0; c < 3; c++) {
                    int band = grey ? 0 : c;
                    int level = level(row[x * bands + band], model.getComponentSize(band));
                    rgb[c * plane + y * width + x] = onWhite(level, alpha);
                }
            }
        }
        return new Picture(width, height, rgb);
    }

    /** A sample of so many bits as a level of 0 to 255, rounded to the nearest. */
    private static int level(int sample, int bits) {
        int most = (1 << bits) - 1;
        return bits == 8 ? sample : (int) ((sample * 255L + most / 2) / most);
    }

    private static byte onWhite(int level, int alpha) {
        return (byte) ((level * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}
