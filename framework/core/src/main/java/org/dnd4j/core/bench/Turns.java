package org.dnd4j.core.bench;

import java.util.Arrays;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;

/** Work done again and again, and how long it took. */
final class Turns {
    private Turns() {}

    /** Work of which each turn has a number, from 0. */
    @FunctionalInterface
    interface Work {
        void turn(int number);
    }

    /** Milliseconds of each of {@code repeats} turns, after one that does not count; tells {@code progress} of each. */
    static double[] of(int repeats, Progress progress, Work work) {
        double[] ms = new double[repeats];
        for (int r = -1; r < repeats; r++) {
            if (progress.stopped()) {
                throw new Stopped("nothing was kept");
            }
            long start = System.nanoTime();
            work.turn(r + 1);
            if (r >= 0) {
                ms[r] = since(start);
                progress.at(r + 1, "");
            }
        }
        return ms;
    }

    /** Milliseconds. */
    static double since(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}
