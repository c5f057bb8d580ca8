package org.dnd4j.core.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.dnd4j.torch.Scope;

/** What a training minimises, one batch at a time. */
public interface Objective {

    /**
     * The loss of one part of one step's batch, recorded on the open tape; there is none if nothing is learnt by gradient.
     *
     * @param step counted from 0
     * @param part which of {@link Training#accumulate} parts
     */
    Loss loss(long step, int part, Scope scope);

    /**
     * Called if the loss of a step is no longer a number though the weights are such that it should be: looks again at what
     * the plugins return, with no tape open.
     *
     * @throws org.dnd4j.spi.UserError naming the plugin that made it so, if one can be found
     */
    default void examine(long step, int part, Scope scope) {}

    /** Called after the optimiser has moved the weights, with no tape open (codebooks learnt by moving average). */
    default void afterStep(long step, Scope scope) {}

    /** Arrays besides weights and moments that a resumed training must have again (codebook statistics). */
    default Map<String, NDArray> state() {
        return Map.of();
    }

    /**
     * A loss and what the log should say about it.
     *
     * @param total the scalar to differentiate
     * @param log scalars by name, read after the step
     */
    record Loss(NDArray total, Map<String, NDArray> log) {}
}
