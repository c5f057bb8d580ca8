package org.dnd4j.core.compare;

import java.util.List;
import java.util.Map;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;

/**
 * A number of a run's report, and what can be made of it.
 *
 * @param name as the report calls it, a dot for a map's inside; a list has one value per depth
 * @param better which of two values is the better one
 * @param ofCodes whether it says something of codes, and so can be compared only where depth, codes and grid agree
 * @param log whether it is drawn on a logarithmic axis
 * @param unit of an axis
 */
record Metric(String name, Better better, boolean ofCodes, boolean log, String unit) {
    enum Better {
        HIGHER("↑"),
        LOWER("↓"),
        NEITHER("");

        final String arrow;

        Better(String arrow) {
            this.arrow = arrow;
        }
    }

    private static final List<Metric> ALL = List.of(
            new Metric("reconstruction.psnr", Better.HIGHER, false, false, "dB"),
            new Metric("reconstruction.l2", Better.LOWER, false, true, "squared error"),
            new Metric("reconstruction.latents", Better.LOWER, false, true, "share of the latents' squares"),
            new Metric("usage", Better.HIGHER, false, false, "share of codes"),
            new Metric("perplexity", Better.HIGHER, false, false, "codes in effect"),
            new Metric("norm", Better.NEITHER, false, false, "mean length"),
            new Metric("compression", Better.NEITHER, false, false, "bits over bits"),
            new Metric("loss", Better.LOWER, true, false, "nats a code"),
            new Metric("accuracy", Better.HIGHER, true, false, "share of codes"),
            new Metric("bits_per_image", Better.LOWER, true, false, "bits"),
            new Metric("bits_by_depth", Better.LOWER, true, false, "bits"),
            new Metric("class_gap", Better.NEITHER, false, false, "nats a code"),
            new Metric("words", Better.HIGHER, false, false, "share of samples"),
            new Metric("spread.sampled", Better.NEITHER, false, false, "variance of a pixel"),
            new Metric("codes_per_second", Better.NEITHER, false, false, "codes a second"));

    /**
     * The metric of that name.
     *
     * @throws UserError if there is none, naming the nearest
     */
    static Metric of(String name) {
        return ALL.stream()
                .filter(m -> m.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new UserError("report: unknown metric '" + name + "'"
                        + Nearest.among(name, ALL.stream().map(Metric::name).toList())));
    }

    /** Its values among those of a report: one, or one per depth; none if it was not measured. */
    List<Double> values(Map<?, ?> metrics) {
        Object found = found(metrics);
        if (found instanceof List<?> list) {
            return list.stream().map(Metric::number).toList();
        }
        return found instanceof Number number ? List.of(number.doubleValue()) : List.of();
    }

    private Object found(Map<?, ?> metrics) {
        Object found = metrics;
        for (String part : name.split("\\.")) {
            found = found instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return found;
    }

    private static Double number(Object value) {
        return value instanceof Number number ? Double.valueOf(number.doubleValue()) : Double.NaN;
    }

    /** Whether a report has it by depth. */
    boolean byDepth(Map<?, ?> metrics) {
        return found(metrics) instanceof List<?>;
    }

    /** What a table's head calls it. */
    String head() {
        return better == Better.NEITHER ? name : name + " " + better.arrow;
    }
}
