package org.dnd4j.tck;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;

/**
 * A plain training of a decomposition on one set of latents: fitting first, then rounds in which gradients move what
 * learns by gradient and tables move to the means of the targets that chose their rows, as in k-means.
 */
final class Lesson {
    private static final Program ADAM = Program.of(Lesson.class, "adam.py");

    private Lesson() {}

    static void teach(Decomposition d, CodeSpace space, NDArray latents, int rounds, double rate, Weights w) {
        Torch torch = w.torch();
        if (w.declared().stream().anyMatch(weight -> weight.learns() == Learns.FITTED)) {
            try (Scope fitting = torch.scope()) {
                d.fit(latents, space, Key.of(1), w);
            }
        }
        NDList parameters = new NDList(List.copyOf(w.trainable().values()));
        NDList first = zeros(parameters);
        NDList second = zeros(parameters);
        for (int round = 0; round < rounds; round++) {
            try (Scope step = torch.scope()) {
                Fold fold;
                if (parameters.isEmpty()) {
                    fold = Fold.encode(d, space.depth(), latents, w);
                } else {
                    NDList gradients;
                    try (Torch.Tape tape = torch.record()) {
                        fold = Fold.encode(d, space.depth(), latents, w);
                        gradients = torch.gradients(d.loss(latents, fold.decoded(), w), parameters);
                    }
                    w.call(ADAM, "step", parameters, gradients, first, second, round, rate);
                }
                moveTables(d, space, fold, round, w);
            }
        }
        first.close();
        second.close();
    }

    private static NDList zeros(NDList like) {
        return new NDList(like.stream().map(NDArray::zerosLike).toList());
    }

    private static void moveTables(Decomposition d, CodeSpace space, Fold fold, int round, Weights w) {
        List<String> averaged = d.weights(space).stream()
                .filter(weight -> weight.learns() == Learns.EMA)
                .map(Weight::name)
                .toList();
        Map<String, Table> tables = new LinkedHashMap<>();
        for (int k = 0; k < space.depth(); k++) {
            String name = d.table(k);
            if (averaged.contains(name)) {
                long[] codes = fold.codes().get(":," + k).toLongArray();
                tables.computeIfAbsent(name, n -> new Table(w.values(n), space.width()))
                        .add(codes, fold.targets().get(k).stopGradient().toFloatArray());
            }
        }
        tables.forEach((name, table) -> {
            float[] moved = table.means(round);
            w.set(name, w.torch().manager().create(moved, new Shape(moved.length / space.width(), space.width())));
        });
    }

    /** Sums of targets by row; a row that nothing chose restarts at some target. */
    private static final class Table {
        final float[] rows;
        final int width;
        final double[] sums;
        final int[] counts;
        float[] targets;

        Table(float[] rows, int width) {
            this.rows = rows;
            this.width = width;
            this.sums = new double[rows.length];
            this.counts = new int[rows.length / width];
        }

        void add(long[] codes, float[] targets) {
            this.targets = targets;
            for (int i = 0; i < codes.length; i++) {
                int row = (int) codes[i];
                counts[row]++;
                for (int j = 0; j < width; j++) {
                    sums[row * width + j] += targets[i * width + j];
                }
            }
        }

        float[] means(int round) {
            for (int row = 0; row < counts.length; row++) {
                int other = (row * 7919 + round * 31) % (targets.length / width);
                for (int j = 0; j < width; j++) {
                    rows[row * width + j] = counts[row] > 0
                            ? (float) (sums[row * width + j] / counts[row])
                            : targets[other * width + j];
                }
            }
            return rows;
        }
    }
}
