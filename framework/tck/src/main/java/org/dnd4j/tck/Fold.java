package org.dnd4j.tck;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Nearest;
import org.dnd4j.torch.Weights;

/**
 * The fold of {@link Decomposition} written down plainly, one best code at a time.
 *
 * @param codes int64 {@code [n,D]}
 * @param targets D × {@code [n,c]}; none when decoding
 * @param states the state before code 0, then after each, D+1 × {@code [n,c]}
 * @param decoded ẑ₀ … ẑ_{D−1}
 */
record Fold(NDArray codes, NDList targets, NDList states, NDList decoded) {

    static Fold encode(Decomposition d, int depth, NDArray z, Weights w) {
        NDList codes = new NDList();
        NDList targets = new NDList();
        NDList states = new NDList(d.begin(z, w)); // [n,c]
        NDList decoded = new NDList();
        for (int k = 0; k < depth; k++) {
            NDArray state = states.get(k); // [n,c]
            NDArray target = d.target(z, state, k, w); // [n,c]
            Nearest best = d.nearest(target, state, k, 1, w);
            NDArray codeword = best.codewords().squeeze(1); // [n,c]
            codes.add(best.codes()); // [n,1]
            targets.add(target);
            states.add(d.next(state, codeword, k, w));
            decoded.add(d.decode(states.get(k + 1), k, w));
        }
        return new Fold(NDArrays.concat(codes, 1), targets, states, decoded);
    }

    /** From codes alone; {@code like} gives shape and device. */
    static Fold decode(Decomposition d, NDArray codes, NDArray like, Weights w) {
        NDList states = new NDList(d.begin(like, w)); // [n,c]
        NDList decoded = new NDList();
        for (int k = 0; k < codes.getShape().get(1); k++) {
            NDArray codeword = d.codeword(codes.get(":," + k), states.get(k), k, w); // [n,c]
            states.add(d.next(states.get(k), codeword, k, w));
            decoded.add(d.decode(states.get(k + 1), k, w));
        }
        return new Fold(codes, new NDList(), states, decoded);
    }

    /** ẑ after all codes. */
    NDArray latents() {
        return decoded.get(decoded.size() - 1); // [n,c]
    }
}
