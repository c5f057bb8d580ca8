package org.dnd4j.core.check;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.image.Crop;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Png;
import org.dnd4j.core.image.Resize;

/**
 * Pictures made smaller and cut, to the pixel, and decoders' numbers as bytes (REFERENCE A.4). Sizes stand in the arrays'
 * names: {@code center_crop_arr_40}, {@code ten_crop_32_of_35}. No precision touches these.
 */
final class ResizeCase implements Check.Kind {
    private static final String PICTURE = "image_\\d+x\\d+";
    private static final Pattern CENTRE = Pattern.compile("center_crop_arr_(\\d+)");
    private static final Pattern SHORTER = Pattern.compile("torchvision_resize_(\\d+)_(box|bilinear|bicubic)");
    private static final Pattern TEN = Pattern.compile("ten_crop_(\\d+)_of_(\\d+)");

    @Override
    public String name() {
        return "resizing";
    }

    @Override
    public boolean fits(Case c) {
        return c.hasLike(PICTURE) && List.of(CENTRE, SHORTER, TEN).stream().anyMatch(p -> c.hasLike(p.pattern()));
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        Picture picture = picture(c.array(c.like(PICTURE).get(0)));
        for (String name : c.arrays()) {
            Matcher centre = CENTRE.matcher(name);
            Matcher shorter = SHORTER.matcher(name);
            Matcher ten = TEN.matcher(name);
            if (centre.matches()) {
                findings.codes(name, pixels(Crop.centre(picture, number(centre, 1))));
            } else if (shorter.matches()) {
                Resize filter = Resize.valueOf(shorter.group(2).toUpperCase(Locale.ROOT));
                findings.codes(name, pixels(Resize.shorter(picture, number(shorter, 1), filter)));
            } else if (ten.matches()) {
                findings.fractions(name, fractions(Crop.ten(Crop.centre(picture, number(ten, 2)), number(ten, 1))));
            } else if (c.has("decoder_values") && name.equals("png_dnd")) {
                findings.codes(name, levels(c.array("decoder_values").floats(), Png::down));
            } else if (c.has("decoder_values") && name.equals("png_llamagen")) {
                findings.codes(name, levels(c.array("decoder_values").floats(), Png::nearest));
            }
        }
    }

    private static int number(Matcher m, int group) {
        return Integer.parseInt(m.group(group));
    }

    /** From rows, columns and channels {@code [h,w,3]}. */
    private static Picture picture(Stored array) {
        int h = array.size(0);
        int w = array.size(1);
        long[] values = array.longs();
        byte[] rgb = new byte[values.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i % 3 * h * w + i / 3] = (byte) values[i];
        }
        return new Picture(w, h, rgb);
    }

    /** {@code [h,w,3]}, row-major. */
    private static long[] pixels(Picture picture) {
        int plane = picture.width() * picture.height();
        long[] values = new long[3 * plane];
        for (int i = 0; i < values.length; i++) {
            values[i] = picture.rgb()[i % 3 * plane + i / 3] & 0xFF;
        }
        return values;
    }

    /** {@code [n,3,h,w]} in [−1, 1]. */
    private static float[] fractions(List<Picture> pictures) {
        int each = pictures.get(0).rgb().length;
        float[] values = new float[pictures.size() * each];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((pictures.get(i / each).rgb()[i % each] & 0xFF) / 255f - 0.5f) / 0.5f;
        }
        return values;
    }

    private interface Level {
        int of(float x);
    }

    private static long[] levels(float[] x, Level level) {
        long[] levels = new long[x.length];
        for (int i = 0; i < x.length; i++) {
            levels[i] = level.of(x[i]);
        }
        return levels;
    }
}
