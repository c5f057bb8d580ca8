package org.dnd4j.core.sample;

import java.util.List;
import java.util.function.Predicate;
import org.dnd4j.spi.UserError;

/**
 * How codes are drawn. Lists hold one value for all depths or one per depth. Left out: the plain distribution of the
 * model.
 *
 * <p>The reference DnD-Transformer takes an interval and ignores it (REFERENCE B.6, 1); here every model keeps to it.
 *
 * @param guidance s of u + s·(c − u), c the logits given the class or caption and u those without; up to 1: no guidance
 * @param interval the last step of decoding that is guided, counted as LlamaGen does (REFERENCE D.1): the first position
 *     is always guided and no step, the second is step 0. So positions 0 to interval + 1 are guided and all later ones
 *     follow c alone; null to guide everywhere
 * @param temperature logits are divided by it; 1
 * @param topK only so many most probable codes can be drawn; 0 for all
 * @param topP only the most probable codes that together exceed this probability can be drawn; 1 for all
 * @param nucleus which codes stay under topP; crossing
 * @param greedy always the most probable code; false
 */
public record Sampling(
        Double guidance,
        Integer interval,
        List<Double> temperature,
        List<Integer> topK,
        List<Double> topP,
        Nucleus nucleus,
        Boolean greedy) {

    /** The two published rules for the code at which the sum of probabilities reaches topP (REFERENCE B.5, E). */
    public enum Nucleus {
        /** A code goes if those before it exceed topP (DnD-Transformer, LlamaGen). */
        CROSSING,
        /** A code goes if those before it reach topP (RQ-Transformer). */
        REACHING
    }

    /** The most probable code every time. */
    public static Sampling greedy(double guidance) {
        return new Sampling(guidance, null, null, null, null, null, true);
    }

    public Sampling {
        guidance = guidance == null ? Double.valueOf(1) : guidance;
        temperature = temperature == null ? List.of(1.0) : temperature;
        topK = topK == null ? List.of(0) : topK;
        topP = topP == null ? List.of(1.0) : topP;
        nucleus = nucleus == null ? Nucleus.CROSSING : nucleus;
        greedy = greedy != null && greedy;
        if (!(guidance >= 0 && guidance <= 1000)) {
            throw new UserError("guidance is " + guidance + ": must be 0 to 1000 (up to 1 for none)");
        }
        if (interval != null && interval < 0) {
            throw new UserError("interval is " + interval + ": must be at least 0, the last decoding step to guide, or left"
                    + " out to guide all");
        }
        check("temperature", temperature, t -> t >= 0 && t < Double.POSITIVE_INFINITY, "at least 0");
        check("topK", topK, k -> k >= 0, "at least 0 (0 for all codes)");
        check("topP", topP, p -> p >= 0 && p <= 1, "from 0 to 1");
    }

    private static <T> void check(String field, List<T> values, Predicate<T> right, String wanted) {
        if (values.isEmpty() || !values.stream().allMatch(v -> v != null && right.test(v))) {
            throw new UserError(field + " is " + values + ": must be " + wanted + ", one value or one per depth");
        }
    }

    /**
     * Checks that the lists fit.
     *
     * @throws UserError if one has neither one value nor {@code depth}
     */
    public Sampling fitting(int depth) {
        fitting("temperature", temperature, depth);
        fitting("topK", topK, depth);
        fitting("topP", topP, depth);
        return this;
    }

    private static void fitting(String field, List<?> values, int depth) {
        if (values.size() != 1 && values.size() != depth) {
            throw new UserError(field + " has " + values.size() + " values " + values + ": give one, or " + depth
                    + ", one per depth");
        }
    }

    /**
     * For what draws its own way.
     *
     * @throws UserError if this asks for anything but the plain distribution
     */
    public void plain() {
        if (!equals(new Sampling(null, null, null, null, null, null, null))) {
            throw new UserError("guidance, temperature and the like are for models that predict codes one after another;"
                    + " this generator draws its own way: leave them out");
        }
    }

    /** Whether every picture is also walked without its class or caption. */
    public boolean guided() {
        return guidance > 1;
    }

    /** The guidance at a position, counted from 0; 1, none, behind the interval. */
    public double guidance(int position) {
        return interval == null || position - 1 <= interval ? guidance : 1;
    }

    /** The value for depth {@code k} of a list of one or D. */
    static <T> T at(List<T> values, int k) {
        return values.get(values.size() == 1 ? 0 : k);
    }
}
