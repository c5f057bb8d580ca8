package org.dnd4j.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;

/**
 * Answers with the right codes and keeps what was predicted.
 *
 * @param codes int64 {@code [b,S,D]}
 * @param logits one float32 {@code [b,t,K]} per depth, filled by the walk
 */
public record Teacher(NDArray codes, NDList logits) implements CodeSource {

    /** A teacher who knows these codes, int64 {@code [b,S,D]}. */
    public static Teacher of(NDArray codes) {
        return new Teacher(codes, new NDList());
    }

    @Override
    public NDArray choose(NDArray predicted, int depth, int position) {
        logits.add(predicted);
        long tokens = predicted.getShape().get(1);
        return codes.get(new NDIndex(":, {}:{}, {}", (long) position, position + tokens, (long) depth)); // [b,t]
    }
}
