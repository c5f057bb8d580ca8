package org.dnd4j.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A whole competitor: something that learns code maps its own way and makes new ones.
 *
 * <p>Laws:
 * <ol>
 *   <li>G1 — {@code loss} is a finite scalar, and moves every weight learnt by gradient.
 *   <li>G2 — {@code sample} returns codes in range, of the shape asked for.
 *   <li>G3 — equal arguments give equal bits, and arguments are left as they were.
 *   <li>G4 — names declared by {@code weights} are distinct and are the only ones asked for.
 *   <li>G5 — no method keeps an array.
 *   <li>G6 — what one version of a plugin computes, later ones of the same major number compute,
 *       but for rounding: artefacts name the plugin that they were made with, and outlive its versions.
 * </ol>
 *
 * <p>One that {@link #predicts} codes one after another says how well by depth, and leaves it to whoever asks how each
 * is drawn: temperature, guidance and the like are then the same for all that are compared. More laws for these:
 * <ol start="7">
 *   <li>G7 — {@code losses} are 1 + 2·D finite scalars; in training they begin with what {@code loss} returns,
 *       otherwise they do not depend on the key: there is no dropout.
 *   <li>G8 — {@code predict} returns float32 {@code [b,K]}, and under known codes its cross-entropies, code by code,
 *       are those of {@code losses}, by depth; so they are, but for rounding, with attention in bfloat16, where weights
 *       ask for that.
 *   <li>G9 — rows of the batch do not see each other.
 *   <li>G10 — the label that is one above the last class stands for no class: it is taken as others are, and predicts
 *       something of its own.
 * </ol>
 */
@ConsumerType
public interface Generator {

    /**
     * Declares the weights.
     *
     * @param space width and codes per depth
     * @param rows height of the code grid
     * @param columns width of the code grid
     * @param classes number of classes, without a null class
     */
    List<Weight> weights(CodeSpace space, int rows, int columns, int classes);

    /**
     * The training loss in nats per code.
     *
     * @param codes int64 {@code [b,h,w,D]}
     * @param classes int64 {@code [b]}
     * @return a scalar, recorded if a tape is open
     */
    NDArray loss(NDArray codes, NDArray classes, Key key, Weights w);

    /**
     * New code maps. By default each code in turn is drawn as often as {@link #predict} says.
     *
     * @param classes int64 {@code [b]}
     * @param shape {@code {h, w, D}}
     * @return int64 {@code [b,h,w,D]}
     */
    default NDArray sample(NDArray classes, long[] shape, Key key, Weights w) {
        return Drawn.oneByOne(this, classes, shape, key, w);
    }

    /**
     * Whether codes are predicted one after another: positions row by row, the codes of a position from coarse to fine,
     * each given the class and all codes before it.
     */
    default boolean predicts() {
        return false;
    }

    /**
     * What training minimises, and how well known codes are predicted.
     *
     * @param codes int64 {@code [b,h,w,D]}
     * @param classes int64 {@code [b]}; if it {@link #predicts}, the number of classes stands for none
     * @param training whether dropout is active; {@code key} names its draws
     * @return the scalar that training minimises, recorded if a tape is open. If it {@link #predicts}, then the mean
     *     cross-entropy by depth, in nats a code, and the share of codes that are the most probable one, by depth:
     *     1 + 2·D scalars
     */
    default NDList losses(NDArray codes, NDArray classes, boolean training, Key key, Weights w) {
        return new NDList(loss(codes, classes, key, w));
    }

    /**
     * Whatever predicting code after code keeps besides weights: an empty cache. Arrays belong to the present scope.
     *
     * @param rows how many code maps are drawn at a time
     * @param shape {@code {h, w, D}}
     */
    default NDList prepare(int rows, long[] shape, Weights w) {
        throw new UnsupportedOperationException("does not predict codes one after another");
    }

    /**
     * Takes in one code and predicts the next; called for every code in turn.
     *
     * @param before int64 {@code [b]}: the code before, which is that of the depth before or the last of the position
     *     before; for the first of all the classes, of which their number stands for none
     * @param position p of the code that is predicted, row by row
     * @param depth k of the code that is predicted
     * @param shape {@code {h, w, D}}
     * @param state what {@link #prepare} returned, which is the only thing that this changes
     * @return logits, float32 {@code [b,K]}
     */
    default NDArray predict(NDArray before, int position, int depth, long[] shape, NDList state, Weights w) {
        throw new UnsupportedOperationException("does not predict codes one after another");
    }
}
