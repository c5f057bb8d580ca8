package org.dnd4j.tck.toy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/** Tables of a sum, each refitted in turn to what all the others leave over (REFERENCE G.2, "joint refit"). */
public record JointlyFitted(int rounds) implements Decomposition {
    private static final PerDepthResidual RESIDUAL = new PerDepthResidual();

    @Override
    public List<Weight> weights(CodeSpace space) {
        return RESIDUAL.weights(space).stream().map(w -> w.learning(Weight.Learns.FITTED)).toList();
    }

    @Override
    public void fit(NDArray latents, CodeSpace space, Key key, Weights w) {
        for (int round = 0; round < rounds * space.depth(); round++) {
            int k = round % space.depth(); // the table to refit
            NDArray state = latents.zerosLike(); // [n,c]
            NDList codes = new NDList();
            for (int j = 0; j < space.depth(); j++) {
                codes.add(nearest(latents.sub(state), state, j, 1, w).codes().squeeze(1)); // [n]
                state = state.add(codeword(codes.get(j), state, j, w)); // [n,c]
            }
            NDArray rest = latents.sub(state).add(codeword(codes.get(k), state, k, w)); // [n,c]
            NDArray chosen = codes.get(k).oneHot(space.size(k)); // [n,K]
            NDArray table = chosen.transpose().matMul(rest); // [K,c]
            NDArray counts = chosen.sum(new int[] {0}).expandDims(1).broadcast(table.getShape()); // [K,c]
            w.set(table(k), NDArrays.where(counts.gt(0), table.div(counts.maximum(1)), w.get(table(k))));
        }
    }
}
