package org.dnd4j.core.check;

import java.util.Arrays;
import org.dnd4j.core.train.Training;

/**
 * Learning rates, step by step, of whole trainings (REFERENCE A.3, E). A case records no options, only how many steps an
 * epoch has and how many epochs there are; so the few numbers that a schedule has are read off the rates (the highest, the
 * first, where the highest is reached and left, the last), and all other rates must follow from them. Rates are small
 * against the tolerance of other fractions: here they may be off by a share of the highest that float32 rounds away.
 */
final class ScheduleCase implements Check.Kind {
    private static final double ROUNDED = 2e-7;

    @Override
    public String name() {
        return "schedule";
    }

    @Override
    public boolean fits(Case c) {
        double epoch = Case.number(c.manifest().get("steps_per_epoch"), 0);
        long steps = (long) (epoch * Case.number(c.manifest().get("epochs"), 0));
        return steps > 0
                && !c.arrays().isEmpty()
                && c.arrays().stream().allMatch(a -> Arrays.equals(c.array(a).shape(), new long[] {steps}));
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        for (String name : c.arrays()) {
            double[] recorded = c.array(name).doubles();
            Training training = training(recorded);
            double[] found = new double[recorded.length];
            for (int step = 0; step < found.length; step++) {
                found[step] = training.rate(step);
            }
            findings.exact(name, found, ROUNDED);
        }
    }

    /** The options that give these rates, if any do. */
    static Training training(double[] rates) {
        int steps = rates.length;
        double highest = Arrays.stream(rates).max().orElseThrow();
        int first = 0; // the first step that has the highest rate, and the last one
        while (rates[first] < highest) {
            first++;
        }
        int last = steps - 1;
        while (rates[last] < highest) {
            last--;
        }
        double rising = rising(rates, first);
        boolean falls = last < steps - 1;
        double left = 0.5 * (1 + Math.cos(Math.PI * (steps - 1 - last) / (steps - last))); // of the fall, at the last step
        double lowest = falls ? Math.max(0, (rates[steps - 1] - highest * left) / (1 - left)) : 0;
        return new Training(
                steps,
                null,
                null,
                highest,
                rising / steps,
                first > 0 ? rates[0] / highest : null,
                falls ? "cosine" : "constant",
                falls && last > first ? (last - rising) / steps : 0,
                lowest,
                null,
                null,
                null,
                null,
                null);
    }

    /** How many steps the rise takes: not always whole, and then longer than up to the step before it ends. */
    private static double rising(double[] rates, int first) {
        if (first < 2) {
            return first;
        }
        double slope = (rates[first - 1] - rates[0]) / (first - 1);
        double rising = (rates[first] - rates[0]) / slope;
        return Math.abs(rising - first) < 1e-3 ? first : rising;
    }
}
