package org.dnd4j.tck.toy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Nearest;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/** No tables: a code is the signs of {@code bits} numbers of what is left, depth after depth, in halving steps. */
public record Signs(int bits) implements Decomposition {
    @Override
    public List<Weight> weights(CodeSpace space) {
        if (space.sizes().stream().anyMatch(size -> size != 1 << bits)) {
            throw new UserError("signs: codes of " + bits + " bits need " + (1 << bits) + " at each depth, not " + space.sizes());
        }
        return List.of();
    }

    private NDArray words(NDManager manager, int width, int k) {
        float[] words = new float[(1 << bits) * width];
        for (int i = 0; i < (1 << bits) * bits; i++) {
            int place = (k * bits + i % bits) % width;
            float step = 0.8f / (1 << k * bits / width);
            words[i / bits * width + place] = (i / bits >> i % bits & 1) == 1 ? step : -step;
        }
        return manager.create(words, new Shape(1 << bits, width)); // [K,c]
    }

    @Override
    public Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
        return Nearest.inTable(target, words(target.getManager(), (int) target.getShape().get(1), k), a, w);
    }

    @Override
    public NDArray codeword(NDArray codes, NDArray state, int k, Weights w) {
        NDArray words = words(state.getManager(), (int) state.getShape().get(1), k); // [K,c]
        return words.get(codes.flatten()); // [n,c]
    }

    @Override
    public NDArray begin(NDArray like, Weights w) {
        return like.zerosLike(); // [n,c]
    }

    @Override
    public NDArray target(NDArray z, NDArray state, int k, Weights w) {
        return z.sub(state); // [n,c]
    }

    @Override
    public NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
        return state.add(codeword); // [n,c]
    }

    @Override
    public NDArray decode(NDArray state, int k, Weights w) {
        return state; // [n,c]
    }
}
