package org.dnd4j.core.compare;

import java.util.List;
import java.util.Locale;

/**
 * One number over several seeds.
 *
 * @param seeds how many there were
 * @param mean of all
 * @param spread their standard deviation, √(Σ(x − mean)² / (n − 1)); NaN of one alone, which says nothing about others
 */
record Mean(int seeds, double mean, double spread) {
    /** Less than this share of the mean is how the mean was rounded: the values are equal. */
    private static final double ROUNDING = 1e-12;

    static Mean of(List<Double> values) {
        int n = values.size();
        double mean = values.stream().mapToDouble(v -> v).sum() / n;
        double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        double spread = n > 1 ? Math.sqrt(squares / (n - 1)) : Double.NaN;
        return new Mean(n, mean, spread < ROUNDING * Math.abs(mean) ? 0 : spread);
    }

    /** Whether the ranges mean ± spread of both overlap, so that another seed might as well put them the other way round. */
    boolean overlaps(Mean other) {
        return Math.abs(mean - other.mean) <= spread + other.spread;
    }

    /** {@code 23.41 ± 0.12}, with as many digits as the spread is worth. */
    @Override
    public String toString() {
        if (Double.isNaN(mean)) {
            return "–";
        } else if (Double.isNaN(spread) || spread == 0) {
            return plain(mean) + (spread == 0 ? " ± 0" : "");
        }
        int decimals = (int) Math.max(0, Math.min(9, 1 - Math.floor(Math.log10(spread))));
        return String.format(Locale.ROOT, "%." + decimals + "f ± %." + decimals + "f", mean, spread);
    }

    private static String plain(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 10_000 ? "%.0f" : "%.4g", value);
    }
}
