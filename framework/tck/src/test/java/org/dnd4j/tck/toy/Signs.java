package org.dnd4j.tck.toy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/** No tables: a code is the signs of {@code bits} numbers of what is left, depth after depth, in halving steps. */
public record Signs(int bits) implements Decomposition {
    @Override
    public List<Weight> weights(CodeSpace space) {
        if (space.sizes().stream().anyMatch(size -> size != 1 << bits)) {
            throw new UserError("signs: codes of " + bits + " bits need " + (1 << bits) + " at each depth, not "
                    + space.sizes());
        }
        return List.of();
    }

    @Override
    public NDArray codewords(NDArray state, int k, Weights w) {
        int width = (int) state.getShape().get(1);
        float[] words = new float[(1 << bits) * width];
        for (int i = 0; i < (1 << bits) * bits; i++) {
            int place = (k * bits + i % bits) % width;
            float step = 0.8f / (1 << k * bits / width);
            words[i / bits * width + place] = (i / bits >> i % bits & 1) == 1 ? step : -step;
        }
        return state.getManager().create(words, new Shape(1 << bits, width)); // [K,c]
    }
}
