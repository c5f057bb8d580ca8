package org.dnd4j.core.model;

import ai.djl.ndarray.NDArray;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weights;

/**
 * One head of a walk (arXiv 2410.01912, section 3.2; REFERENCE B.3): it predicts a code at every token that is not silent.
 *
 * @param depth the depth it predicts
 * @param position the first position it predicts
 * @param rows b, of the batch
 * @param tokens t, of the walk
 * @param silent how many tokens at the front predict nothing
 * @param output the matrix {@code [K,d]}
 * @param table the embeddings {@code [K,d]} of the depth's codes
 * @param feedsBack whether those are added to the hidden state for the layers above
 */
public record Head(
        int depth, int position, int rows, int tokens, int silent, Weights.Group output, Weights.Group table,
        boolean feedsBack, Weights weights) {
    /** Its predictions, draws of them, and what is fed back. */
    public static final Program PROGRAM = Program.of(Head.class, "head.py");

    /** What a normed hidden state {@code [b,t,d]} predicts: {@code [b,t−silent,K]}. */
    NDArray logits(NDArray normed) {
        return weights.run(PROGRAM, "logits", normed, silent, output);
    }

    /** The hidden state {@code [b,t,d]} once codes {@code [b,t−silent]} are chosen. */
    NDArray feed(NDArray h, NDArray code) {
        return feedsBack ? weights.run(PROGRAM, "feed", h, code, silent, table) : h;
    }
}
