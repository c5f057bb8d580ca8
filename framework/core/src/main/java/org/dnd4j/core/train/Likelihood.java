package org.dnd4j.core.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import java.util.List;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weights;

/**
 * How well a transformer predicts the codes of some pictures, each given its class.
 *
 * @param pictures how many there were
 * @param loss mean cross-entropy per depth, in nats a code
 * @param accuracy share of codes that were the most probable one, per depth
 * @param bitsPerImage what a picture's codes would take if the predictions drove an arithmetic coder, in bits
 */
public record Likelihood(int pictures, List<Double> loss, List<Double> accuracy, double bitsPerImage) {

    /**
     * Measures all pictures of a source, as first encoded.
     *
     * @param batch pictures at a time
     */
    public static Likelihood of(DndTransformer model, Weights weights, CodeBatches batches, int batch) {
        int depth = model.depth();
        int size = batches.source().size();
        double[] sums = new double[1 + 2 * depth];
        for (int first = 0; first < size; first += batch) {
            int count = Math.min(batch, size - first);
            try (Scope scope = weights.torch().scope()) {
                CodeBatches.Batch some = batches.inOrder(first, count);
                NDArray codes = TransformerObjective.codes(model, some, scope); // [b,S,D]
                NDArray labels = scope.manager().create(Arrays.stream(some.labels()).asLongStream().toArray()); // [b]
                NDList losses = model.loss(model.logits(labels, codes, false, Key.of(0), weights), codes, weights);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += count * (double) losses.get(i).toFloatArray()[0];
                }
            }
        }
        List<Double> means = Arrays.stream(sums).map(s -> s / size).boxed().toList();
        return new Likelihood(
                size,
                means.subList(1, 1 + depth),
                means.subList(1 + depth, 1 + 2 * depth),
                means.get(0) * model.positions() * depth / Math.log(2));
    }
}
