package org.dnd4j.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * What learns code maps and makes new ones: the DnD-Transformer, or what a plugin has in its place. Both are trained,
 * judged and sampled in the same way, so that their numbers can be compared. Holds no arrays: weights are handed in.
 */
public interface CodeModel {

    /** h, the height of the code grid. */
    int rows();

    /** w, its width. */
    int columns();

    /** How many codes there are at each depth. */
    CodeSpace space();

    /** By what pictures are asked for. */
    Condition condition();

    /** All weights. */
    List<Weight> weights();

    /** Whether codes are predicted one after another, so that losses are by depth and {@link Decoding} works. */
    default boolean predicts() {
        return true;
    }

    /**
     * How well known codes are predicted: the loss that training minimises; then, if the model {@link #predicts}, the
     * mean cross-entropy by depth in nats a code, and the share of codes that are the most probable one by depth.
     *
     * @param labels int64 {@code [b]}; {@link #nullLabel} for none
     * @param codes int64 {@code [b,S,D]}
     * @param training whether dropout is active; {@code key} names its draws
     * @return 1 + 2·D scalars, or one
     */
    NDList losses(NDArray labels, NDArray codes, boolean training, Key key, Weights w);

    /**
     * Looks for what makes the losses of these codes no numbers.
     *
     * @throws org.dnd4j.spi.UserError naming the plugin that makes them so, if one does
     */
    void examine(NDArray labels, NDArray codes, Key key, Weights w);

    /**
     * What drawing a batch of pictures keeps.
     *
     * @param cached how many sequences a cache must hold; 0 for no cache
     */
    NDList prepare(int cached, Weights w);

    /** Which tokens of a sequence may be attended to; null for all. */
    default NDArray mask(Given given, Weights w) {
        return null;
    }

    /** Predicts the codes of one position, each when those before it have been chosen by {@code source}. */
    void position(int p, Decoding decoding, CodeSource source);

    /** S, the number of positions of a picture. */
    default int positions() {
        return rows() * columns();
    }

    /** D, the number of codes of a position. */
    default int depth() {
        return space().depth();
    }

    /** The number of classes; 1 for pictures without. */
    default int classes() {
        return condition() instanceof Condition.Classes classes ? classes.count() : 1;
    }

    /** The label that stands for "no class". */
    default int nullLabel() {
        return classes();
    }
}
