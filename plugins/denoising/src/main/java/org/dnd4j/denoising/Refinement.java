package org.dnd4j.denoising;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Plugin;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;

/**
 * Successive refinement by random directions, the untrained control of all tables that are learnt (REFERENCE G.1, form c;
 * Venkataramanan et al. 2014): from the mean of the latents, each code names the one of K unit vectors that lies most along
 * what is left, and takes a step whose length depends on the depth alone. Only that mean and the lengths are fitted: the
 * best length is the mean of what lies along the vectors chosen, and comes near to ρ·√(2·ln K / c)·(1 − 2·ln K / c)^(k/2),
 * ρ the r.m.s. distance of latents from their mean and k from 0, as c / ln K grows and latents are Gaussian and white.
 */
@Plugin("refinement")
public record Refinement() implements Decomposition {
    private static final Program PROGRAM = Program.of(Refinement.class, "refinement.py");

    /** Rows {@code codebooks.k.weight [K,c]}, of which the directions count, {@code steps.k [1]} and {@code mean [c]}. */
    @Override
    public List<Weight> weights(CodeSpace space) {
        List<Weight> weights = new ArrayList<>();
        for (int k = 0; k < space.depth(); k++) {
            weights.add(Weight.of(table(k), space.size(k), space.width()).normal(1).learning(Learns.FIXED));
            weights.add(Weight.of("steps." + k, 1).constant(1).learning(Learns.FITTED));
        }
        weights.add(Weight.of("mean", space.width()).learning(Learns.FITTED));
        return weights;
    }

    @Override
    public NDArray begin(NDArray like, Weights w) {
        return w.run(PROGRAM, "begin", w.get("mean"), like); // [n,c]
    }

    @Override
    public NDArray codewords(NDArray state, int k, Weights w) {
        return w.run(PROGRAM, "steps", w.get(table(k)), w.get("steps." + k)); // [K,c]
    }

    @Override
    public void fit(NDArray latents, CodeSpace space, Key key, Weights w) {
        w.set("mean", w.run(PROGRAM, "mean", latents)); // [c]
        NDArray state = begin(latents, w); // [n,c]
        for (int k = 0; k < space.depth(); k++) {
            NDArray left = target(latents, state, k, w); // [n,c]
            NDArray codes = nearest(left, state, k, 1, w).codes().reshape(-1); // [n]: of whatever length, the same
            w.set("steps." + k, w.run(PROGRAM, "length", left, codeword(codes, state, k, w))); // [1]
            state = next(state, codeword(codes, state, k, w), k, w); // [n,c]
        }
    }
}
