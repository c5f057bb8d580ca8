package org.dnd4j.core.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dnd4j.torch.Key;

/** Squares cut from pictures (REFERENCE A.4 and C). */
public final class Crop {
    private Crop() {}

    /**
     * ADM's centre crop: halve by box filter while the shorter edge is at least twice {@code side}, resize the shorter
     * edge to {@code side} by bicubic filter, the longer rounded half to even, and cut out the middle, rounded down.
     */
    public static Picture centre(Picture picture, int side) {
        Picture p = picture;
        while (Math.min(p.width(), p.height()) >= 2 * side) {
            p = Resize.BOX.to(p, p.width() / 2, p.height() / 2);
        }
        double scale = (double) side / Math.min(p.width(), p.height());
        p = Resize.BICUBIC.to(p, (int) Math.rint(p.width() * scale), (int) Math.rint(p.height() * scale));
        return p.part((p.width() - side) / 2, (p.height() - side) / 2, side, side);
    }

    /**
     * Upper left, upper right, lower left, lower right and middle (its offset rounded half to even), then the same five
     * of the mirrored picture.
     */
    public static List<Picture> ten(Picture picture, int side) {
        List<Picture> ten = new ArrayList<>();
        for (Picture p : List.of(picture, picture.mirrored())) {
            int right = p.width() - side;
            int low = p.height() - side;
            ten.add(p.part(0, 0, side, side));
            ten.add(p.part(right, 0, side, side));
            ten.add(p.part(0, low, side, side));
            ten.add(p.part(right, low, side, side));
            ten.add(p.part((int) Math.rint(right / 2.0), (int) Math.rint(low / 2.0), side, side));
        }
        return ten;
    }

    /** A square from anywhere, mirrored in half of the cases if {@code mirror}; the key alone decides. */
    public static Picture random(Picture picture, int side, boolean mirror, Key key) {
        Random random = new Random(key.seed());
        int x = random.nextInt(picture.width() - side + 1);
        int y = random.nextInt(picture.height() - side + 1);
        Picture part = picture.part(x, y, side, side);
        return mirror && random.nextBoolean() ? part.mirrored() : part;
    }
}
