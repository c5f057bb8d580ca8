package org.dnd4j.core.image;

import java.util.List;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;

/**
 * What becomes of a picture of any size.
 *
 * @param side pixels along an edge of what comes out
 * @param resize pixels along the shorter edge of what random parts are cut from; 0 if nothing is augmented
 * @param mirror whether every second random part is mirrored
 * @param upscale whether a smaller picture may be made larger
 */
record View(int side, int resize, boolean mirror, boolean upscale) {
    /** Pictures that are made at their size, and mean something else in a mirror. */
    static View asIs(int side) {
        return new View(side, 0, false, false);
    }

    /** The view that a data set's configuration describes; null is a default. */
    static View of(Integer side, Integer resize, Boolean mirror, Boolean upscale) {
        if (side == null) {
            throw new UserError("side is missing: the pixels along an edge of every picture");
        }
        if (side < 8 || side > 8192) {
            throw new UserError("side must be 8 to 8192 pixels, not " + side);
        }
        int shorter = resize == null ? side : resize;
        if (shorter < side) {
            throw new UserError("resize is the shorter edge that parts of " + side + " pixels are cut from, so not " + resize);
        }
        return new View(side, shorter, mirror == null || mirror, upscale != null && upscale);
    }

    boolean augments() {
        return resize > 0;
    }

    /** Why a picture of this size cannot be used, or null if it can. */
    String trouble(int width, int height) {
        return upscale || Math.min(width, height) >= side
                ? null
                : "is " + width + "x" + height + ", smaller than the crop of " + side + "x" + side;
    }

    /** The middle (REFERENCE A.4, the centre crop of ADM). */
    Picture middle(Picture picture) {
        return picture.width() == side && picture.height() == side ? picture : Crop.centre(picture, side);
    }

    /** What random parts are cut from. */
    Picture whole(Picture picture) {
        return Resize.shorter(picture, resize, Resize.BILINEAR);
    }

    Picture random(Picture whole, Key key) {
        return Crop.random(whole, side, mirror, key);
    }

    List<Picture> ten(Picture picture) {
        if (!augments()) {
            throw new UserError("variants is 10: these pictures are encoded in 1" + (mirror ? " or 2" : ""));
        }
        return Crop.ten(Crop.centre(picture, (int) (side * 1.1)), side);
    }

    List<Picture> variants(Picture middle, int count) {
        if (count == 1) {
            return List.of(middle);
        } else if (count == 2 && mirror) {
            return List.of(middle, middle.mirrored());
        }
        throw new UserError("variants is " + count + ": these pictures are encoded in 1"
                + (mirror && augments() ? ", 2 or 10" : mirror ? " or 2" : augments() ? " or 10" : ""));
    }
}
