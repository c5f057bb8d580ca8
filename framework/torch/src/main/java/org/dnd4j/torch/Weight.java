package org.dnd4j.torch;

import java.util.Arrays;
import java.util.List;

/**
 * The declaration of one weight: what a plugin says it needs, before any tensor exists.
 *
 * @param name its place in the tree, in the published state-dict spelling ({@code attention.wqkv.weight})
 * @param shape sizes, outermost first; a matrix is {@code [out, in]}
 * @param start its value before training
 * @param learns how training moves it
 * @param matrix whether programs multiply with it through {@code self.linear}, so that a precision may repack it
 */
public record Weight(String name, List<Long> shape, Start start, Learns learns, boolean matrix) {

    /** How training moves a weight. */
    public enum Learns {
        /** By the optimiser. */
        GRADIENT,
        /** By an exponential moving average of what was assigned to it (codebooks). */
        EMA,
        /** By {@code fit} on a set of latents, in one go. */
        FITTED,
        /** Never. */
        FIXED
    }

    /** A weight's value before training. Draws are keyed by the Run's seed and the weight's full name. */
    public sealed interface Start {
        /** Every element {@code value}. */
        record Constant(double value) implements Start {}

        /** Independent normal draws with this standard deviation and mean 0. */
        record Normal(double deviation) implements Start {}

        /** Independent uniform draws in [−bound, bound). */
        record Uniform(double bound) implements Start {}
    }

    public Weight {
        shape = List.copyOf(shape);
        if (name.isBlank() || shape.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("weight '" + name + "' cannot have the shape " + shape);
        }
    }

    /** A weight learnt by gradient that starts at zero. */
    public static Weight of(String name, long... shape) {
        return new Weight(name, Arrays.stream(shape).boxed().toList(), new Start.Constant(0), Learns.GRADIENT, false);
    }

    /** A matrix {@code [out, in]} for {@code self.linear}, learnt by gradient, starting at N(0, 0.02) (REFERENCE B.1). */
    public static Weight matrix(String name, long out, long in) {
        return new Weight(name, List.of(out, in), new Start.Normal(0.02), Learns.GRADIENT, true);
    }

    public Weight constant(double value) {
        return starting(new Start.Constant(value));
    }

    public Weight normal(double deviation) {
        return starting(new Start.Normal(deviation));
    }

    public Weight uniform(double bound) {
        return starting(new Start.Uniform(bound));
    }

    public Weight learning(Learns how) {
        return new Weight(name, shape, start, how, matrix);
    }

    /** The same weight further out in the tree: {@code prefix + "." + name}. */
    public Weight under(String prefix) {
        return new Weight(prefix + "." + name, shape, start, learns, matrix);
    }

    /** Number of elements. */
    public long size() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    private Weight starting(Start start) {
        return new Weight(name, shape, start, learns, matrix);
    }
}
