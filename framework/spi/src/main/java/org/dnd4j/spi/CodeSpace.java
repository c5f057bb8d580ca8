package org.dnd4j.spi;

import java.util.Collections;
import java.util.List;

/**
 * What a decomposition has to work with: vectors of {@code width} numbers, to be written as one code per depth.
 *
 * @param width c, the length of a latent vector
 * @param sizes K per depth, coarse to fine; its length is D
 */
public record CodeSpace(int width, List<Integer> sizes) {
    public CodeSpace {
        sizes = List.copyOf(sizes);
        if (width < 1) {
            throw new UserError("latent width " + width + ": must be at least 1");
        }
        if (sizes.isEmpty()) {
            throw new UserError("depth 0: a decomposition needs at least one depth");
        }
        for (int size : sizes) {
            if (size < 2) {
                throw new UserError("codebook of " + size + ": a code needs at least 2 values to choose from");
            }
        }
    }

    /** The same number of codes at every depth. */
    public static CodeSpace of(int width, int depth, int size) {
        if (depth < 1) {
            throw new UserError("depth " + depth + ": a decomposition needs at least one depth");
        }
        return new CodeSpace(width, Collections.nCopies(depth, size));
    }

    /** D, the number of codes of one vector. */
    public int depth() {
        return sizes.size();
    }

    /** K at depth k. */
    public int size(int k) {
        return sizes.get(k);
    }
}
