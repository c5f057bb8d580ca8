package org.dnd4j.denoising;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;

/**
 * Each code is the noise of one step of a reversed diffusion (REFERENCE G.1, forms a and b). From a shared start, a state s
 * is led along a {@link Schedule}: a small network estimates the latents from it, x̂(s) = g ⊙ s + W'·silu(W·s + b), and the
 * next state is drawn from the posterior of the schedule, m + σ·e with m = A·s + B·x̂(s), where the code names the noise e:
 * the table row nearest to (√ᾱ·x − m) / σ, so that the state comes as near as it can to where the schedule has it without
 * noise. The latents of a prefix are x̂ of its state.
 *
 * <p>The networks, one for each number of codes, learn through the fold by the squared error of every prefix: the states
 * that they see are those that codes lead to. They start near s / √ᾱ, and with that this is residual quantisation.
 *
 * @param form {@code codebook}, as above (the default), or {@code targets}: without networks, m = s and σ = 1, so that
 *     codewords add up, each aimed at a level of the schedule, √ᾱ·x, and the latents of a prefix are s / √ᾱ
 * @param schedule ᾱ₀ … ᾱ_D; 1 − 0.3ᵏ if left out
 * @param hidden width of a network's hidden layer; 128 if left out
 * @param tables {@code learned} by moving average (the default), or {@code gaussian}: rows of N(0, 1) times the deviation of
 *     the latents, never learnt. For those, ᾱₖ = 1 − K^(−2k/c) is as fast as codes of K can follow
 */
@Plugin("denoising")
public record Denoising(String form, List<Double> schedule, Integer hidden, String tables) implements Decomposition {
    private static final Program PROGRAM = Program.of(Denoising.class, "denoising.py");

    public Denoising {
        form = form == null ? "codebook" : form;
        schedule = schedule == null ? null : List.copyOf(schedule);
        hidden = hidden == null ? 128 : hidden;
        tables = tables == null ? "learned" : tables;
        check(form.matches("codebook|targets"), "form", form, "codebook or targets");
        new Schedule(schedule).check(form.equals("targets"));
        check(hidden >= 1, "hidden", hidden, "at least 1");
        check(tables.matches("learned|gaussian"), "tables", tables, "learned or gaussian");
    }

    private static void check(boolean right, String field, Object value, String wanted) {
        if (!right) {
            throw new UserError("denoising: " + field + " is " + value + ": must be " + wanted);
        }
    }

    private boolean additive() {
        return form.equals("targets");
    }

    private boolean gaussian() {
        return tables.equals("gaussian");
    }

    /**
     * Tables {@code codebooks.k.weight [K,c]}, of which gaussian ones have the deviation {@code spread [c]}; and, but for
     * targets, {@code start [c]} and the networks after 0 to D codes, {@code denoiser.k.in.weight [hidden,c]},
     * {@code denoiser.k.in.bias}, {@code denoiser.k.out.weight [c,hidden]} and {@code denoiser.k.gain [c]}.
     *
     * @throws UserError if the schedule has not one number more than there are depths
     */
    @Override
    public List<Weight> weights(CodeSpace space) {
        int c = space.width();
        int levels = space.depth() + 1;
        String wanted = levels + " numbers for depth " + space.depth();
        check(schedule == null || schedule.size() == levels, "schedule", schedule, wanted);
        List<Weight> weights = new ArrayList<>();
        for (int k = 0; k < space.depth(); k++) {
            Learns learns = gaussian() ? Learns.FIXED : Learns.EMA;
            weights.add(Weight.of(table(k), space.size(k), c).normal(1).learning(learns));
        }
        if (gaussian()) {
            weights.add(Weight.of("spread", c).constant(1).learning(Learns.FITTED));
        }
        if (!additive()) {
            weights.add(Weight.of("start", c).normal(1));
            for (int codes = 0; codes < levels; codes++) {
                String network = "denoiser." + codes;
                double level = new Schedule(schedule).level(codes);
                weights.add(Weight.matrix(network + ".in.weight", hidden, c).normal(1 / Math.sqrt(c)));
                weights.add(Weight.of(network + ".in.bias", hidden).uniform(0.5));
                weights.add(Weight.matrix(network + ".out.weight", c, hidden).normal(0.001));
                weights.add(Weight.of(network + ".gain", c).constant(level == 0 ? 0 : 1 / level));
            }
        }
        return weights;
    }

    @Override
    public NDArray begin(NDArray like, Weights w) {
        return additive() ? like.zerosLike() : w.run(PROGRAM, "start", w.get("start"), like); // [n,c]
    }

    @Override
    public NDArray target(NDArray z, NDArray state, int k, Weights w) {
        return w.run(PROGRAM, "noise", z, mean(state, k, w), new Schedule(schedule).level(k + 1), deviation(k)); // [n,c]
    }

    @Override
    public NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
        return w.run(PROGRAM, "drawn", mean(state, k, w), codeword, deviation(k)); // [n,c]
    }

    @Override
    public NDArray decode(NDArray state, int k, Weights w) {
        int codes = k + 1;
        if (additive()) {
            return w.run(PROGRAM, "scaled", state, 1 / new Schedule(schedule).level(codes)); // [n,c]
        }
        String network = "denoiser." + codes;
        Weights.Group group = w.group(network + ".in.weight", network + ".out.weight");
        return w.run(PROGRAM, "denoised", state, group, w.get(network + ".in.bias"), w.get(network + ".gain")); // [n,c]
    }

    /** m of code k {@code [n,c]}. */
    private NDArray mean(NDArray state, int k, Weights w) {
        Schedule s = new Schedule(schedule);
        return additive() ? state : w.run(PROGRAM, "mean", state, decode(state, k - 1, w), s.ofState(k), s.ofEstimate(k));
    }

    private double deviation(int k) {
        return additive() ? 1 : new Schedule(schedule).deviation(k);
    }

    @Override
    public NDArray codewords(NDArray state, int k, Weights w) {
        return gaussian() ? w.run(PROGRAM, "spread", w.get(table(k)), w.get("spread")) : w.get(table(k)); // [K,c]
    }

    @Override
    public void fit(NDArray latents, CodeSpace space, Key key, Weights w) {
        if (gaussian()) {
            w.set("spread", w.run(PROGRAM, "deviation", latents)); // [c]
        }
    }
}
