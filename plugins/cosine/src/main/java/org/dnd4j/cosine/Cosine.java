package org.dnd4j.cosine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * One code for the direction of a vector, as LlamaGen's tokenizers have it (REFERENCE D.2): it names the table row whose
 * direction is nearest, and stands for a vector of length 1. Latents should have length 1 too, as those of {@code rqvae}
 * with {@code unit} have; of others the length is lost. The table learns by gradient.
 *
 * <p>LlamaGen's entropy term moves its encoder as well. Here latents come without gradient, so it moves the table alone.
 *
 * @param entropy weight of the term that makes choices sure and their average even: the mean over vectors of H(p), less H of
 *     the mean of p, p = softmax(−‖z − e‖² / 0.01); 0
 */
@Plugin("cosine")
public record Cosine(Double entropy) implements Decomposition {
    private static final Program PROGRAM = Program.of(Cosine.class, "cosine.py");

    public Cosine {
        entropy = entropy == null ? Double.valueOf(0) : entropy;
        if (!(entropy >= 0 && entropy < Double.POSITIVE_INFINITY)) {
            throw new UserError("entropy " + entropy + ": must be at least 0");
        }
    }

    /**
     * The table {@code codebooks.0.weight [K,c]}, whose rows may have any length.
     *
     * @throws UserError if there is more than one depth: what one direction leaves over is shorter than the next, so
     *     further codes would lead away
     */
    @Override
    public List<Weight> weights(CodeSpace space) {
        if (space.depth() != 1) {
            throw new UserError("cosine: depth " + space.depth() + ": a direction is one code: set depth to 1, or choose"
                    + " residual for more");
        }
        return List.of(Weight.of(table(0), space.size(0), space.width()).uniform(1.0 / space.size(0)));
    }

    @Override
    public NDArray codewords(NDArray state, int k, Weights w) {
        return w.run(PROGRAM, "unit", w.get(table(k))); // [K,c]
    }

    @Override
    public NDArray loss(NDArray z, NDList decoded, Weights w) {
        NDArray error = Decomposition.super.loss(z, decoded, w); // []
        return entropy == 0 ? error : error.add(w.run(PROGRAM, "entropy", z, codewords(z, 0, w), entropy)); // []
    }
}
