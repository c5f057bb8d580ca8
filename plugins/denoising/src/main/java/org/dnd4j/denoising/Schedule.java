package org.dnd4j.denoising;

import java.util.List;
import org.dnd4j.spi.UserError;

/**
 * How much of the latents x each code of a reversed diffusion reveals: after k codes a state is √ᾱₖ·x plus noise of variance
 * 1 − ᾱₖ, and the state before it, given x, is normal (Ho et al. 2020, equations 6 and 7, with t running backwards and
 * α = ᾱₖ / ᾱₖ₊₁):
 *
 * <pre>
 * N(A·s + B·x, σ²),  r = (1 − ᾱₖ₊₁) / (1 − ᾱₖ), the share of the noise that is left
 * A  = √α·(1 − ᾱₖ₊₁) / (1 − ᾱₖ)   = r·√α
 * B  = √ᾱₖ₊₁·(1 − α) / (1 − ᾱₖ)   = (1 − r) / √ᾱₖ₊₁
 * σ² = (1 − ᾱₖ₊₁)·(1 − α) / (1 − ᾱₖ) = r·(1 − α)
 * </pre>
 *
 * <p>A·√ᾱₖ + B = √ᾱₖ₊₁: without noise, a state at one level is led to the next.
 *
 * @param signal ᾱ₀ … ᾱ_D, rising from at least 0; null for 1 − 0.3ᵏ, by which each code leaves an equal share of the noise
 */
record Schedule(List<Double> signal) {
    private static final double SHARE = 0.3;

    /**
     * That ᾱ rises and stays below 1, or may end there, where no noise is left to choose from.
     *
     * @throws UserError if it does not
     */
    void check(boolean toOne) {
        double before = -Double.MIN_VALUE;
        for (double level : signal == null ? List.<Double>of() : signal) {
            if (!(level > before && (level < 1 || toOne && level == 1))) {
                throw new UserError("denoising: schedule is " + signal + ": must rise from 0 or more to "
                        + (toOne ? "at most" : "below") + " 1");
            }
            before = level;
        }
    }

    /** ᾱ after so many codes. */
    private double at(int codes) {
        return signal == null ? 1 - Math.pow(SHARE, codes) : signal.get(codes);
    }

    /** √ᾱ after so many codes. */
    double level(int codes) {
        return Math.sqrt(at(codes));
    }

    /** r of code k. */
    private double share(int k) {
        return (1 - at(k + 1)) / (1 - at(k));
    }

    /** A of code k. */
    double ofState(int k) {
        return share(k) * level(k) / level(k + 1);
    }

    /** B of code k. */
    double ofEstimate(int k) {
        return (1 - share(k)) / level(k + 1);
    }

    /** σ of code k. */
    double deviation(int k) {
        return Math.sqrt(share(k) * (1 - at(k) / at(k + 1)));
    }
}
