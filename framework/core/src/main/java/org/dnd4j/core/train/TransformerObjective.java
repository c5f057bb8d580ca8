package org.dnd4j.core.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dnd4j.core.model.CodeModel;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weights;

/**
 * Next-code prediction (REFERENCE B.4): the mean cross-entropy over pictures, positions and depths, with the class left
 * out now and then so that guidance has something to compare with.
 *
 * @param batches what to learn from
 * @param held pictures that are not trained on, for the class gap; null for none
 * @param batch pictures per part of a step
 * @param parts parts of a step ({@link Training#accumulate})
 * @param classDropout share of pictures whose class is left out
 * @param key names the draws
 */
public record TransformerObjective(
        CodeModel model,
        Weights weights,
        CodeBatches batches,
        CodeBatches held,
        int batch,
        int parts,
        double classDropout,
        Key key)
        implements Objective {
    private static final int BETWEEN_GAPS = 25;
    private static final int LARGEST_GAP_BATCH = 32;

    public TransformerObjective {
        if (!(classDropout >= 0 && classDropout < 1)) {
            throw new UserError("classDropout is " + classDropout + ": must be at least 0 and less than 1");
        }
        if (classDropout > 0 && !model.condition().withholds()) {
            throw new UserError("classDropout " + classDropout + " needs a row for no class in the class embedding");
        }
    }

    @Override
    public Loss loss(long step, int part, Scope scope) {
        long first = (step * parts + part) * batch;
        CodeBatches.Batch drawn = batches.drawn(first, batch);
        long[] labels = new long[batch];
        for (int i = 0; i < batch; i++) {
            boolean left = key.at("class").at(first + i).seed() * 0x1p-53 < classDropout;
            labels[i] = left ? model.nullLabel() : drawn.labels()[i];
        }
        NDArray codes = codes(drawn, scope); // [b,S,D]
        NDArray given = scope.manager().create(labels); // [b]
        NDList losses = model.losses(given, codes, true, key.at("step").at(step).at(part), weights);
        Map<String, NDArray> log = new LinkedHashMap<>();
        if (!model.predicts()) {
            return new Loss(losses.get(0), log);
        }
        for (int k = 0; k < model.depth(); k++) {
            log.put("loss." + k, losses.get(1 + k));
            log.put("accuracy." + k, losses.get(1 + model.depth() + k));
        }
        if (step % BETWEEN_GAPS == 0 && held != null && held.source().size() > 0 && model.classes() > 1) {
            log.put("classGap", gap(step, scope));
        }
        return new Loss(losses.get(0), log);
    }

    @Override
    public void examine(long step, int part, Scope scope) {
        CodeBatches.Batch drawn = batches.drawn((step * parts + part) * batch, batch);
        model.examine(scope.manager().create(right(drawn)), codes(drawn, scope), key, weights);
    }

    /**
     * How much worse the first depth of held-out pictures is predicted under wrong classes, in nats a code. Near zero
     * means that the class is ignored.
     */
    private NDArray gap(long step, Scope scope) {
        int count = Math.min(LARGEST_GAP_BATCH, held.source().size());
        CodeBatches.Batch drawn = held.drawn(step / BETWEEN_GAPS * count, count);
        NDArray codes = codes(drawn, scope); // [b,S,D]
        NDArray right = Likelihood.losses(model, right(drawn), codes, scope, weights).get(1); // []
        NDArray wrong = Likelihood.losses(model, wrong(drawn, 0, model.classes()), codes, scope, weights).get(1); // []
        return wrong.sub(right);
    }

    static long[] right(CodeBatches.Batch drawn) {
        return Arrays.stream(drawn.labels()).asLongStream().toArray();
    }

    /** Another class for each picture, all others in turn; the first of the pictures is number {@code first}. */
    static long[] wrong(CodeBatches.Batch drawn, int first, int classes) {
        long[] wrong = right(drawn);
        for (int i = 0; i < wrong.length; i++) {
            wrong[i] = (wrong[i] + 1 + (first + i) % (classes - 1)) % classes;
        }
        return wrong;
    }

    private NDArray codes(CodeBatches.Batch drawn, Scope scope) {
        return codes(model, drawn, scope);
    }

    static NDArray codes(CodeModel model, CodeBatches.Batch drawn, Scope scope) {
        Shape shape = new Shape(drawn.labels().length, model.positions(), model.depth());
        return scope.manager().create(drawn.codes(), shape);
    }
}
