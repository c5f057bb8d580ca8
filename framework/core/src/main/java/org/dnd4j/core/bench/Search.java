package org.dnd4j.core.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/** The search for the codes of vectors: greedy, and by beams that keep 4 and 16 prefixes. */
record Search(Preset preset, int depth, int vectors, ExperimentReader plugins, Torch torch) {
    private static final List<Integer> BEAMS = List.of(1, 4, 16);

    /** A row for each beam; {@code times_greedy} is how many times as long as the first it takes. */
    List<Row> rows(Bench.Order order, Machine machine, Progress progress) {
        int width = preset.network().width();
        CodeSpace space = CodeSpace.of(width, depth, preset.codes());
        Decomposition residual = plugins.plugin(Decomposition.class, "residual", Map.of());
        Weights w = Weights.start(torch, residual.weights(space), Precision.FLOAT32, false, Key.of(0));
        List<Row> rows = new ArrayList<>();
        try (Scope scope = torch.scope()) {
            NDArray z = scope.manager()
                    .arange(vectors * width)
                    .toType(DataType.FLOAT32, false)
                    .square()
                    .sin()
                    .reshape(new Shape(vectors, width)); // [n,c]
            for (int beam : BEAMS) {
                Quantizer quantizer = new Quantizer(residual, space, beam);
                progress.stage("beam " + beam, order.repeats(), "turn");
                double ms = Turns.median(Turns.of(order.repeats(), progress, n -> {
                    try (Scope step = torch.scope()) {
                        NDArray latents = z.duplicate();
                        latents.attach(step.manager());
                        quantizer.quantize(latents, w).codes().toLongArray();
                    }
                }));
                double operations = Floor.search(vectors, width, preset.codes(), depth, beam);
                rows.add(new Row("quantize", preset.name(), Precision.FLOAT32.label(), vectors, ms,
                        machine.computing(operations, ms, Precision.FLOAT32), Row.more(
                                "heads", depth,
                                "width", width,
                                "codes", preset.codes(),
                                "beam", beam,
                                "gflops", operations / (ms * 1e6),
                                "vectors_per_second", vectors * 1e3 / ms,
                                "times_greedy", rows.isEmpty() ? 1.0 : ms / rows.get(0).ms())));
            }
            return rows;
        } finally {
            w.close();
        }
    }
}
