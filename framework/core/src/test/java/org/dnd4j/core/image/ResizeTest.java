package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.dnd4j.core.checkpoint.Npy;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.code.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fixture xiii_preprocess of REFERENCE J, pixel for pixel. */
class ResizeTest {
    private static Stored stored(String name) {
        try {
            return Npy.read(Path.of(ResizeTest.class
                    .getResource("/check/xiii_preprocess/" + name + ".npy")
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** From numpy's height, width, channel. */
    private static Picture picture(String name) {
        Stored array = stored(name);
        int h = (int) array.shape()[0];
        int w = (int) array.shape()[1];
        long[] values = array.longs();
        byte[] rgb = new byte[3 * h * w];
        for (int i = 0; i < h * w; i++) {
            for (int c = 0; c < 3; c++) {
                rgb[c * h * w + i] = (byte) values[3 * i + c];
            }
        }
        return new Picture(w, h, rgb);
    }

    @ParameterizedTest
    @ValueSource(ints = {35, 40, 64, 90})
    void centreCropIsAdms(int side) {
        assertEquals(picture("center_crop_arr_" + side), Crop.centre(picture("image_90x131"), side));
    }

    @Test
    void shorterEdgeIsTorchvisions() {
        assertEquals(
                picture("torchvision_resize_40_bilinear"), Resize.shorter(picture("image_90x131"), 40, Resize.BILINEAR));
    }

    @Test
    void tenCropIsTorchvisions() {
        float[] want = stored("ten_crop_32_of_35").floats();
        List<Picture> ten = Crop.ten(picture("center_crop_arr_35"), 32);
        for (int i = 0; i < want.length; i++) {
            int value = ten.get(i / 3072).rgb()[i % 3072] & 0xFF;
            assertEquals(want[i], (value / 255f - 0.5f) / 0.5f, 1e-6f);
        }
    }

    /** From the file on: the picture is cut to a tenth more than a side, and the ten are cut from that. */
    @Test
    void theTenViewsOfAFileAreTheReferences(@TempDir Path folder) {
        Png.write(folder.resolve("0.png"), picture("image_90x131"));
        Images images = new Folder(folder.toString(), 32, null, null, null, null, null, null, null, null, 0.0)
                .open(Split.TRAIN, 0);
        List<Picture> ten = images.variants(0, 10);
        float[] want = stored("ten_crop_32_of_35").floats();
        assertEquals(want.length, ten.size() * 3072);
        for (int i = 0; i < want.length; i++) {
            int value = ten.get(i / 3072).rgb()[i % 3072] & 0xFF;
            assertEquals(want[i], (value / 255f - 0.5f) / 0.5f, 1e-6f);
        }
    }

    @Test
    void levelsAreRoundedBothWays() {
        float[] x = stored("decoder_values").floats();
        byte[] nearest = new byte[x.length];
        byte[] down = new byte[x.length];
        for (int i = 0; i < x.length; i++) {
            nearest[i] = (byte) Png.nearest(x[i]);
            down[i] = (byte) Png.down(x[i]);
        }
        assertArrayEquals(array(stored("png_llamagen")), nearest);
        assertArrayEquals(array(stored("png_dnd")), down);
    }

    private static byte[] array(Stored stored) {
        byte[] all = new byte[stored.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) stored.longs()[i];
        }
        return all;
    }
}
