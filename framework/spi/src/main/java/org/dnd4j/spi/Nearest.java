package org.dnd4j.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weights;

/**
 * The best codes of each row and their codewords.
 *
 * @param codes int64 {@code [n,a]}, best first
 * @param codewords float32 {@code [n,a,c]}
 */
public record Nearest(NDArray codes, NDArray codewords) {
    private static final Program SEARCH = Program.of(Nearest.class, "nearest.py");

    /**
     * Searches a table by Euclidean distance, ‖t‖² + ‖e‖² − 2t·e, in one matrix product and without an intermediate of
     * {@code n·K·c} numbers; the lower code first on ties (REFERENCE A.2). Each row may have a table of its own.
     *
     * @param target {@code [n,c]}
     * @param table {@code [K,c]} or {@code [n,K,c]}
     * @param a how many codes a row, 1 to K
     */
    public static Nearest inTable(NDArray target, NDArray table, int a, Weights w) {
        NDList found = w.call(SEARCH, "nearest", target, table, a);
        return new Nearest(found.get(0), found.get(1));
    }
}
