package org.dnd4j.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.dnd4j.spi.Pass;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Weights;

/**
 * Pictures that come about position by position, each walk reading the ones before it from a cache (REFERENCE B.5). The
 * arrays belong to the scope that it was begun in.
 *
 * @param given what they are asked for by, a row of the batch each; with guidance twice the pictures
 * @param mask bool {@code [rows,s]} as {@link Pass} has it, or null
 * @param codes int64 {@code [n,S,D]}: before a position is walked, those of the position before it stand here
 * @param state what the backbone keeps
 */
public record Decoding(
        DndTransformer model, Given given, NDArray mask, NDArray codes, NDList state, Key key, Weights weights) {

    /**
     * Makes ready for position 0.
     *
     * @param given a row a picture
     * @param guided whether every picture is also walked with nothing asked for, in a second half of the batch
     */
    public static Decoding begin(DndTransformer model, Given given, boolean guided, NDArray codes, Key key, Weights w) {
        Given rows = guided ? given.andWithheld(model.condition()) : given;
        return new Decoding(model, rows, model.mask(rows, w), codes, model.prepare(rows.size(), w), key, w);
    }

    /** Walks to all heads of one position: the whole condition for the first, else the token of the position before it. */
    public void position(int p, CodeSource source) {
        NDArray h = p == 0
                ? model.tokens(given, weights) // [rows,C,d]
                : model.token(codes, p - 1, given.size(), weights); // [rows,1,d]
        int start = p == 0 ? 0 : model.condition().tokens() - 1 + p;
        model.walk(h, new Pass(start, true, mask, state, false, key, weights), source);
    }
}
