package org.dnd4j.core.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.dnd4j.core.model.CodeModel;
import org.dnd4j.core.model.Competitor;
import org.dnd4j.core.model.Condition;
import org.dnd4j.core.model.Decoding;
import org.dnd4j.core.model.Given;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weights;

/**
 * Draws pictures position by position, each reading the ones before it from a cache (REFERENCE B.5). A prefix of the
 * depths of the result is an early, coarser version of the same pictures.
 */
public record Generation(CodeModel model, Sampling sampling, Weights weights) {
    /** The label of a picture of no class. */
    public static final int NO_CLASS = -1;

    public Generation {
        sampling.fitting(model.depth());
        if (!model.predicts()) {
            sampling.plain();
        }
        if (sampling.guided() && !model.condition().withholds()) {
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
            return whole.keep(codes(given(labels), keys, onPosition));
        }
    }

    /** The same for whatever the model's pictures are asked for by, a row a picture. */
    public NDArray codes(Given given, List<Key> keys, IntConsumer onPosition) {
        Shape grid = new Shape(given.size(), model.rows(), model.columns(), model.depth());
        try (Scope whole = weights.torch().scope()) {
            if (model instanceof Competitor generator && !generator.predicts()) {
                NDArray labels = ((Given.Labels) given).labels(); // [n]
                int all = model.positions();
                return whole.keep(generator.whole(
                                labels, keys, weights, done -> onPosition.accept(Math.max(1, all * done / keys.size())))
                        .reshape(grid));
            }
            Drawing drawing = begin(given, keys);
            for (int p = 0; p < model.positions(); p++) {
                drawing.position(p);
                onPosition.accept(p + 1);
            }
            return whole.keep(drawing.codes().reshape(grid));
        }
    }

    /** Pictures that are being drawn; the arrays belong to the scope that they were begun in. */
    public record Drawing(Decoding decoding, Sampler sampler) {
        /** Draws all codes of one position; those before it were drawn. */
        public void position(int p) {
            try (Scope step = decoding.weights().torch().scope()) {
                decoding.position(p, sampler);
            }
        }

        /** int64 {@code [n,S,D]}, 0 where nothing is drawn yet. */
        public NDArray codes() {
            return sampler.codes();
        }
    }

    /** Makes ready to draw one picture per row of {@code given}, position by position from 0. */
    public Drawing begin(Given given, List<Key> keys) {
        if (given.size() == 0 || keys.size() != given.size()) {
            throw new IllegalArgumentException(given.size() + " pictures and " + keys.size() + " keys");
        }
        Sampler sampler = Sampler.of(sampling, keys, model.positions(), model.depth(), weights);
        return new Drawing(
                Decoding.begin(model, given, sampling.guided(), sampler.codes(), keys.get(0), weights), sampler);
    }

    /**
     * Classes on the device.
     *
     * @param labels classes from 0, or {@link #NO_CLASS}
     * @throws UserError if the model knows no classes, or not one of these
     */
    public Given given(int[] labels) {
        if (!(model.condition() instanceof Condition.Classes known)) {
            throw new UserError("this model draws pictures of captions, not of classes");
        }
        long[] rows = new long[labels.length];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= known.count() || labels[i] < (known.nullClass() ? NO_CLASS : 0)) {
                throw new UserError("class " + labels[i] + " is not among the " + known.count() + " classes, 0 to "
                        + (known.count() - 1) + (known.nullClass() ? ", or " + NO_CLASS + " for none" : ""));
            }
            rows[i] = labels[i] == NO_CLASS ? model.nullLabel() : labels[i];
        }
        return new Given.Labels(weights.torch().manager().create(rows)); // [b]
    }
}
