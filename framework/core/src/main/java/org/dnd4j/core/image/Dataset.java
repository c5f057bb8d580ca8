package org.dnd4j.core.image;

import java.nio.file.Path;
import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;

/** Where the pictures of an experiment come from; its components are all that is to say about it. */
public sealed interface Dataset permits Glyphs, Folder, Tar, Text {
    /** Pixels along an edge of every picture. */
    Integer side();

    /** Whether a picture smaller than that may be made larger. */
    default Boolean upscale() {
        return false;
    }

    /** Whether unreadable and too small pictures are left out; null where pictures are drawn, and so always readable. */
    default Boolean lenient() {
        return null;
    }

    /** Whether the held-out pictures lie in a place of their own, and are not a share of the others. */
    default boolean apart() {
        return false;
    }

    /**
     * A picture from elsewhere, as those of this data set are evaluated: the middle of it.
     *
     * @throws UserError if it is missing, unreadable or too small
     */
    default Picture middle(Path file) {
        return middle(file, side(), upscale());
    }

    /**
     * The middle of a picture from elsewhere (REFERENCE A.4), {@code side} pixels along an edge.
     *
     * @throws UserError if it is missing, unreadable or too small
     */
    static Picture middle(Path file, int side, boolean upscale) {
        Picture picture = Decoder.read(file);
        View view = new View(side, 0, false, upscale);
        String trouble = view.trouble(picture.width(), picture.height());
        if (trouble != null) {
            throw new UserError(file + ": " + trouble + ": make it larger first, or name another");
        }
        return view.middle(picture);
    }

    /**
     * The pictures of one split. Which pictures are held out does not depend on the seed.
     *
     * @param seed of what is drawn to make pictures; pictures from files do not depend on it
     * @throws UserError if a file is missing, unreadable or too small, or there is none
     */
    Images open(Split split, long seed);
}
