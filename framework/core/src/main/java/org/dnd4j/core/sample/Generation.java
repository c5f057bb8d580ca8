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
        try (Scope whole = weights.torch().scope()) {
            Drawing drawing = begin(labels, keys);
            for (int p = 0; p < model.positions(); p++) {
                drawing.position(p);
                onPosition.accept(p + 1);
            }
            Shape grid = new Shape(labels.length, model.rows(), model.columns(), model.depth());
            return whole.keep(drawing.codes().reshape(grid));
        }
    }

    /**
     * Pictures that are being drawn; the arrays belong to the scope that they were begun in.
     *
     * @param classes int64 {@code [rows]}, a label a row
     * @param state what the backbone keeps
     */
    public record Drawing(DndTransformer model, NDArray classes, Sampler sampler, NDList state, Key key, Weights weights) {
        /** Draws all codes of one position; those before it were drawn. */
        public void position(int p) {
            try (Scope step = weights.torch().scope()) {
                int rows = (int) classes.size();
                NDArray h = p == 0
                        ? model.condition(classes, weights)
                        : model.token(codes(), p - 1, rows, weights); // [rows,1,d]
                model.walk(h, new Pass(p, true, null, state, false, key, weights), sampler);
            }
        }

        /** int64 {@code [n,S,D]}, 0 where nothing is drawn yet. */
        public NDArray codes() {
            return sampler.codes();
        }
    }

    /** Makes ready to draw one picture per label, position by position from 0. */
    public Drawing begin(int[] labels, List<Key> keys) {
        if (labels.length == 0 || keys.size() != labels.length) {
            throw new IllegalArgumentException(labels.length + " labels and " + keys.size() + " keys");
        }
        int rows = sampling.guided() ? 2 * labels.length : labels.length;
        NDArray classes = weights.torch().manager().create(rows(labels, rows)); // [rows]
        Sampler sampler = Sampler.of(sampling, keys, model.positions(), model.depth(), weights);
        return new Drawing(model, classes, sampler, model.prepare(rows, weights), keys.get(0), weights);
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
