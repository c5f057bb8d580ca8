package org.dnd4j.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Weights;

/**
 * Pictures that come about position by position, each reading the ones before it from a cache (REFERENCE B.5). The
 * arrays belong to the scope that it was begun in.
 *
 * @param given what they are asked for by, a row of the batch each; with guidance twice the pictures
 * @param mask bool {@code [rows,s]} as a pass has it, or null
 * @param codes int64 {@code [n,S,D]}: before a position is predicted, those of the position before it stand here
 * @param state what the model keeps
 */
public record Decoding(
        CodeModel model, Given given, NDArray mask, NDArray codes, NDList state, Key key, Weights weights) {

    /**
     * Makes ready for position 0.
     *
     * @param given a row a picture
     * @param guided whether every picture is also predicted with nothing asked for, in a second half of the batch
     */
    public static Decoding begin(CodeModel model, Given given, boolean guided, NDArray codes, Key key, Weights w) {
        Given rows = guided ? given.andWithheld(model.condition()) : given;
        return new Decoding(model, rows, model.mask(rows, w), codes, model.prepare(rows.size(), w), key, w);
    }

    /** Predicts all codes of one position, which {@code source} chooses. */
    public void position(int p, CodeSource source) {
        model.position(p, this, source);
    }
}
