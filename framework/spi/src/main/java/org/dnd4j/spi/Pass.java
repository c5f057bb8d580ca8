package org.dnd4j.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Weights;

/**
 * One walk of some tokens through a backbone.
 *
 * @param start the index, in the sequence, of the first token of this pass; earlier ones are in the cache
 * @param cached whether keys and values are kept in, and read from, the cache of {@code state}; without a cache a pass
 *     starts at 0
 * @param mask bool {@code [b,s]}, false where a token must not be attended to (padded conditions); null for none. A token
 *     always attends to itself
 * @param state what {@link Backbone#prepare} returned
 * @param training whether dropout is active
 * @param key names this pass's random draws
 * @param weights the backbone's weights
 */
public record Pass(
        int start, boolean cached, NDArray mask, NDList state, boolean training, Key key, Weights weights) {

    /** The same pass with other draws. */
    public Pass at(String purpose) {
        return new Pass(start, cached, mask, state, training, key.at(purpose), weights);
    }
}
