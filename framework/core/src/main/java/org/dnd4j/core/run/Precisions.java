package org.dnd4j.core.run;

import ai.djl.ndarray.NDArray;
import com.google.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.model.CodeModel;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.core.train.Likelihood;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weights;

/** One transformer, its products in several precisions → what each of them costs against float32. */
final class Precisions {
    /** How many pictures are drawn to compare codes. */
    static final int PICTURES = 64;

    private final Models models;
    private final SampleStage sampling;
    private final Progress progress;

    @Inject
    Precisions(Models models, SampleStage sampling, Progress progress) {
        this.models = models;
        this.sampling = sampling;
        this.progress = progress;
    }

    /**
     * What one precision predicts.
     *
     * @param loss of held-out codes by depth
     * @param codes the most probable ones of {@value #PICTURES} pictures
     */
    private record Predicted(List<Double> loss, long[] codes) {}

    /**
     * Makes sure that the transformer can be loaded in each of them.
     *
     * @throws org.dnd4j.spi.UserError naming one that cannot be had on this device
     */
    void there(List<Precision> precisions) {
        precisions.forEach(sampling::drawable);
    }

    /**
     * Loads the transformer once for each precision but float32.
     *
     * @param full its weights in float32
     * @param loss of held-out codes by depth, with those
     * @param judge how well it predicts held-out codes with other weights
     * @return by precision, float32 first: {@code loss}, {@code change} of it against float32, {@code greedy}, the share of
     *     codes by depth that are float32's where {@value #PICTURES} pictures are drawn without chance, each going on from
     *     its own codes, and {@code words} as in a report, where pictures show words
     */
    Map<String, Object> compared(
            List<Precision> precisions, CodeModel model, Weights full, List<Double> loss, Function<Weights, Likelihood> judge) {
        Predicted exact = new Predicted(loss, greedy(model, full, Precision.FLOAT32));
        Map<String, Object> compared = new LinkedHashMap<>();
        compared.put(Precision.FLOAT32.label(), against(exact, model, full, exact));
        precisions.stream().filter(p -> p != Precision.FLOAT32).distinct().forEach(precision -> {
            Weights weights = models.transformerWeights(model, precision);
            try {
                Predicted own = new Predicted(judge.apply(weights).loss(), greedy(model, weights, precision));
                compared.put(precision.label(), against(exact, model, weights, own));
            } finally {
                weights.close();
            }
        });
        return compared;
    }

    private Map<String, Object> against(Predicted exact, CodeModel model, Weights weights, Predicted own) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("loss", own.loss());
        one.put("change", change(own.loss(), exact.loss()));
        one.put("greedy", agreement(own.codes(), exact.codes(), model.depth()));
        Double words = sampling.words(model, weights);
        if (words != null) {
            one.put("words", words);
        }
        return one;
    }

    /** The codes {@code [PICTURES,h,w,D]} of pictures of all classes in turn. */
    private long[] greedy(CodeModel model, Weights weights, Precision precision) {
        Generation generation = new Generation(model, Sampling.greedy(1), weights);
        int[] labels = IntStream.range(0, PICTURES).map(i -> i % model.classes()).toArray();
        progress.stage("most probable codes in " + precision.label(), model.positions(), "position");
        try (Scope scope = weights.torch().scope()) {
            NDArray codes = generation.codes(
                    labels, Generation.keys(0, 0, PICTURES), p -> EvaluateStage.at(p, progress)); // [PICTURES,h,w,D]
            return codes.toLongArray();
        }
    }

    private static List<Double> change(List<Double> loss, List<Double> before) {
        return IntStream.range(0, loss.size()).mapToObj(k -> loss.get(k) - before.get(k)).toList();
    }

    /** The share of equal codes, by depth. */
    static List<Double> agreement(long[] codes, long[] others, int depth) {
        return IntStream.range(0, depth)
                .mapToObj(k -> IntStream.range(0, codes.length / depth)
                        .filter(i -> codes[i * depth + k] == others[i * depth + k])
                        .count() / (double) (codes.length / depth))
                .toList();
    }
}
