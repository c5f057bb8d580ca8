package org.dnd4j.core.code;

import org.dnd4j.spi.UserError;

/**
 * How tables learn by moving average (REFERENCE A.2).
 *
 * @param decay of counts and sums per update; 0.99 if left out
 * @param epsilon Laplace smoothing of the counts; 1e-5 if left out
 * @param start {@code latents}: rows are drawn from the targets of the first batch, or of as many as give two
 *     latents a row, depth after depth (the default);
 *     {@code weights}: rows stay, each counted once; {@code kept}: rows stay, with the counts that came with them, or
 *     counted once if none did (to train a finished tokenizer further); {@code published}: rows stay and counts are 0, so
 *     that the reference's restart replaces nearly all at once
 * @param restart whether rows that are hardly used are put elsewhere; true if left out
 * @param below a row restarts when its moving count is below this; 0.2 if left out, 1 in the reference
 * @param candidates where rows restart: {@code errors}, at targets drawn in proportion to how badly they are met (the
 *     default), or {@code batch}, at a random permutation of the targets as in the reference
 * @param order {@code after}: tables move once a step, after all depths (the default); {@code each-depth}: as soon as a
 *     depth is searched, so that the next depth of a shared table is searched in a moved one, as in the reference
 * @param refit steps between two calls of a decomposition's {@code fit}, if it has weights that learn so; 50 if left out
 */
public record CodebookLearning(
        Double decay,
        Double epsilon,
        String start,
        Boolean restart,
        Double below,
        String candidates,
        String order,
        Integer refit) {
    public CodebookLearning {
        decay = decay == null ? 0.99 : decay;
        epsilon = epsilon == null ? 1e-5 : epsilon;
        start = start == null ? "latents" : start;
        restart = restart == null || restart;
        below = below == null ? 0.2 : below;
        candidates = candidates == null ? "errors" : candidates;
        order = order == null ? "after" : order;
        refit = refit == null ? 50 : refit;
        check(decay >= 0 && decay < 1, "decay", decay, "0 to below 1");
        check(epsilon > 0, "epsilon", epsilon, "above 0");
        check(start.matches("latents|weights|kept|published"), "start", start, "latents, weights, kept or published");
        check(below > 0, "below", below, "above 0");
        check(candidates.matches("errors|batch"), "candidates", candidates, "errors or batch");
        check(order.matches("after|each-depth"), "order", order, "after or each-depth");
        check(refit >= 1, "refit", refit, "at least 1");
    }

    /** Everything at its default. */
    public static CodebookLearning defaults() {
        return new CodebookLearning(null, null, null, null, null, null, null, null);
    }

    /** What the reference does. */
    public static CodebookLearning published(boolean restart) {
        return new CodebookLearning(0.99, 1e-5, "published", restart, 1.0, "batch", "each-depth", null);
    }

    boolean eachDepth() {
        return order.equals("each-depth");
    }

    private static void check(boolean right, String field, Object value, String wanted) {
        if (!right) {
            throw new UserError("codebooks: " + field + " is " + value + ": must be " + wanted);
        }
    }
}
