package org.example.scaled;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * Residual quantisation with one table that each depth sees at a scale of its own, number by number: what is left over
 * shrinks with depth, and so may the codewords. Table and scales learn by gradient.
 *
 * @param ratio how much smaller each depth's scale starts than the one before, in (0, 1]; 0.7 if left out
 */
@Plugin("scaled")
public record Scaled(Double ratio) implements Decomposition {
    public Scaled {
        ratio = ratio == null ? 0.7 : ratio;
        if (!(ratio > 0 && ratio <= 1)) {
            throw new UserError("scaled: ratio is " + ratio + ": must be more than 0 and at most 1");
        }
    }

    /** One table {@code [K,c]}, and a scale {@code [c]} for each depth. */
    @Override
    public List<Weight> weights(CodeSpace space) {
        if (space.sizes().stream().distinct().count() > 1) {
            throw new UserError("scaled: the depths have " + space.sizes() + " codes: give each the same number");
        }
        List<Weight> weights = new ArrayList<>();
        weights.add(Weight.of(table(0), space.size(0), space.width()).normal(1));
        for (int k = 0; k < space.depth(); k++) {
            weights.add(Weight.of("scales." + k, space.width()).constant(Math.pow(ratio, k)));
        }
        return weights;
    }

    @Override
    public String table(int k) {
        return "codebooks.0.weight";
    }

    @Override
    public NDArray codewords(NDArray state, int k, Weights w) {
        return w.get(table(k)).mul(w.get("scales." + k)); // [K,c]
    }
}
