package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.published.PublishedTokenizer;
import org.dnd4j.core.published.StateDict;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Weights;

/** The reference's tokenizer from its own configuration, and what both kinds of tokenizer cases ask of its quantizer. */
final class TokenizerModel {
    private TokenizerModel() {}

    /** The tokenizer that a {@code config.yaml} describes (REFERENCE A.1, A.2). */
    static Tokenizer of(Map<String, Object> yaml, Check.Machine machine) {
        PublishedTokenizer published = PublishedTokenizer.of(yaml, "config.yaml");
        Autoencoder autoencoder =
                machine.plugins().plugin(Autoencoder.class, "rqvae", published.settings("autoencoder", "rqvae"));
        Decomposition residual =
                machine.plugins().plugin(Decomposition.class, "residual", published.settings("decomposition", "residual"));
        return new Tokenizer(autoencoder, new Quantizer(residual, new CodeSpace(autoencoder.width(), published.sizes()), 1));
    }

    static Quantizer quantizer(int width, List<Integer> sizes, boolean shared, Check.Machine machine) {
        Decomposition residual = machine.plugins().plugin(Decomposition.class, "residual", Map.of("shared", shared));
        return new Quantizer(residual, new CodeSpace(width, sizes), 1);
    }

    /** StateDict weights; pixels, which published tokenizers do not standardise, keep mean 0 and deviation 1. */
    static Weights.Source source(StateDict published) {
        return weight -> switch (weight.name()) {
            case "pixels.mean" -> new float[3];
            case "pixels.deviation" -> new float[] {1, 1, 1};
            default -> published.source().apply(weight);
        };
    }

    /** Recorded fractions, of their own shape. */
    static NDArray floats(Stored stored, Check.Machine machine) {
        return machine.torch().manager().create(stored.floats(), new Shape(stored.shape()));
    }

    /** Rows of the last dimension. */
    static NDArray rows(NDArray grid) {
        return grid.reshape(-1, grid.getShape().get(grid.getShape().dimension() - 1)); // [n,c]
    }

    /**
     * The nearest code at every depth if the codes before it are the recorded ones, so that one different choice, in
     * other precisions than float32, does not make all later ones differ.
     *
     * @param z {@code [n,c]}
     * @param recorded int64 {@code [n,D]}
     * @return {@code [n,D]}, row-major
     */
    static long[] nearest(Quantizer quantizer, NDArray z, NDArray recorded, Weights w) {
        Decomposition d = quantizer.decomposition();
        NDList chosen = new NDList();
        NDArray state = d.begin(z, w); // [n,c]
        for (int k = 0; k < quantizer.space().depth(); k++) {
            chosen.add(d.nearest(d.target(z, state, k, w), state, k, 1, w).codes()); // [n,1]
            state = d.next(state, d.codeword(column(recorded, k), state, k, w), k, w); // [n,c]
        }
        return NDArrays.concat(chosen, 1).toLongArray();
    }

    /** D × {@code [n,c]}: the codewords of codes {@code [n,D]}. */
    static NDList codewords(Quantizer quantizer, NDArray codes, Weights w) {
        Decomposition d = quantizer.decomposition();
        NDList codewords = new NDList();
        NDArray state = d.begin(codes.getManager().zeros(new Shape(codes.getShape().get(0), quantizer.space().width())), w); // [n,c]
        for (int k = 0; k < quantizer.space().depth(); k++) {
            codewords.add(d.codeword(column(codes, k), state, k, w)); // [n,c]
            state = d.next(state, codewords.get(k), k, w); // [n,c]
        }
        return codewords;
    }

    /** {@code [n]}: code k of every row. */
    static NDArray column(NDArray codes, int k) {
        return codes.get(new NDIndex().addAllDim().addIndices(k)); // [n]
    }
}
