package org.dnd4j.core.image;

import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;

/** Where the pictures of an experiment come from; its components are all that is to say about it. */
public sealed interface Dataset permits Glyphs, Folder, Tar, Text {
    /** Pixels along an edge of every picture. */
    Integer side();

    /**
     * The pictures of one split. Which pictures are held out does not depend on the seed.
     *
     * @param seed of what is drawn to make pictures; pictures from files do not depend on it
     * @throws UserError if a file is missing, unreadable or too small, or there is none
     */
    Images open(Split split, long seed);
}
