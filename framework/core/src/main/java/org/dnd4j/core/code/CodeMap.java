package org.dnd4j.core.code;

import java.util.Arrays;

/** One image as whole numbers: D codes, coarse to fine, at each of h × w places. Immutable. */
public final class CodeMap {
    private final int height;
    private final int width;
    private final int depth;
    private final int[] codes;

    private CodeMap(int height, int width, int depth, int[] codes) {
        this.height = height;
        this.width = width;
        this.depth = depth;
        this.codes = codes;
    }

    /**
     * A map of given codes.
     *
     * @param codes {@code [h,w,D]} row-major: the depths of one place stand together; copied
     * @throws IllegalArgumentException if there are not h·w·D codes, or one is negative
     */
    public static CodeMap of(int height, int width, int depth, int[] codes) {
        if (height < 1 || width < 1 || depth < 1 || codes.length != (long) height * width * depth) {
            throw new IllegalArgumentException(
                    codes.length + " codes are not a map of " + height + "×" + width + "×" + depth);
        }
        for (int code : codes) {
            if (code < 0) {
                throw new IllegalArgumentException("code " + code + ": codes count from 0");
            }
        }
        return new CodeMap(height, width, depth, codes.clone());
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    public int depth() {
        return depth;
    }

    /** Code k at one place. */
    public int get(int row, int column, int k) {
        if (row < 0 || row >= height || column < 0 || column >= width || k < 0 || k >= depth) {
            throw new IndexOutOfBoundsException("(" + row + ", " + column + ", " + k + ") of " + this);
        }
        return codes[(row * width + column) * depth + k];
    }

    /** All codes, {@code [h,w,D]} row-major; a copy. */
    public int[] codes() {
        return codes.clone();
    }

    /** The coarse part: the first codes of each place. */
    public CodeMap prefix(int depths) {
        if (depths < 1 || depths > depth) {
            throw new IllegalArgumentException("a prefix of " + depths + " codes of " + this);
        }
        int[] first = new int[height * width * depths];
        for (int place = 0; place < height * width; place++) {
            System.arraycopy(codes, place * depth, first, place * depths, depths);
        }
        return new CodeMap(height, width, depths, first);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodeMap map
                && height == map.height
                && width == map.width
                && depth == map.depth
                && Arrays.equals(codes, map.codes);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * height + width) + Arrays.hashCode(codes);
    }

    @Override
    public String toString() {
        return height + "×" + width + "×" + depth + " codes";
    }
}
