package org.dnd4j.spi;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where the prediction heads sit.
 *
 * <p>Laws:
 * <ol>
 *   <li>H1 — for any number of layers and depths that it accepts, there is one tap per depth, in order of depth.
 *   <li>H2 — taps never go back: layers do not decrease, and lie in {@code [0, layers)}; the last one feeds nothing back.
 *   <li>H3 — what it cannot place is refused with a {@link UserError} that says what would fit; at least 1 layer and
 *       depth 1 are always needed.
 *   <li>H4 — equal arguments give equal taps.
 *   <li>H5 — where one version of a plugin puts taps, later ones of the same major number put
 *       them: artefacts name the plugin that they were made with, and outlive its versions.
 * </ol>
 */
@ConsumerType
public interface HeadTopology {

    /**
     * The taps for a backbone of {@code layers} layers and codes of depth {@code depth}.
     *
     * @throws UserError if this topology cannot be laid over them
     */
    List<Tap> taps(int layers, int depth);
}
