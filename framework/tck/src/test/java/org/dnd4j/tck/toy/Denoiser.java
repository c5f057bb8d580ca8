package org.dnd4j.tck.toy;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/** From a shared start, each code corrects what a two-layer denoiser, trained by gradient, makes of the state. */
public record Denoiser(int hidden) implements Decomposition {
    private static final Program TWO_LAYERS = Program.text("denoiser.py", """
            def f(self, s: Tensor, w: Weights, bias: Tensor) -> Tensor:
              return torch.add(s, self.linear(torch.tanh(torch.add(self.linear(s, w, 0), bias)), w, 1))
            """);

    @Override
    public List<Weight> weights(CodeSpace space) {
        List<Weight> weights = new ArrayList<>(new PerDepthResidual().weights(space));
        weights.add(Weight.of("start", space.width()).normal(0.5).learning(Weight.Learns.FIXED));
        weights.add(Weight.matrix("in", hidden, space.width()).normal(0.3));
        weights.add(Weight.matrix("out", space.width(), hidden).normal(0.01));
        weights.add(Weight.of("bias", space.depth() + 1, hidden));
        return weights;
    }

    @Override
    public NDArray begin(NDArray like, Weights w) {
        return w.get("start").expandDims(0).repeat(0, like.getShape().get(0)); // [n,c]
    }

    @Override
    public NDArray decode(NDArray state, int k, Weights w) {
        return w.run(TWO_LAYERS, "f", state, w.group("in", "out"), w.get("bias").get(k + 1)); // [n,c]
    }
}
