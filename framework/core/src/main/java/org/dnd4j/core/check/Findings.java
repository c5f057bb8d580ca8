package org.dnd4j.core.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.torch.Precision;

/**
 * What comparing one case's arrays has shown. In float32 a fraction may deviate by its recorded tolerance, and codes are
 * equal. In other precisions a fraction may deviate by a share of the recorded array's largest magnitude, and a share of
 * the codes may differ: see {@link #share} and {@link #disagreement}.
 */
final class Findings {
    private final Case checked;
    private final Precision precision;
    private final List<String> codes = new ArrayList<>();
    private double ratio = -1;
    private double worst;
    private double tolerance;
    private String where = "";

    Findings(Case checked, Precision precision) {
        this.checked = checked;
        this.precision = precision;
    }

    /** How far fractions may be off, relative to the largest of their array. */
    static double share(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> 0;
            case BFLOAT16 -> 0.05;
            case INT8 -> 0.1;
            case INT4 -> 0.75; // small random models, as recorded ones are, lose a tenth in each product
        };
    }

    /** Which share of the codes may differ. */
    static double disagreement(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> 0;
            case BFLOAT16 -> 0.1;
            case INT8 -> 0.2;
            case INT4 -> 0.8;
        };
    }

    /** The recorded fractions against what came out. */
    void fractions(String array, float[] found) {
        fractions(array, found, share(precision));
    }

    /** The recorded fractions, which no precision touches, against what came out: off by {@code share} of the largest. */
    void exact(String array, double[] found, double share) {
        double[] expected = checked.array(array).doubles();
        if (!sized(array, expected.length, found.length)) {
            return;
        }
        double allowed = share * Arrays.stream(expected).map(Math::abs).max().orElse(0);
        for (int i = 0; i < found.length; i++) {
            double deviation = Math.abs(found[i] - expected[i]);
            note(array, Double.isNaN(deviation) ? Double.POSITIVE_INFINITY : deviation, allowed);
        }
    }

    /** The same for gradients, which have gone through the network twice and may be off by twice as much. */
    void gradients(String array, float[] found) {
        fractions(array, found, 2 * share(precision));
    }

    private void fractions(String array, float[] found, double share) {
        Stored recorded = checked.array(array);
        double[] expected = recorded.doubles();
        if (!sized(array, expected.length, found.length)) {
            return;
        }
        Case.Tolerance given = checked.tolerance(array);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        for (int i = 0; i < found.length; i++) {
            double allowed = precision == Precision.FLOAT32
                    ? given.absolute() + given.relative() * Math.abs(expected[i])
                    : Math.max(given.absolute(), share * largest);
            double deviation = Math.abs(found[i] - expected[i]);
            note(array, Double.isNaN(deviation) && found[i] != expected[i] ? Double.POSITIVE_INFINITY : deviation, allowed);
        }
    }

    /** The recorded whole numbers against what came out: the share that differs. */
    void codes(String array, long[] found) {
        codes(array, checked.array(array).longs(), found);
    }

    /** The same with recorded numbers that were worked on first. */
    void codes(String array, long[] expected, long[] found) {
        if (!sized(array, expected.length, found.length)) {
            return;
        }
        long different = 0;
        for (int i = 0; i < found.length; i++) {
            different += expected[i] == found[i] ? 0 : 1;
        }
        double share = found.length == 0 ? 0 : (double) different / found.length;
        if (precision != Precision.FLOAT32 || different > 0) {
            codes.add(String.format(Locale.ROOT, "%s %.1f %% equal", array, 100 * (1 - share)));
        }
        note(array, share, disagreement(precision));
    }

    /** Something that is so or not, at every precision. */
    void holds(String what, boolean so) {
        if (!so) {
            codes.add("not so: " + what);
        }
        note(what, so ? 0 : Double.POSITIVE_INFINITY, 0);
    }

    private boolean sized(String array, int expected, int found) {
        if (expected != found) {
            codes.add(array + " has " + found + " elements, not " + expected);
            note(array, Double.POSITIVE_INFINITY, 0);
        }
        return expected == found;
    }

    private void note(String array, double deviation, double allowed) {
        double r = deviation == 0 ? 0 : deviation / allowed;
        if (r > ratio) {
            ratio = r;
            worst = deviation;
            tolerance = allowed;
            where = array;
        }
    }

    /** The case's row; a case that compared nothing has failed. */
    Check.Row row(String kind) {
        List<String> note = new ArrayList<>();
        note.add(where.isEmpty() ? "nothing was compared" : "worst: " + where);
        note.addAll(codes);
        return new Check.Row(
                checked.name(), kind, ratio >= 0 && ratio <= 1, worst, tolerance, String.join(", ", note));
    }
}
