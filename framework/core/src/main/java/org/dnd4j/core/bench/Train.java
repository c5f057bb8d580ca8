package org.dnd4j.core.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.train.CodeBatches;
import org.dnd4j.core.train.Optimizer;
import org.dnd4j.core.train.Trainer;
import org.dnd4j.core.train.Training;
import org.dnd4j.core.train.TransformerObjective;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/** Steps of a transformer's training, on random codes: forward, backward, clipping, AdamW and the moving average. */
record Train(Preset preset, int depth, int batch, ExperimentReader plugins, Torch torch) {
    private static final double CLASS_DROPOUT = 0.1;

    /** A picture's codes follow from its number. */
    private record Random(Preset preset, int depth, int size) implements CodeBatches.Source {
        @Override
        public int variants() {
            return 1;
        }

        @Override
        public int label(int i) {
            return i % Preset.CLASSES;
        }

        @Override
        public void codes(int i, int variant, long[] into, int at) {
            Key picture = Key.of(0).at("codes").at(i);
            for (int n = 0; n < preset.positions() * depth; n++) {
                into[at + n] = Math.floorMod(picture.at(n).seed(), (long) preset.codes());
            }
        }
    }

    /** A row for each precision; those after the first also say how many times as fast as the first they are. */
    List<Row> rows(Bench.Order order, Machine machine, Progress progress) {
        List<Row> rows = new ArrayList<>();
        for (Precision precision : order.precisions()) {
            progress.stage("train " + preset.name() + " in " + precision.label(), order.repeats(), "step");
            rows.add(row(precision, rows.isEmpty() ? null : rows.get(0), order.repeats(), machine, progress));
        }
        return rows;
    }

    static void trainable(String work, Precision precision) {
        if (precision.ordinal() > Precision.BFLOAT16.ordinal()) {
            throw new UserError(work + " in " + precision.label() + ": only float32 and bfloat16 can be trained in");
        }
    }

    private Row row(Precision precision, Row first, int repeats, Machine machine, Progress progress) {
        DndTransformer model = preset.model(plugins, depth);
        Weights w = Weights.start(torch, model.weights(), precision, true, Key.of(0));
        Training training = training(batch, precision);
        try (Scope scope = torch.scope();
                Optimizer optimizer = new Optimizer(w, training, scope.manager())) {
            CodeBatches batches = new CodeBatches(
                    new Random(preset, depth, batch * (repeats + 1)), preset.positions() * depth, Key.of(0));
            TransformerObjective objective =
                    new TransformerObjective(model, w, batches, null, batch, 1, CLASS_DROPOUT, Key.of(0));
            Trainer trainer = new Trainer(w, objective, training, null, null, Map.of());
            long before = torch.calls();
            double ms = Turns.median(Turns.of(repeats, progress, n -> trainer.step(n, optimizer)));
            double calls = (double) (torch.calls() - before) / (repeats + 1);
            long tokens = (long) batch * model.length();
            double operations = Floor.training(model.weights(), tokens);
            return new Row("train", preset.name(), precision.label(), batch, ms,
                    machine.computing(operations, ms, w.precision()), Row.more(
                            "heads", depth,
                            "tokens", tokens,
                            "gflops", operations / (ms * 1e6),
                            "tokens_per_second", tokens * 1e3 / ms,
                            "calls", calls,
                            "times_" + (first == null ? precision.label() : first.precision()),
                            first == null ? 1.0 : first.ms() / ms));
        } finally {
            w.close();
        }
    }

    /** All that a step can have. */
    static Training training(int batch, Precision precision) {
        return new Training(
                1 << 20, batch, 1, 1e-4, null, null, null, null, null, null, null, 1.0, 0.9999, precision.label());
    }
}
