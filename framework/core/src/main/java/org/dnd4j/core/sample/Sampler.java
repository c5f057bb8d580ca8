package org.dnd4j.core.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.dnd4j.core.model.CodeSource;
import org.dnd4j.core.model.Head;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Step;
import org.dnd4j.torch.Weights;

/**
 * Draws codes (REFERENCE B.5): guidance, temperature, top-k, top-p, softmax, then inversion of the sums with one uniform
 * number per picture, position and depth, so that a picture does not depend on the batch it is drawn in.
 *
 * @param codes int64 {@code [n,S,D]}, where what is drawn is also written
 * @param uniforms float64 {@code [S,D,n]} in [0,1)
 */
public record Sampler(Sampling sampling, NDArray codes, NDArray uniforms, Weights weights) implements CodeSource {
    private static final double LEAST_TEMPERATURE = 1e-5;

    /**
     * A sampler for n pictures; its arrays belong to the present scope.
     *
     * @param keys one per picture
     */
    public static Sampler of(Sampling sampling, List<Key> keys, int positions, int depth, Weights weights) {
        int n = keys.size();
        double[] uniforms = new double[positions * depth * n];
        for (int p = 0; p < positions; p++) {
            for (int k = 0; k < depth; k++) {
                for (int i = 0; i < n; i++) {
                    uniforms[(p * depth + k) * n + i] = uniform(keys.get(i).at(p).at(k));
                }
            }
        }
        NDArray codes = weights.torch().manager().zeros(new Shape(n, positions, depth), ai.djl.ndarray.types.DataType.INT64);
        NDArray drawn = weights.torch().manager().create(uniforms, new Shape(positions, depth, n));
        return new Sampler(sampling.fitting(depth), codes, drawn, weights);
    }

    /** 52 bits: times a sum of probabilities it stays below that sum. */
    private static double uniform(Key key) {
        return (key.value() >>> 12) * 0x1p-52;
    }

    /** Draws for the last token of the walk; with guidance the second half of the rows is the first without its class. */
    @Override
    public NDArray choose(NDArray logits, int depth, int position) {
        return weights.run(Head.PROGRAM, "pick", drawing(depth, position, logits)); // [n or 2n,1]
    }

    @Override
    public Step step(Head head) {
        return Step.of(Head.PROGRAM, "draw", drawing(head.depth(), head.position(), head.rows(), head.tokens(), head.silent(),
                head.output(), head.table(), head.feedsBack())); // [b,t,d]
    }

    /** The arguments of a method, of which the later ones say how codes are drawn. */
    private Object[] drawing(int depth, int position, Object... first) {
        Object[] how = {
            codes,
            uniforms,
            position,
            depth,
            sampling.guidance(position),
            temperature(sampling, depth),
            Sampling.at(sampling.topK(), depth),
            Sampling.at(sampling.topP(), depth),
            sampling.nucleus() == Sampling.Nucleus.REACHING,
            sampling.greedy()
        };
        Object[] all = Arrays.copyOf(first, first.length + how.length);
        System.arraycopy(how, 0, all, first.length, how.length);
        return all;
    }

    /**
     * The probabilities that codes of one depth are drawn with.
     *
     * @param logits {@code [n,K]}, guidance applied
     * @return {@code [n,K]}
     */
    public static NDArray distribution(Sampling sampling, NDArray logits, int depth, Weights w) {
        return w.run(Head.PROGRAM, "distribution", logits, temperature(sampling, depth), Sampling.at(sampling.topK(), depth),
                Sampling.at(sampling.topP(), depth), sampling.nucleus() == Sampling.Nucleus.REACHING);
    }

    private static double temperature(Sampling sampling, int depth) {
        return Math.max(Sampling.at(sampling.temperature(), depth), LEAST_TEMPERATURE);
    }
}
