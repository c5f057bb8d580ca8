package org.dnd4j.tck.toy;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/** Codewords stretched by what is already known: e′ = e ⊙ (1 + tanh(s ⊙ g)), tables and g trained by gradient. */
public record History() implements Decomposition {
    @Override
    public List<Weight> weights(CodeSpace space) {
        return IntStream.range(0, space.depth())
                .boxed()
                .flatMap(k -> Stream.of(
                        Weight.of(table(k), space.size(k), space.width()).normal(Math.pow(0.7, k)),
                        Weight.of("gain." + k, space.width()).constant(k == 0 ? 0 : 0.1)
                                .learning(k == 0 ? Weight.Learns.FIXED : Weight.Learns.GRADIENT)))
                .toList();
    }

    @Override
    public NDArray codewords(NDArray state, int k, Weights w) {
        NDArray stretch = state.mul(w.get("gain." + k)).tanh().add(1); // [n,c]
        return stretch.expandDims(1).mul(w.get(table(k))); // [n,K,c]
    }
}
