package org.dnd4j.core.bench;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * Cached decoding of a batch of pictures: assembled from plugins, as {@link Generation} does it, and by one fused program.
 * The two take turns over the same few positions in the middle of the cache, so that whatever else the machine does meets
 * both.
 *
 * @param batch how many pictures; with guidance each is two rows, with its class and without
 * @param positions how many positions are drawn in a turn
 * @param repeats how many turns each has
 */
record Decode(
        Preset preset, int depth, int batch, double guidance, ExperimentReader plugins, Torch torch, int positions,
        int repeats) {
    /**
     * Positions that a tiny model draws before the clock counts, as many as eight pictures have: Java compiles only what
     * has run often, and a large model would take minutes for that.
     */
    private static final int WARM = 2048;

    private static final int LABEL = 1;

    Decode {
        if (positions < 1 || positions >= preset.positions()) {
            throw new UserError(positions + " positions: the cache of preset " + preset.name() + " holds "
                    + preset.positions() + ", of which 1 to " + (preset.positions() - 1) + " can be measured");
        }
    }

    static Decode of(Bench.Order o, Preset preset, int depth, int batch, ExperimentReader plugins, Torch torch) {
        return new Decode(preset, depth, batch, o.guidance(), plugins, torch, o.positions(), o.repeats());
    }

    /**
     * What one took and the other.
     *
     * @param assembled milliseconds per position, the median over the turns
     * @param fused the same of the fused program
     * @param seam the median over the turns of what assembling costs, as a share of the fused program's time
     * @param equal share of the codes that are the same
     * @param computed what the products were computed in
     */
    record Times(double assembled, double fused, double seam, double equal, Precision computed) {}

    /** The two, ready to draw the same pictures with the same weights. */
    record Pair(Generation.Drawing assembled, Fused fused, Weights weights) implements AutoCloseable {
        @Override
        public void close() {
            weights.close();
        }
    }

    /** Random weights of the trained kind's size; the scales make logits far enough from even that codes vary. */
    Pair pair(Precision precision, boolean training, boolean greedy) {
        DndTransformer model = preset.model(plugins, depth);
        List<Weight> declared = model.weights().stream()
                .map(w -> w.name().startsWith("output.") ? w.normal(2 / Math.sqrt(preset.dim())) : w)
                .toList();
        Weights weights = Weights.start(torch, declared, precision, training, Key.of(0));
        Sampling sampling = new Sampling(guidance, null, null, null, null, null, greedy);
        Generation generation = new Generation(model, sampling, weights);
        int[] labels = new int[batch];
        Arrays.fill(labels, LABEL);
        return new Pair(
                generation.begin(generation.given(labels), Generation.keys(0, 0, batch)),
                Fused.of(generation.begin(generation.given(labels), Generation.keys(0, 0, batch)), preset, guidance, greedy),
                weights);
    }

    /** A row for each precision. */
    List<Row> rows(Bench.Order order, Machine machine, Progress progress) {
        List<Weight> declared = preset.model(plugins, depth).weights();
        double linear = order.linear() ? linear(progress) : Double.NaN;
        List<Row> rows = new ArrayList<>();
        warm(order.precisions().get(0)); // Java is the same for all of them
        for (Precision precision : order.precisions()) {
            progress.stage(preset.name() + " in " + precision.label(), repeats, "turn");
            Times t = measure(precision, progress);
            double bytes = Floor.bytes(declared, t.computed());
            Map<String, Object> more = Row.more(
                    "heads", depth,
                    "rows", guidance > 1 ? 2 * batch : batch,
                    "gbs", bytes / (t.assembled() * 1e6),
                    "pictures_per_second", batch * 1e3 / (t.assembled() * preset.positions()),
                    "fused_ms", t.fused(),
                    "seam", t.seam(),
                    "equal_codes", t.equal());
            if (order.linear()) {
                more.put("linear_ms", linear);
                more.put("times_linear", linear / t.fused());
            }
            rows.add(new Row("decode", preset.name(), precision.label(), batch, t.assembled(),
                    machine.reading(bytes, t.assembled()), more));
        }
        return rows;
    }

    /** Milliseconds per position of the fused program with plain {@code torch.linear} in float32, as training has it. */
    private double linear(Progress progress) {
        progress.stage(preset.name() + " by torch.linear", repeats, "turn");
        try (Scope scope = torch.scope();
                Pair pair = pair(Precision.FLOAT32, true, false)) {
            return Turns.median(Turns.of(repeats, progress, n -> turn(pair.fused()::position, pair.fused().codes())))
                    / positions;
        }
    }

    private void both(Pair pair) {
        turn(pair.assembled()::position, pair.assembled().codes());
        turn(pair.fused()::position, pair.fused().codes());
    }

    /** Has Java compile what runs at every position. */
    private void warm(Precision precision) {
        Preset tiny = new Preset("tiny", Math.max(2, depth), 64, 1, 256, preset.side());
        Decode small = new Decode(tiny, depth, 1, guidance, plugins, torch, positions, 1);
        try (Scope scope = torch.scope();
                Pair pair = small.pair(precision, false, false)) {
            for (int i = 0; i < WARM; i += positions) {
                small.both(pair);
            }
        }
    }

    /** Measures at one precision; tells {@code progress} every turn. */
    Times measure(Precision precision, Progress progress) {
        try (Scope scope = torch.scope();
                Pair pair = pair(precision, false, false)) {
            double[] assembled = new double[repeats];
            double[] fused = new double[repeats];
            both(pair); // the weights' pages, and the sizes that kernels are made for
            for (int r = 0; r < repeats; r++) {
                if (progress.stopped()) {
                    throw new Stopped("nothing was kept");
                }
                for (int half = 0; half < 2; half++) {
                    if ((half + r) % 2 == 0) { // neither always goes first
                        assembled[r] = turn(pair.assembled()::position, pair.assembled().codes()) / positions;
                    } else {
                        fused[r] = turn(pair.fused()::position, pair.fused().codes()) / positions;
                    }
                }
                progress.at(r + 1, "");
            }
            double[] seams = new double[repeats];
            Arrays.setAll(seams, r -> assembled[r] / fused[r] - 1);
            return new Times(Turns.median(assembled), Turns.median(fused), Turns.median(seams),
                    equal(pair.assembled().codes(), pair.fused().codes()), pair.weights().precision());
        }
    }

    /** Milliseconds of all positions. Reading the codes waits for a device that computes while we go on. */
    private double turn(IntConsumer draw, NDArray codes) {
        int first = (preset.positions() - positions + 1) / 2;
        long start = System.nanoTime();
        for (int p = first; p < first + positions; p++) {
            draw.accept(p);
        }
        codes.toLongArray();
        return Turns.since(start);
    }

    private double equal(NDArray a, NDArray b) {
        long[] one = a.toLongArray();
        long[] other = b.toLongArray();
        long differing = 0;
        for (int i = 0; i < one.length; i++) {
            differing += one[i] == other[i] ? 0 : 1;
        }
        return 1 - (double) differing / (batch * positions * depth);
    }
}
