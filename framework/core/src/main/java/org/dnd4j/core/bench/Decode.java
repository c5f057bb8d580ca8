package org.dnd4j.core.bench;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
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
 * Cached decoding of one picture with guidance, which is two rows: assembled from plugins, as {@link Generation} does it,
 * and by one fused program. The two take turns over the same few positions in the middle of the cache, so that whatever
 * else the machine does meets both.
 *
 * @param positions how many positions are drawn in a turn
 * @param repeats how many turns each has
 */
record Decode(ExperimentReader plugins, Torch torch, int positions, int repeats) {
    /** The picture with its class and without. */
    static final int ROWS = 2;

    private static final double GUIDANCE = 2;
    /** Positions drawn before the clock counts, as many as four pictures have: Java compiles only what has run often. */
    private static final int WARM = 1024;

    private static final int LABEL = 1;

    /**
     * What one took and the other.
     *
     * @param assembled milliseconds per position, the median over the turns
     * @param fused the same of the fused program
     * @param seam the median over the turns of what assembling costs, as a share of the fused program's time
     * @param bytes what the matrices hold, all of which is read once a position
     * @param equal share of the codes that are the same
     */
    record Times(double assembled, double fused, double seam, double bytes, double equal) {}

    /** The two, ready to draw the same picture with the same weights. */
    record Pair(Generation.Drawing assembled, Fused fused, Weights weights) {
        /** Random weights of the trained kind's size; the scales make logits far enough from even that codes vary. */
        static Pair of(Preset preset, ExperimentReader plugins, Torch torch, Precision precision, boolean greedy) {
            DndTransformer model = preset.model(plugins);
            List<Weight> declared = model.weights().stream()
                    .map(w -> w.name().startsWith("output.") ? w.normal(2 / Math.sqrt(preset.dim())) : w)
                    .toList();
            Weights weights = Weights.start(torch, declared, precision, false, Key.of(0));
            Sampling sampling = new Sampling(GUIDANCE, null, null, null, null, null, greedy);
            Generation generation = new Generation(model, sampling, weights);
            int[] labels = {LABEL};
            return new Pair(
                    generation.begin(generation.given(labels), Generation.keys(0, 0, 1)),
                    Fused.of(generation.begin(generation.given(labels), Generation.keys(0, 0, 1)), preset, GUIDANCE, greedy),
                    weights);
        }
    }

    /** Measures one preset at one precision; tells {@code progress} every turn. */
    Times measure(Preset preset, Precision precision, Progress progress) {
        if (positions < 1 || positions >= preset.positions()) {
            throw new UserError(positions + " positions: the cache of preset " + preset.name() + " holds "
                    + preset.positions() + ", of which 1 to " + (preset.positions() - 1) + " can be measured");
        }
        int first = (preset.positions() - positions + 1) / 2;
        try (Scope scope = torch.scope()) {
            Pair pair = Pair.of(preset, plugins, torch, precision, false);
            try {
                double[] assembled = new double[repeats];
                double[] fused = new double[repeats];
                for (int i = 0; i < WARM; i += positions) {
                    turn(first, pair.assembled()::position, pair.assembled().codes());
                    turn(first, pair.fused()::position, pair.fused().codes());
                }
                for (int r = 0; r < repeats; r++) {
                    if (progress.stopped()) {
                        throw new Stopped("nothing was kept");
                    }
                    for (int half = 0; half < 2; half++) {
                        if ((half + r) % 2 == 0) { // neither always goes first
                            assembled[r] = turn(first, pair.assembled()::position, pair.assembled().codes());
                        } else {
                            fused[r] = turn(first, pair.fused()::position, pair.fused().codes());
                        }
                    }
                    progress.at(r + 1, "");
                }
                double[] seams = new double[repeats];
                Arrays.setAll(seams, r -> assembled[r] / fused[r] - 1);
                return new Times(median(assembled), median(fused), median(seams), bytes(pair.weights()),
                        equal(pair.assembled().codes(), pair.fused().codes()));
            } finally {
                pair.weights().close();
            }
        }
    }

    /** Milliseconds per position. Reading the codes waits for a device that computes while we go on. */
    private double turn(int first, IntConsumer draw, NDArray codes) {
        long start = System.nanoTime();
        for (int p = first; p < first + positions; p++) {
            draw.accept(p);
        }
        codes.toLongArray();
        return (System.nanoTime() - start) / 1e6 / positions;
    }

    private static double bytes(Weights weights) {
        double each = switch (weights.precision()) {
            case FLOAT32 -> 4;
            case BFLOAT16 -> 2;
            case INT8 -> 1;
            case INT4 -> 0.5;
        };
        return each * weights.declared().stream().filter(Weight::matrix).mapToLong(Weight::size).sum();
    }

    private double equal(NDArray a, NDArray b) {
        long[] one = a.toLongArray();
        long[] other = b.toLongArray();
        long differing = 0;
        for (int i = 0; i < one.length; i++) {
            differing += one[i] == other[i] ? 0 : 1;
        }
        return 1 - (double) differing / (positions * Preset.DEPTH);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}
