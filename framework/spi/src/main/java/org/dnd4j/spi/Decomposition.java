package org.dnd4j.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * How a latent vector is split along depth into D codes from coarse to fine, and put together again: a fold.
 *
 * <pre>
 * s₀ = begin(z's shape);  for k = 0 … D−1:
 *   t = target(z, s, k);  code k, e = nearest(t, s, k);  s = next(s, e, k);  ẑₖ = decode(s, k)
 * </pre>
 *
 * <p>Decoding runs the same fold with {@link #codeword} in place of {@code target} and {@code nearest}. The loop over
 * depth, and the search (greedy or beam), belong to the caller. All vectors are float32 rows {@code [n,c]}.
 *
 * <p>The defaults are the plain fold of residual quantisation (paper section 3.1, equation 1): a state is the sum of the
 * codewords so far, and each code says what those before it left over. A decomposition declares its weights and overrides
 * what differs.
 *
 * <p>The caller sees to it that arguments belong to the present {@link org.dnd4j.torch.Scope}, as results do. While a
 * tape is open the whole fold is recorded, choices excepted, so that {@link #loss} reaches the weights learnt by gradient
 * through states and codewords.
 *
 * <p>Laws:
 * <ol>
 *   <li>D1 — {@code begin} depends on the shape and device of its argument, never on its values.
 *   <li>D2 — {@code begin}, {@code target}, {@code codeword}, {@code next} and {@code decode} return float32
 *       {@code [n,c]}, finite if their arguments are, and row i of a result, of {@code nearest} too, depends on row i of
 *       the arguments only.
 *   <li>D3 — {@code nearest} returns, for each row, {@code a} distinct codes in {@code [0, K)}, the nearest first by
 *       ‖target − codeword‖, with the codewords that {@code codeword} returns for them; fewer codes are the first of more.
 *       Where codewords are dear, the nearest are those of some candidates, always as many, and the other codes come after.
 *   <li>D4 — decoding the codes alone reproduces the states of encoding exactly, if these came from the best code at each
 *       depth, and but for rounding otherwise.
 *   <li>D5 — every method is a function: equal arguments give equal bits, and arguments are left as they were.
 *   <li>D6 — names declared by {@code weights} are distinct and are the only ones asked for; each one learnt by moving
 *       average is {@code table(k)} of some depth; a code space that cannot be had is refused with a {@link UserError}. The
 *       fold runs on weights to be trained and on weights only to be used, at every precision. {@code beamWidth} is at
 *       least 1.
 *   <li>D7 — after learning from latents, ẑ after one code is nearer to them than their mean, and ẑ at full depth nearer
 *       than that.
 *   <li>D8 — {@code loss} is a finite scalar that moves every weight learnt by gradient, by gradients that do not change
 *       when garbage is collected before they are computed.
 *   <li>D9 — no method keeps an array, directly or in the long-lived memory of the weights.
 *   <li>D10 — what one version of a plugin computes, later ones of the same major number compute,
 *       but for rounding: artefacts name the plugin that they were made with, and outlive its versions.
 * </ol>
 */
@ConsumerType
public interface Decomposition {

    /**
     * Declares the weights for a code space. Tables learnt by moving average ({@link Weight.Learns#EMA}) have the shape
     * {@code [K,c]} and are moved by the caller towards the targets that chose each row; one table may serve several depths.
     *
     * @throws UserError if this decomposition cannot have that code space, saying which it could have
     */
    List<Weight> weights(CodeSpace space);

    /**
     * The state before the first code; by default zeros.
     *
     * @param like gives shape {@code [n,c]} and device only
     * @return {@code [n,c]}
     */
    default NDArray begin(NDArray like, Weights w) {
        return like.zerosLike(); // [n,c]
    }

    /**
     * What the codeword of code k should be, given what is known; by default what the state, decoded, leaves over.
     *
     * @param z {@code [n,c]}
     * @param state {@code [n,c]} after the first k codes
     * @param k depth, counted from 0
     * @return {@code [n,c]}
     */
    default NDArray target(NDArray z, NDArray state, int k, Weights w) {
        return z.sub(decode(state, k - 1, w)); // [n,c]
    }

    /**
     * The state after code k; by default the state before it, decoded, plus the codeword.
     *
     * @param state {@code [n,c]} before it
     * @param codeword {@code [n,c]}
     * @return {@code [n,c]}, of the same meaning: later states are states too
     */
    default NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
        return decode(state, k - 1, w).add(codeword); // [n,c]
    }

    /**
     * The latent vectors that the first k + 1 codes describe; by default the state itself.
     *
     * @param state {@code [n,c]} after code k
     * @param k depth; callers count from 0, but the defaults of {@code target} and {@code next} also ask for −1, before the
     *     first code
     * @return ẑₖ {@code [n,c]}
     */
    default NDArray decode(NDArray state, int k, Weights w) {
        return state; // [n,c]
    }

    /** The name of the table that depth k searches by default, a weight {@code [K,c]}; without tables it is not asked for. */
    default String table(int k) {
        return "codebooks." + k + ".weight";
    }

    /**
     * The codewords that depth k chooses from; by default table k. Those of each row's own cost n·K·c numbers: where that is
     * too many, override {@code nearest} and {@code codeword} instead.
     *
     * @param state {@code [n,c]} after the first k codes
     * @return {@code [K,c]} if they are the same for all rows, otherwise {@code [n,K,c]}
     */
    default NDArray codewords(NDArray state, int k, Weights w) {
        return w.get(table(k)); // [K,c]
    }

    /**
     * The {@code a} best codes at depth k; by default the nearest of {@code codewords} in Euclidean distance, the lower
     * code first on ties.
     *
     * @param target {@code [n,c]}
     * @param state {@code [n,c]} after the first k codes
     * @param a how many, 1 to K
     */
    default Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
        return Nearest.inTable(target, codewords(state, k, w), a, w);
    }

    /**
     * The codewords of given codes; by default rows of {@code codewords}.
     *
     * @param codes int64 {@code [n]}
     * @param state {@code [n,c]} after the first k codes
     * @return {@code [n,c]}
     */
    default NDArray codeword(NDArray codes, NDArray state, int k, Weights w) {
        NDArray words = codewords(state, k, w); // [K,c] or [n,K,c]
        NDArray index = codes.toType(DataType.INT64, false).reshape(-1, 1); // [n,1]
        if (words.getShape().dimension() == 2) {
            return words.gather(index.broadcast(new Shape(codes.size(), words.getShape().get(1))), 0); // [n,c]
        }
        index = index.expandDims(2).broadcast(new Shape(codes.size(), 1, words.getShape().get(2))); // [n,1,c]
        return words.gather(index, 1).squeeze(1); // [n,c]
    }

    /**
     * How many prefixes a search for codes should keep where nobody says; by default 1, which is greedy. For codes that are
     * worth little without a search.
     */
    default int beamWidth() {
        return 1;
    }

    /**
     * What the weights learnt by gradient minimise: by default the mean over depths of the mean squared error of every
     * prefix. Called only if there are such weights, with the tape open that recorded {@code decoded}.
     *
     * @param z {@code [n,c]}, without gradient
     * @param decoded ẑ₀ … ẑ_{D−1}, each {@code [n,c]}
     * @return a scalar
     */
    default NDArray loss(NDArray z, NDList decoded, Weights w) {
        NDList errors = new NDList();
        decoded.forEach(zHat -> errors.add(z.sub(zHat).square().mean())); // []
        return NDArrays.stack(errors).mean(); // []
    }

    /**
     * Sets the weights learnt by fitting ({@link Weight.Learns#FITTED}) from a set of latents, through
     * {@link Weights#set}; by default there are none. Called with no tape open: before the first step, and then again and
     * again on latents of the steps between.
     *
     * @param latents {@code [n,c]}; the first time 64 for each code of the largest table, though not many more than 32768
     * @param key names the random draws
     */
    default void fit(NDArray latents, CodeSpace space, Key key, Weights w) {}
}
