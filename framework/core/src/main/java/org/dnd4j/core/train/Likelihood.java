package org.dnd4j.core.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import java.util.List;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.model.CodeModel;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weights;

/**
 * How well a model predicts the codes of some pictures, each given its class.
 *
 * @param pictures how many there were
 * @param loss mean cross-entropy per depth, in nats a code
 * @param accuracy share of codes that were the most probable one, per depth
 * @param bitsPerImage what a picture's codes would take if the predictions drove an arithmetic coder, in bits
 * @param classGap how much the first depth's loss rises if each picture is given another class, in nats a code; NaN if
 *     there is only one. Near zero means that the class is ignored
 */
public record Likelihood(
        int pictures, List<Double> loss, List<Double> accuracy, double bitsPerImage, double classGap) {

    /**
     * Measures all pictures of a source, as first encoded.
     *
     * @param batch pictures at a time
     * @throws Stopped if {@code progress} asks for an end
     */
    public static Likelihood of(
            CodeModel model, Weights weights, CodeBatches batches, int batch, Progress progress) {
        int depth = model.depth();
        int size = batches.source().size();
        double[] sums = new double[1 + 2 * depth];
        double mistaken = 0;
        progress.stage("likelihood", size, "picture");
        for (int first = 0; first < size; first += batch) {
            int count = Math.min(batch, size - first);
            try (Scope scope = weights.torch().scope()) {
                CodeBatches.Batch some = batches.inOrder(first, count);
                NDArray codes = TransformerObjective.codes(model, some, scope); // [b,S,D]
                NDList losses = losses(model, TransformerObjective.right(some), codes, scope, weights);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += count * number(losses, i);
                }
                if (model.classes() > 1) {
                    long[] wrong = TransformerObjective.wrong(some, first, model.classes());
                    mistaken += count * number(losses(model, wrong, codes, scope, weights), 1);
                }
            }
            progress.at(first + count, "");
            if (progress.stopped()) {
                throw new Stopped("stopped while evaluating; the same command evaluates again");
            }
        }
        List<Double> means = Arrays.stream(sums).map(s -> s / size).boxed().toList();
        return new Likelihood(
                size,
                means.subList(1, 1 + depth),
                means.subList(1 + depth, 1 + 2 * depth),
                means.get(0) * model.positions() * depth / Math.log(2),
                model.classes() > 1 ? mistaken / size - means.get(1) : Double.NaN);
    }

    /** What {@link CodeModel#losses} says of codes if they are of these classes, without training. */
    static NDList losses(CodeModel model, long[] classes, NDArray codes, Scope scope, Weights weights) {
        return model.losses(scope.manager().create(classes), codes, false, Key.of(0), weights);
    }

    private static double number(NDList scalars, int i) {
        return scalars.get(i).toFloatArray()[0];
    }
}
