package org.dnd4j.tck.toy;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/** Each code says what those before it left over, in a table of its own. */
public record PerDepthResidual() implements Decomposition {
    @Override
    public List<Weight> weights(CodeSpace space) {
        return IntStream.range(0, space.depth())
                .mapToObj(k -> Weight.of(table(k), space.size(k), space.width()).normal(1).learning(Weight.Learns.EMA))
                .toList();
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
