package org.dnd4j.spi;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Judges generated images against real ones.
 *
 * <p>Laws:
 * <ol>
 *   <li>M1 — the names of the results and their directions do not depend on the images.
 *   <li>M2 — the order of the images does not matter.
 *   <li>M3 — a set judged against itself scores at least as well as any other set judged against it.
 *   <li>M4 — equal arguments give equal numbers, and no array is kept.
 *   <li>M5 — what one version of a plugin computes, later ones of the same major number compute,
 *       but for rounding: artefacts name the plugin that they were made with, and outlive its versions.
 * </ol>
 */
@ConsumerType
public interface Metric {

    /** One number with the direction in which it gets better. */
    record Score(double value, boolean lowerIsBetter) {}

    /** Declares the weights, if it looks through a network. */
    default List<Weight> weights() {
        return List.of();
    }

    /**
     * Judges.
     *
     * @param real float32 {@code [n,3,s,s]} in [−1, 1]
     * @param generated float32 {@code [m,3,s,s]} in [−1, 1]
     */
    Map<String, Score> measure(NDArray real, NDArray generated, Weights w);
}
