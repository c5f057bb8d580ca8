package org.dnd4j.core.image;

import java.util.List;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;

/** The pictures of one split, square and of one size, in an order that never changes. May be used by several threads. */
public interface Images {
    /** Pixels along an edge. */
    int side();

    /** How many there are; a split may be empty. */
    int size();

    /** What picture {@code i} is called, unique in its data set. */
    String name(int i);

    /** The class of picture {@code i}, an index into {@link #classes()}. */
    int label(int i);

    /** What the classes are called; one where pictures have no labels. The same for both splits. */
    List<String> classes();

    /**
     * Picture {@code i} as it is evaluated: the middle of it.
     *
     * @throws UserError if it can no longer be read
     */
    Picture get(int i);

    /**
     * Picture {@code i} as it is trained on: where the data set augments, a random part, perhaps mirrored, which depends
     * on nothing but the key.
     *
     * @throws UserError if it can no longer be read
     */
    default Picture get(int i, Key augment) {
        return get(i);
    }

    /**
     * The fixed views of picture {@code i} that are encoded: 1 is {@link #get(int)}; 2 adds its mirror image; 10 are the
     * corners and the middle of a picture a tenth larger, and their mirror images (REFERENCE C).
     *
     * @throws UserError if the number is another, or these pictures have no such views
     */
    default List<Picture> variants(int i, int count) {
        if (count == 1) {
            return List.of(get(i));
        }
        throw new UserError("variants is " + count + ": these pictures are encoded in 1");
    }

    /** How many pictures were left out of the data set because they cannot be read; 0 unless it is lenient. */
    default int skipped() {
        return 0;
    }
}
