package org.dnd4j.tck.toy;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Nearest;
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

    private static NDArray stretch(NDArray state, int k, Weights w) {
        return state.mul(w.get("gain." + k)).tanh().add(1); // [n,c]
    }

    @Override
    public Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
        NDArray words = stretch(state, k, w).expandDims(1).mul(w.get(table(k)).expandDims(0)); // [n,K,c]
        NDArray distance = words.sub(target.expandDims(1)).square().sum(new int[] {2}); // [n,K]
        NDArray codes = distance.argSort(1).get(":,:" + a); // [n,a]
        NDArray index = codes.expandDims(2).repeat(2, words.getShape().get(2)); // [n,a,c]
        return new Nearest(codes, words.gather(index, 1));
    }

    @Override
    public NDArray codeword(NDArray codes, NDArray state, int k, Weights w) {
        return stretch(state, k, w).mul(Decomposition.super.codeword(codes, state, k, w)); // [n,c]
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
