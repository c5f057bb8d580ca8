package org.dnd4j.core.run;

import ai.djl.ndarray.NDArray;
import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
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

    /** How well a model predicts held-out codes with these weights. */
    interface Judge {
        Likelihood of(CodeModel model, Weights weights);
    }

    /**
     * Loads the transformer once for each precision.
     *
     * @return by precision, float32 first: {@code loss} of held-out codes by depth, {@code change} of it against float32,
     *     {@code greedy}, the share of codes by depth that are float32's where {@value #PICTURES} pictures are drawn without
     *     chance, each going on from its own codes, and {@code words} as in a report, where pictures show words
     */
    Map<String, Object> compared(List<Precision> precisions, Judge judge) {
        List<Precision> all = new ArrayList<>(List.of(Precision.FLOAT32));
        precisions.stream().filter(p -> !all.contains(p)).forEach(all::add);
        all.forEach(sampling::drawable);
        CodeModel model = models.transformer(models.classes());
        Map<String, Object> compared = new LinkedHashMap<>();
        List<Double> loss = null;
        long[] codes = null;
        for (Precision precision : all) {
            Map<String, Object> one = new LinkedHashMap<>();
            Weights weights = models.transformerWeights(model, precision);
            try {
                List<Double> measured = judge.of(model, weights).loss();
                long[] drawn = greedy(model, weights, precision);
                loss = loss == null ? measured : loss;
                codes = codes == null ? drawn : codes;
                one.put("loss", measured);
                one.put("change", change(measured, loss));
                one.put("greedy", agreement(drawn, codes, model.depth()));
            } finally {
                weights.close();
            }
            Double words = sampling.words(precision);
            if (words != null) {
                one.put("words", words);
            }
            compared.put(precision.label(), one);
        }
        return compared;
    }

    /** The codes {@code [PICTURES,h,w,D]} of pictures of all classes in turn. */
    private long[] greedy(CodeModel model, Weights weights, Precision precision) {
        Generation generation = new Generation(model, Sampling.greedy(1), weights);
        int[] labels = IntStream.range(0, PICTURES).map(i -> i % model.classes()).toArray();
        progress.stage("most probable codes in " + precision.label(), model.positions(), "position");
        try (Scope scope = weights.torch().scope()) {
            NDArray codes = generation.codes(labels, Generation.keys(0, 0, PICTURES), p -> {
                progress.at(p, "");
                if (progress.stopped()) {
                    throw new Stopped("stopped while evaluating; the same command evaluates again");
                }
            });
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
