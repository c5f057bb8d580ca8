package org.dnd4j.core.image;

import org.dnd4j.spi.UserError;

/** How many pictures are held out for validation. */
final class Held {
    private Held() {}

    /** The share that a data set's configuration names. */
    static double share(Double given) {
        double share = given == null ? 0.05 : given;
        if (!(share >= 0 && share <= 0.5)) {
            throw new UserError("heldOut is the share of pictures held out for validation, 0 to 0.5, not " + share);
        }
        return share;
    }

    /** That share of {@code n}, rounded up, but never all of them. */
    static int count(int n, double share) {
        return Math.min((int) Math.ceil(n * share), Math.max(n - 1, 0));
    }
}
