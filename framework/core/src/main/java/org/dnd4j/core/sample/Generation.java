package org.dnd4j.core.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.spi.Pass;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weights;

/**
 * Draws pictures position by position, each walk reading the ones before it from a cache (REFERENCE B.5). A prefix of the
 * depths of the result is an early, coarser version of the same pictures.
 */
public record Generation(DndTransformer model, Sampling sampling, Weights weights) {
    /** The label of a picture of no class. */
    public static final int NO_CLASS = -1;

    public Generation {
        sampling.fitting(model.depth());
        if (sampling.guided() && !model.nullClass()) {
            throw new UserError("guidance " + sampling.guidance()
                    + " needs a model that was trained with classes left out now and then; this one was not: use 1");
        }
    }

    /** The keys of the pictures {@code first}, {@code first} + 1, … of a seed. */
    public static List<Key> keys(long seed, long first, int count) {
        return LongStream.range(first, first + count).mapToObj(Key.of(seed).at("sample")::at).toList();
    }

    /**
     * Draws one picture per label.
     *
     * @param labels classes from 0, or {@link #NO_CLASS}
     * @param keys one per picture; equal keys and labels give equal pictures, whatever else is in the batch
     * @param onPosition told how many positions are done; may throw to stop
     * @return int64 {@code [b,h,w,D]}, owned by the present scope
     */
    public NDArray codes(int[] labels, List<Key> keys, IntConsumer onPosition) {
        if (labels.length == 0 || keys.size() != labels.length) {
            throw new IllegalArgumentException(labels.length + " labels and " + keys.size() + " keys");
        }
        int n = labels.length;
        int batch = sampling.guided() ? 2 * n : n;
        try (Scope whole = weights.torch().scope()) {
            NDArray classes = whole.manager().create(rows(labels, batch)); // [batch]
            Sampler sampler = Sampler.of(sampling, keys, model.positions(), model.depth(), weights);
            NDList state = model.prepare(batch, weights);
            for (int p = 0; p < model.positions(); p++) {
                try (Scope step = weights.torch().scope()) {
                    NDArray h = p == 0
                            ? model.condition(classes, weights)
                            : model.token(sampler.codes(), p - 1, batch, weights); // [batch,1,d]
                    model.walk(h, new Pass(p, true, null, state, false, keys.get(0), weights), sampler);
                }
                onPosition.accept(p + 1);
            }
            return whole.keep(sampler.codes().reshape(new Shape(n, model.rows(), model.columns(), model.depth())));
        }
    }

    /** The label of each row: those asked for, then "no class" for the unguided half. */
    private long[] rows(int[] labels, int batch) {
        long[] rows = new long[batch];
        java.util.Arrays.fill(rows, model.nullLabel());
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= model.classes() || labels[i] < (model.nullClass() ? NO_CLASS : 0)) {
                throw new UserError("class " + labels[i] + " is not among the " + model.classes() + " classes, 0 to "
                        + (model.classes() - 1) + (model.nullClass() ? ", or " + NO_CLASS + " for none" : ""));
            }
            if (labels[i] != NO_CLASS) {
                rows[i] = labels[i];
            }
        }
        return rows;
    }
}
