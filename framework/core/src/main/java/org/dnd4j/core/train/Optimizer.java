package org.dnd4j.core.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * AdamW (Loshchilov, Hutter 2019) in groups — weights with at least two dimensions decay, others do not, and either kind
 * of a decomposition has a rate of its own — after clipping the gradient's norm, followed by the moving average of the
 * weights; one native call a step (REFERENCE C).
 */
public final class Optimizer implements AutoCloseable {
    private static final Program ADAMW = Program.of(Optimizer.class, "adamw.py");
    private static final double EPSILON = 1e-8;

    private final Weights weights;
    private final Training training;
    private final NDManager manager;
    private final List<String> names = new ArrayList<>();
    private final NDList parameters = new NDList();
    private final NDList firstMoments = new NDList();
    private final NDList secondMoments = new NDList();
    private final NDList averages = new NDList();
    private final long[] ends; // where the groups end: decaying, the same of a decomposition, plain, the same of one

    /**
     * Prepares moments of zero and, if there is to be one, an average that starts as a copy of the weights.
     *
     * @param manager owns the moments and the average
     */
    public Optimizer(Weights weights, Training training, NDManager manager) {
        this.weights = weights;
        this.training = training;
        this.manager = manager.newSubManager();
        Map<Weight, NDArray> grouped = new LinkedHashMap<>();
        long[] ends = new long[4];
        for (int group = 0; group < ends.length; group++) {
            int g = group;
            weights.trainable().entrySet().stream()
                    .filter(e -> group(e.getKey()) == g)
                    .forEach(e -> grouped.put(e.getKey(), e.getValue()));
            ends[group] = grouped.size();
        }
        this.ends = ends;
        grouped.forEach((weight, array) -> {
            names.add(weight.name());
            parameters.add(array);
            firstMoments.add(this.manager.zeros(array.getShape()));
            secondMoments.add(this.manager.zeros(array.getShape()));
            if (training.ema() > 0) {
                averages.add(this.manager.create(array.toFloatArray(), array.getShape()));
            }
        });
    }

    /** A decomposition's weights are told apart only where their rate differs. */
    private int group(Weight weight) {
        boolean own = training.decompositionRate() != 1 && Tokenizer.ofDecomposition(weight);
        return (weight.shape().size() >= 2 ? 0 : 2) + (own ? 1 : 0);
    }

    /** The arrays to differentiate by, in this optimiser's order. */
    public NDList parameters() {
        return parameters;
    }

    /**
     * Moves the weights, if there are any; leaves everything as it is if a gradient is not a finite number.
     *
     * @param gradients one per parameter, in the order of {@link #parameters}
     * @param step counted from 0
     * @return the gradient's norm before clipping
     */
    public float step(NDList gradients, long step) {
        if (parameters.isEmpty()) {
            return 0;
        }
        return weights.run(
                        ADAMW,
                        "step",
                        parameters,
                        gradients,
                        firstMoments,
                        secondMoments,
                        averages,
                        ends,
                        step,
                        training.rate(step),
                        training.decompositionRate(),
                        training.betas().get(0),
                        training.betas().get(1),
                        training.weightDecay(),
                        EPSILON,
                        training.clip(),
                        training.ema())
                .toFloatArray()[0];
    }

    /** What a checkpoint must hold besides the weights: {@code exp_avg.NAME}, {@code exp_avg_sq.NAME}, {@code ema.NAME}. */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            state.put("exp_avg." + names.get(i), firstMoments.get(i));
            state.put("exp_avg_sq." + names.get(i), secondMoments.get(i));
            if (!averages.isEmpty()) {
                state.put("ema." + names.get(i), averages.get(i));
            }
        }
        return state;
    }

    @Override
    public void close() {
        manager.close();
    }
}
