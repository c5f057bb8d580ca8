package org.dnd4j.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.dnd4j.torch.Step;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A causal transformer without embeddings and output matrices: a stack of layers that can be run from one prediction head
 * to the next.
 *
 * <p>Laws:
 * <ol>
 *   <li>B1 — {@code run} and {@code norm} return float32 of the shape of {@code h}, finite if it is.
 *   <li>B2 — causal: token t of the result depends on tokens 0 … t only.
 *   <li>B3 — running {@code from … to} in pieces equals running it at once, and {@code reach}, if there is one, does what
 *       {@code run} and {@code norm} do.
 *   <li>B4 — with a cache, token by token equals all tokens at once; so it does, but for rounding, in fewer bits and with
 *       attention in bfloat16, where weights ask for that.
 *   <li>B5 — rows of the batch do not see each other.
 *   <li>B6 — equal arguments give equal bits, dropout included; without {@code training} there is no dropout.
 *   <li>B7 — names declared by {@code weights} are distinct and are the only ones asked for; each is moved by training.
 *   <li>B8 — the order of tokens matters: places reach the result.
 *   <li>B9 — no method keeps an array.
 *   <li>B10 — a token that {@code mask} hides reaches no other token.
 *   <li>B11 — what one version of a plugin computes, later ones of the same major number compute,
 *       but for rounding: artefacts name the plugin that they were made with, and outlive its versions.
 * </ol>
 */
@ConsumerType
public interface Backbone {

    /** Length d of a token's hidden state. */
    int width();

    /** Number of layers. */
    int layers();

    /**
     * Declares the weights of all layers and of the norm before each of {@code heads} prediction heads, under published
     * names where there are some ({@code layers.0.…}, {@code norm.0.weight}).
     *
     * @param positions the number of tokens of the longest sequence, for backbones that learn their positions
     */
    List<Weight> weights(int heads, int positions);

    /**
     * Whatever the passes over one batch of sequences need besides weights: tables of positions, an empty cache. Arrays
     * belong to the present scope. The cache is the only thing that {@code run} changes.
     *
     * @param places int64 {@code [s,2]}: row and column of each token's own code, −1 −1 for a condition token
     * @param rows how many sequences a cache must hold; 0 for no cache
     */
    NDList prepare(NDArray places, int rows, Weights w);

    /**
     * Runs the layers {@code from} (included) to {@code to} (excluded), with the dropout of training if the pass says so.
     *
     * @param h {@code [b,t,d]}: the tokens {@code pass.start()} to {@code pass.start() + t} of the sequence
     * @return {@code [b,t,d]}
     */
    NDArray run(NDArray h, int from, int to, Pass pass);

    /**
     * The norm before head {@code head}, token by token.
     *
     * @param h {@code [b,t,d]}
     * @param head the head's depth, counted from 0
     * @return {@code [b,t,d]}
     */
    NDArray norm(NDArray h, int head, Pass pass);

    /**
     * Describes how a head is reached: layers, if any, and the head's norm, as one step of a program. In decoding all steps of
     * a position are linked into one program, so that what plugins do takes one call.
     *
     * @return a step that is handed a hidden state {@code [b,t,d]} and returns two such, what {@code run} makes of it and what
     *     {@code norm} makes of that; or null, the default, to have those two called instead
     */
    default Step reach(int from, int to, int head, Pass pass) {
        return null;
    }
}
