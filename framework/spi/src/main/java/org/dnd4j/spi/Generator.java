package org.dnd4j.spi;

import ai.djl.ndarray.NDArray;
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
     * New code maps.
     *
     * @param classes int64 {@code [b]}
     * @param shape {@code {h, w, D}}
     * @return int64 {@code [b,h,w,D]}
     */
    NDArray sample(NDArray classes, long[] shape, Key key, Weights w);
}
