package org.dnd4j.spi;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A network between images and a grid of latent vectors.
 *
 * <p>Laws:
 * <ol>
 *   <li>A1 — {@code encode} maps {@code [b,3,s,t]} to {@code [b,s/factor,t/factor,width]}, {@code decode} maps it back;
 *       float32, and finite for what is finite.
 *   <li>A2 — images of a batch do not see each other.
 *   <li>A3 — equal arguments give equal bits, and arguments are left as they were.
 *   <li>A4 — names declared by {@code weights} are distinct, are the only ones asked for, and each is moved by training
 *       on reconstruction.
 *   <li>A5 — sizes that the network cannot take are refused with a {@link UserError}.
 *   <li>A6 — no method keeps an array.
 *   <li>A7 — what one version of a plugin computes, later ones of the same major number compute,
 *       but for rounding: artefacts name the plugin that they were made with, and outlive its versions.
 * </ol>
 */
@ConsumerType
public interface Autoencoder {

    /** Pixels per latent vector along one side. */
    int factor();

    /** Length c of a latent vector. */
    int width();

    /** Declares the weights, under published names where there are some. */
    List<Weight> weights();

    /**
     * Images to latents.
     *
     * @param images float32 {@code [b,3,s,t]} in [−1, 1]
     * @return {@code [b,h,w,c]}
     */
    NDArray encode(NDArray images, Weights w);

    /**
     * Latents to images.
     *
     * @param latents {@code [b,h,w,c]}
     * @return {@code [b,3,s,t]}, near [−1, 1] but not clipped
     */
    NDArray decode(NDArray latents, Weights w);

    /** The weight that an adversarial loss balances its gradient at, or null (REFERENCE A.3). */
    default String lastLayer() {
        return null;
    }
}
