package org.dnd4j.core.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One number of the table.
 *
 * @param depth how many codes a position it is of; null for all of them
 * @param value mean and spread over seeds
 * @param best whether no variant that it can be compared with has a better mean
 * @param close whether it cannot be told apart from the best one, as both ranges mean ± spread overlap
 */
public record Entry(String variant, String metric, Integer depth, Mean value, boolean best, boolean close) {

    /** All numbers of the variants that have results, in the order of the metrics; by depth after those of all depths. */
    static List<Entry> table(List<Result> results, List<Metric> metrics) {
        Map<String, List<Result>> variants = Result.byVariant(results.stream().filter(Result::done));
        List<Entry> entries = new ArrayList<>();
        for (Metric metric : metrics) {
            entries.addAll(marked(metric, null, variants));
            TreeSet<Integer> depths = new TreeSet<>();
            results.stream().filter(r -> metric.byDepth(r.metrics())).forEach(r -> {
                for (int k = 1; k <= metric.values(r.metrics()).size(); k++) {
                    depths.add(k);
                }
            });
            depths.forEach(k -> entries.addAll(marked(metric, k, variants)));
        }
        return entries;
    }

    private static List<Entry> marked(Metric metric, Integer depth, Map<String, List<Result>> variants) {
        Map<String, Mean> means = new LinkedHashMap<>();
        variants.forEach((variant, results) -> {
            List<Double> values = results.stream().flatMap(r -> value(metric, depth, r)).toList();
            if (!values.isEmpty()) {
                means.put(variant, Mean.of(values));
            }
        });
        Map<String, List<Mean>> groups = new LinkedHashMap<>();
        means.forEach((variant, mean) ->
                groups.computeIfAbsent(group(metric, variants.get(variant).get(0)), g -> new ArrayList<>()).add(mean));
        List<Entry> entries = new ArrayList<>();
        means.forEach((variant, mean) -> {
            Mean best = best(metric, groups.get(group(metric, variants.get(variant).get(0))));
            boolean isBest = best != null && mean.mean() == best.mean();
            boolean close = best != null && !isBest && mean.overlaps(best);
            entries.add(new Entry(variant, metric.name(), depth, mean, isBest, close));
        });
        return entries;
    }

    private static Stream<Double> value(Metric metric, Integer depth, Result result) {
        List<Double> values = metric.values(result.metrics());
        int at = depth == null ? values.size() - 1 : depth - 1;
        return at >= 0 && at < values.size() ? Stream.of(values.get(at)) : Stream.of();
    }

    /** What a result's value can be compared with: those of the same group. */
    private static String group(Metric metric, Result result) {
        return result.pictures() + (metric.ofCodes() ? result.codes() : "");
    }

    /** The best of a group; null if there is nothing to choose from. */
    private static Mean best(Metric metric, List<Mean> group) {
        List<Mean> numbers = group.stream().filter(m -> !Double.isNaN(m.mean())).toList();
        boolean alike = numbers.stream().mapToDouble(Mean::mean).distinct().count() < 2;
        if (alike || metric.better() == Metric.Better.NEITHER) {
            return null;
        }
        double sign = metric.better() == Metric.Better.LOWER ? 1 : -1;
        return numbers.stream()
                .min((a, b) -> Double.compare(sign * a.mean(), sign * b.mean()))
                .orElseThrow();
    }
}
