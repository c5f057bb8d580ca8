package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
    private static byte[] file(String format, BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, out), format);
        return out.toByteArray();
    }

    private static Picture read(byte[] file) {
        return Decoder.read("a", () -> new ByteArrayInputStream(file));
    }

    private static String complaint(byte[] file) {
        return assertThrows(UserError.class, () -> read(file)).getMessage();
    }

    /** A row of pixels with these samples, band by band. */
    private static BufferedImage row(int space, int type, boolean alpha, int[]... pixels) {
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(space), alpha, false, alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, type);
        WritableRaster raster = model.createCompatibleWritableRaster(pixels.length, 1);
        for (int x = 0; x < pixels.length; x++) {
            raster.setPixel(x, 0, pixels[x]);
        }
        return new BufferedImage(model, raster, false, null);
    }

    private static BufferedImage filled(int width, int height, int colour) {
        return Picture.filled(width, height, colour).image();
    }

    /** Checks the pixels of the first row, each as {@code 0xRRGGBB}. */
    private static void assertRow(Picture picture, int... colours) {
        assertEquals(colours.length, picture.width());
        for (int x = 0; x < colours.length; x++) {
            int colour = picture.at(0, 0, x) << 16 | picture.at(1, 0, x) << 8 | picture.at(2, 0, x);
            assertEquals(Integer.toHexString(colours[x]), Integer.toHexString(colour), "pixel " + x);
        }
    }

    private static void assertNear(int colour, Picture picture, int y, int x, int tolerance) {
        for (int c = 0; c < 3; c++) {
            assertEquals(colour >> (16 - 8 * c) & 0xFF, picture.at(c, y, x), tolerance, "channel " + c);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif"})
    void coloursComeOutAsTheyWere(String format) throws IOException {
        BufferedImage image = filled(3, 1, 0x336699);
        image.setRGB(1, 0, 0xFF0000);
        image.setRGB(2, 0, 0x00FFFF);
        assertRow(read(file(format, image)), 0x336699, 0xFF0000, 0x00FFFF);
    }

    @Test
    void greyIsThreeEqualChannelsAndNoBrighter() throws IOException {
        int[][] levels = {{0}, {1}, {100}, {255}};
        byte[] file = file("png", row(ColorSpace.CS_GRAY, DataBuffer.TYPE_BYTE, false, levels));
        assertRow(read(file), 0x000000, 0x010101, 0x646464, 0xFFFFFF);
        BufferedImage grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        Arrays.fill(((java.awt.image.DataBufferByte) grey.getRaster().getDataBuffer()).getData(), (byte) 100);
        assertNear(0x646464, read(file("jpg", grey)), 8, 8, 2);
    }

    @Test
    void sixteenBitsAreRoundedToTheNearestLevel() throws IOException {
        int[][] grey = {{0}, {128}, {129}, {257 * 100}, {257 * 100 + 128}, {257 * 100 + 129}, {65535}};
        assertRow(
                read(file("png", row(ColorSpace.CS_GRAY, DataBuffer.TYPE_USHORT, false, grey))),
                0x000000, 0x000000, 0x010101, 0x646464, 0x646464, 0x656565, 0xFFFFFF);
        int[][] colours = {{65535, 0, 257 * 100}, {129, 128, 65535}};
        assertRow(
                read(file("png", row(ColorSpace.CS_sRGB, DataBuffer.TYPE_USHORT, false, colours))), 0xFF0064, 0x0100FF);
    }

    @Test
    void whatIsTransparentShowsWhitePaper() throws IOException {
        BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00FF0000);
        image.setRGB(1, 0, 0x800000FF);
        image.setRGB(2, 0, 0xFF102030);
        assertRow(read(file("png", image)), 0xFFFFFF, 0x7F7FFF, 0x102030);
        int[][] grey = {{0, 0}, {0, 128}, {100, 255}};
        assertRow(
                read(file("png", row(ColorSpace.CS_GRAY, DataBuffer.TYPE_BYTE, true, grey))), 0xFFFFFF, 0x7F7F7F, 0x646464);
        byte[] red = {0, (byte) 200};
        byte[] none = {0, 0};
        BufferedImage palette = new BufferedImage(
                2, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 2, red, none, none, 0));
        palette.getRaster().setSample(1, 0, 0, 1);
        for (String format : List.of("gif", "png")) {
            assertRow(read(file(format, palette)), 0xFFFFFF, 0xC80000);
        }
    }

    @Test
    void ofAnAnimationTheFirstPictureIsTaken() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (int colour : new int[] {0xFF0000, 0x0000FF}) {
                writer.writeToSequence(new IIOImage(filled(4, 2, colour), null, null), null);
            }
            writer.endWriteSequence();
        }
        writer.dispose();
        assertEquals(Picture.filled(4, 2, 0xFF0000), read(out.toByteArray()));
    }

    /** White, black, cyan and red, each 16 pixels square; inks have no one colour, so it is near only. */
    @Test
    void inksBecomeColours() throws IOException {
        byte[] file;
        try (InputStream in = DecoderTest.class.getResourceAsStream("/image/cmyk.jpg")) {
            file = in.readAllBytes();
        }
        Picture picture = read(file);
        assertEquals(32, picture.width());
        assertNear(0xFFFFFF, picture, 8, 8, 3);
        assertNear(0x101010, picture, 8, 24, 0x28);
        assertNear(0x00C0FF, picture, 24, 8, 0x48);
        assertNear(0xF01810, picture, 24, 24, 0x30);
    }

    @Test
    void exifsWishToBeTurnedIsNotFollowed() throws IOException {
        byte[] plain = file("jpg", filled(16, 8, 0x808080));
        byte[] wish = {
            (byte) 0xFF, (byte) 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
            0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0 // one entry: orientation 6, a quarter to the right
        };
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(plain, 0, 2);
        file.write(wish);
        file.write(plain, 2, plain.length - 2);
        Picture picture = read(file.toByteArray());
        assertEquals("16x8", picture.width() + "x" + picture.height());
        assertNear(0x808080, picture, 4, 8, 2);
    }

    @Test
    void theSizeIsReadFromTheHead() throws IOException {
        byte[] file = file("png", filled(300, 200, 0));
        Decoder.Size size = Decoder.size("a", () -> new ByteArrayInputStream(file, 0, 60));
        assertEquals(new Decoder.Size(300, 200), size);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void aFileThatIsCutShortIsSaid(String format) throws IOException {
        BufferedImage noise = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            noise.setRGB(i % 64, i / 64, i * 0x9E3779B1 & 0xFFFFFF);
        }
        byte[] file = file(format, noise);
        String message = complaint(Arrays.copyOf(file, file.length / 2));
        assertTrue(message.startsWith("a: is damaged or cut short: "), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void whatIsNoPictureIsSaid() {
        assertEquals("a: is not a picture that can be read: PNG, JPEG, GIF or BMP", complaint(new byte[100]));
        assertEquals("a: is not a picture that can be read: PNG, JPEG, GIF or BMP", complaint(new byte[0]));
        Path gone = Path.of("nowhere.png");
        assertEquals("nowhere.png: does not exist", assertThrows(UserError.class, () -> Decoder.read(gone)).getMessage());
    }
}
