package org.dnd4j.scalar;

import ai.djl.ndarray.NDArray;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
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
 * Residual scalar quantisation, without tables (Mentzer et al. 2023, Zhao et al. 2024; REFERENCE G.2): a code is a number
 * whose digits, the first the lowest, say which of a few evenly spaced values in [−1, 1] each of d' numbers has, and its
 * codeword is a learnt matrix {@code [c,d']} times these, one matrix a depth. What a depth leaves over, the next one says.
 *
 * <p>The matrices learn by gradient through the codes that were chosen, and their scale follows the latents' deviation. The
 * nearest of all K codewords is chosen rather than the nearest value of each of d' projections, which is the same only for
 * a matrix of orthogonal columns, and further from the latents otherwise.
 *
 * @param levels how many values each digit has, at least 2, with K as their product; if left out, digits are signs, as many
 *     as a code has bits
 */
@Plugin("scalar")
public record Scalar(List<Integer> levels) implements Decomposition {
    private static final Program PROGRAM = Program.of(Scalar.class, "scalar.py");

    public Scalar {
        if (levels != null) {
            levels = List.copyOf(levels);
            if (levels.isEmpty() || levels.stream().anyMatch(n -> n < 2)) {
                throw new UserError("scalar: levels is " + levels + ": must be whole numbers of at least 2");
            }
        }
    }

    /**
     * One matrix {@code digits.k.weight [c,d']} a depth, and {@code mean [c]} and {@code deviation [1]} of the latents.
     *
     * @throws UserError if digits of these levels do not make as many codes as there are at some depth
     */
    @Override
    public List<Weight> weights(CodeSpace space) {
        List<Weight> weights = new ArrayList<>();
        double left = 1; // of the variance, as far as codes can tell Gaussian latents
        for (int size : space.sizes()) {
            List<Integer> digits = digits(size);
            double after = left * Math.pow(size, -2.0 / space.width());
            double square = digits.stream().mapToDouble(n -> (n + 1) / (3.0 * (n - 1))).sum(); // mean, of all digits
            weights.add(Weight.of("digits." + weights.size() + ".weight", space.width(), digits.size())
                    .normal(Math.sqrt((left - after) / square)));
            left = after;
        }
        weights.add(Weight.of("mean", space.width()).learning(Learns.FITTED));
        weights.add(Weight.of("deviation", 1).constant(1).learning(Learns.FITTED));
        return weights;
    }

    private List<Integer> digits(int size) {
        int bits = 31 - Integer.numberOfLeadingZeros(size);
        if (levels == null && size != 1 << bits) {
            throw new UserError("scalar: signs make " + (1 << bits) + " or " + (2L << bits) + " codes, not " + size
                    + ": ask for so many, or give levels whose product is " + size);
        }
        List<Integer> digits = levels == null ? Collections.nCopies(bits, 2) : levels;
        BigInteger product = digits.stream().map(n -> BigInteger.valueOf(n)).reduce(BigInteger.ONE, BigInteger::multiply);
        if (!product.equals(BigInteger.valueOf(size))) {
            throw new UserError("scalar: levels " + digits + " make " + product + " codes, not " + size
                    + ": ask for so many, or give levels whose product is " + size);
        }
        return digits;
    }

    @Override
    public NDArray begin(NDArray like, Weights w) {
        return w.run(PROGRAM, "begin", w.get("mean"), like); // [n,c]
    }

    @Override
    public NDArray codewords(NDArray state, int k, Weights w) {
        NDArray up = w.get("digits." + k + ".weight"); // [c,d']
        long[] digits = new long[(int) up.getShape().get(1)];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = levels == null ? 2 : levels.get(i);
        }
        return w.run(PROGRAM, "words", up, w.get("deviation"), digits); // [K,c]
    }

    @Override
    public void fit(NDArray latents, CodeSpace space, Key key, Weights w) {
        w.set("mean", w.run(PROGRAM, "mean", latents)); // [c]
        w.set("deviation", w.run(PROGRAM, "deviation", latents)); // [1]
    }
}
