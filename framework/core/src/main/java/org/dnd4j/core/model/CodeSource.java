package org.dnd4j.core.model;

import ai.djl.ndarray.NDArray;
import org.dnd4j.torch.Step;

/** Where the codes come from while a transformer walks from head to head: known ones in training, drawn ones in generation. */
public interface CodeSource {

    /**
     * The codes of one depth, for every token of the walk.
     *
     * @param logits float32 {@code [b,t,K]}, what head {@code depth} predicts for the positions from {@code position} on
     * @return int64 {@code [b,t]}
     */
    NDArray choose(NDArray logits, int depth, int position);

    /**
     * The same and what is before and behind it, predicting and feeding back, described as one step; null, the default, where
     * codes are chosen in another way.
     *
     * @return a step that is handed the hidden state {@code [b,t,d]} and the same after the head's norm, and returns the hidden
     *     state for the layers above
     */
    default Step step(Head head) {
        return null;
    }

    /**
     * Passes one head: predicts, chooses and feeds back.
     *
     * @param h the hidden state {@code [b,t,d]}
     * @param normed the same after the head's norm
     * @return the hidden state for the layers above, {@code [b,t,d]}
     */
    default NDArray pass(Head head, NDArray h, NDArray normed) {
        Step step = step(head);
        return step == null
                ? head.feed(h, choose(head.logits(normed), head.depth(), head.position()))
                : head.weights().call(step, h, normed).head();
    }
}
