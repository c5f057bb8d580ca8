package org.dnd4j.core.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dnd4j.core.Why;
import org.dnd4j.core.experiment.Grid;
import org.dnd4j.core.image.Curves;
import org.dnd4j.core.image.Png;
import org.dnd4j.spi.UserError;

/** A comparison's means as curves: by depth, along axes of numbers, and rate against distortion. */
final class Plots {
    private static final Metric BITS = Metric.of("bits_by_depth");
    private static final Metric ERROR = Metric.of("reconstruction.l2");

    private Plots() {}

    /** Writes the sheet; there is none where there is nothing to draw. */
    static void write(Path file, Grid grid, List<Result> results, List<Metric> metrics) {
        List<Curves> plots = of(grid, results, metrics);
        if (!plots.isEmpty()) {
            Png.write(file, Curves.sheet(plots, 2, 560, 400, 1));
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be removed: " + Why.of(e), e);
        }
    }

    static List<Curves> of(Grid grid, List<Result> results, List<Metric> metrics) {
        Map<String, List<Result>> variants = Result.byVariant(results.stream().filter(Result::done));
        List<Curves> plots = new ArrayList<>();
        if (grid.across().isEmpty()) {
            metrics.forEach(m -> add(plots, byDepth(m, variants)));
            if (metrics.contains(BITS)) {
                add(plots, rate(variants));
            }
        } else {
            metrics.forEach(m -> grid.across().forEach(axis -> along(axis, m, grid, results, plots)));
        }
        return plots;
    }

    private static void add(List<Curves> plots, Curves plot) {
        if (!plot.lines().isEmpty()) {
            plots.add(plot);
        }
    }

    private static Curves byDepth(Metric metric, Map<String, List<Result>> variants) {
        List<Curves.Line> lines = new ArrayList<>();
        variants.forEach((variant, results) -> {
            double[] y = metric.byDepth(results.get(0).metrics()) ? means(metric, results) : new double[0];
            if (y.length > 0) {
                lines.add(new Curves.Line(variant, IntStream.rangeClosed(1, y.length).asDoubleStream().toArray(), y));
            }
        });
        return new Curves(metric.name() + " by depth", "depth", metric.unit(), metric.log(), lines);
    }

    /** A curve over depth prefixes: what the codes so far cost, and what they leave wrong. */
    private static Curves rate(Map<String, List<Result>> variants) {
        List<Curves.Line> lines = new ArrayList<>();
        variants.forEach((variant, results) -> {
            double[] bits = means(BITS, results);
            double[] error = means(ERROR, results);
            if (bits.length > 0 && bits.length == error.length) {
                lines.add(new Curves.Line(variant, bits, error));
            }
        });
        return new Curves(
                "Rate and distortion, by depth prefix", "bits an image under the transformer", "squared error", true, lines);
    }

    /** A metric along one axis: a line for each option of the axis next to it, a plot for each of the others. */
    private static void along(String axis, Metric metric, Grid grid, List<Result> results, List<Curves> plots) {
        List<String> axes = List.copyOf(grid.labels().keySet());
        int x = axes.indexOf(axis);
        int line = IntStream.range(0, axes.size()).filter(i -> i != x).max().orElse(-1);
        Map<String, Map<String, Map<Double, List<Result>>>> all = new LinkedHashMap<>();
        for (Result r : results) {
            if (r.done() && !metric.values(r.metrics()).isEmpty()) {
                String rest = IntStream.range(0, axes.size())
                        .filter(i -> i != x && i != line)
                        .mapToObj(i -> axes.get(i) + " " + r.options().get(i))
                        .collect(Collectors.joining(", "));
                String label = line < 0 ? metric.name() : axes.get(line) + " " + r.options().get(line);
                all.computeIfAbsent(rest, k -> new LinkedHashMap<>())
                        .computeIfAbsent(label, k -> new TreeMap<>())
                        .computeIfAbsent(Double.valueOf(r.options().get(x)), k -> new ArrayList<>())
                        .add(r);
            }
        }
        all.forEach((rest, lines) -> {
            String title = metric.name() + (rest.isEmpty() ? "" : ", " + rest);
            plots.add(new Curves(title, axis, metric.unit(), metric.log(), lines(metric, lines)));
        });
    }

    private static List<Curves.Line> lines(Metric metric, Map<String, Map<Double, List<Result>>> lines) {
        return lines.entrySet().stream()
                .map(l -> new Curves.Line(
                        l.getKey(),
                        l.getValue().keySet().stream().mapToDouble(d -> d).toArray(),
                        l.getValue().values().stream().mapToDouble(rs -> last(means(metric, rs))).toArray()))
                .toList();
    }

    private static double last(double[] values) {
        return values[values.length - 1];
    }

    /** By depth, or one, the mean over seeds. */
    private static double[] means(Metric metric, List<Result> results) {
        List<List<Double>> all = results.stream().map(r -> metric.values(r.metrics())).toList();
        int depths = all.stream().mapToInt(List::size).min().orElse(0);
        return IntStream.range(0, depths)
                .mapToDouble(k -> all.stream().mapToDouble(v -> v.get(k)).average().orElseThrow())
                .toArray();
    }
}
