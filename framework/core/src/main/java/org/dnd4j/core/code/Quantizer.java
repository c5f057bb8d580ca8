package org.dnd4j.core.code;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.dnd4j.core.guard.Law;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Nearest;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weights;

/**
 * The only loop over depth: from vectors to codes and back, for every decomposition (REFERENCE A.2).
 *
 * @param beam how many prefixes are kept a vector; 1 takes the best code at each depth
 */
public record Quantizer(Decomposition decomposition, CodeSpace space, int beam) {
    private static final Program PROGRAM = Program.of(Quantizer.class, "quantizer.py");

    public Quantizer {
        if (beam < 1) {
            throw new UserError("beam " + beam + ": must be at least 1");
        }
    }

    /**
     * Vectors as codes, with what learning needs.
     *
     * @param codes int64 {@code [n,D]}
     * @param targets D × {@code [n,c]}: what code k had to say
     * @param codewords D × {@code [n,c]}: what it says
     * @param decoded ẑ₀ … ẑ_{D−1}, each {@code [n,c]}; with a tape open, gradients flow to the decomposition's weights
     */
    public record Quantized(NDArray codes, NDList targets, NDList codewords, NDList decoded) {
        /** ẑ at full depth {@code [n,c]}. */
        public NDArray last() {
            return decoded.get(decoded.size() - 1);
        }
    }

    /** Called between two depths, once code k has been looked up (the reference moves a shared table there). */
    @FunctionalInterface
    interface Between {
        /**
         * Code k is chosen.
         *
         * @param target {@code [n,c]}
         * @param codes int64 {@code [n]}
         * @param codeword {@code [n,c]}
         */
        void depth(int k, NDArray target, NDArray codes, NDArray codeword);
    }

    /**
     * Chooses codes.
     *
     * @param z {@code [n,c]}; taken without its gradient
     * @param w the decomposition's weights
     */
    public Quantized quantize(NDArray z, Weights w) {
        return quantize(z, w, (k, target, codes, codeword) -> {});
    }

    Quantized quantize(NDArray z, Weights w, Between between) {
        NDArray latents = z.stopGradient(); // [n,c]
        return fold(latents, beam == 1 ? null : Beam.search(this, latents, w), w, between);
    }

    /** The fold of {@link Decomposition}, choosing codes as it goes unless they are given. */
    private Quantized fold(NDArray z, NDArray given, Weights w, Between between) {
        NDList codes = new NDList();
        NDList targets = new NDList();
        NDList codewords = new NDList();
        NDList decoded = new NDList();
        NDArray state = begin(z, w); // [n,c]
        for (int k = 0; k < space.depth(); k++) {
            NDArray target = target(z, state, k, w); // [n,c]
            NDArray code;
            NDArray codeword;
            if (given == null) {
                Nearest nearest = nearest(target, state, k, 1, w);
                code = nearest.codes().reshape(-1); // [n]
                codeword = nearest.codewords().squeeze(1); // [n,c]
            } else {
                code = column(given, k); // [n]
                codeword = codeword(code, state, k, w); // [n,c]
            }
            between.depth(k, target, code, codeword);
            state = next(state, codeword, k, w); // [n,c]
            codes.add(code.expandDims(1)); // [n,1]
            targets.add(target);
            codewords.add(codeword);
            decoded.add(decode(state, k, w)); // [n,c]
        }
        return new Quantized(NDArrays.concat(codes, 1), targets, codewords, decoded);
    }

    /**
     * The vectors that prefixes of codes describe.
     *
     * @param codes int64 {@code [n,k]}, k from 1 to D
     * @param w the decomposition's weights
     * @return ẑ after 1 … k codes, each {@code [n,c]}
     */
    public NDList decode(NDArray codes, Weights w) {
        long depths = codes.getShape().get(1);
        if (depths < 1 || depths > space.depth()) {
            throw new IllegalArgumentException(depths + " codes a vector, not 1 to " + space.depth());
        }
        NDArray like = codes.getManager().zeros(new Shape(codes.getShape().get(0), space.width())); // [n,c]
        NDList decoded = new NDList();
        NDArray state = begin(like, w); // [n,c]
        for (int k = 0; k < depths; k++) {
            state = next(state, codeword(column(codes, k), state, k, w), k, w); // [n,c]
            decoded.add(decode(state, k, w)); // [n,c]
        }
        Law.finite("D2", decomposition, "decode", decoded.get(decoded.size() - 1), like);
        return decoded;
    }

    // The decomposition's methods, held to their laws as far as one call tells.

    /** What the decomposition's own weights minimise, a scalar; with the tape open that recorded {@code decoded}. */
    public NDArray loss(NDArray z, NDList decoded, Weights w) {
        return Law.floats("D8", decomposition, "loss", decomposition.loss(z, decoded, w), new Shape(), z); // []
    }

    NDArray begin(NDArray like, Weights w) {
        return floats("begin", decomposition.begin(like, w), like); // [n,c]
    }

    NDArray target(NDArray z, NDArray state, int k, Weights w) {
        return floats("target", decomposition.target(z, state, k, w), z); // [n,c]
    }

    Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
        Nearest found = decomposition.nearest(target, state, k, a, w);
        long n = target.getShape().get(0);
        NDArray codes = Law.codes("D3", decomposition, "nearest", found.codes(), new Shape(n, a), target); // [n,a]
        Law.floats("D3", decomposition, "nearest", found.codewords(), new Shape(n, a, space.width()), target); // [n,a,c]
        if (n > 0) {
            long[] range = w.run(PROGRAM, "range", codes).toLongArray();
            if (range[0] < 0 || range[1] >= space.size(k)) {
                throw Law.broken("D3", decomposition, "nearest returned codes from " + range[0] + " to " + range[1]
                        + " at depth " + k + ", not from 0 to " + (space.size(k) - 1));
            }
        }
        return found;
    }

    private NDArray codeword(NDArray codes, NDArray state, int k, Weights w) {
        return floats("codeword", decomposition.codeword(codes, state, k, w), state); // [n,c]
    }

    NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
        return floats("next", decomposition.next(state, codeword, k, w), state); // [n,c]
    }

    NDArray decode(NDArray state, int k, Weights w) {
        return floats("decode", decomposition.decode(state, k, w), state); // [n,c]
    }

    private NDArray floats(String method, NDArray result, NDArray like) {
        return Law.floats("D2", decomposition, method, result, like.getShape(), like); // [n,c]
    }

    /** int64 {@code [n]}: code k of every row. */
    private static NDArray column(NDArray codes, int k) {
        return codes.get(new NDIndex().addAllDim().addIndices(k)); // [n]
    }
}
