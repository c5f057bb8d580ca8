package org.dnd4j.core.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dnd4j.core.experiment.Grid;
import org.dnd4j.core.image.Curves;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;

/** The table and the plots of results that were made up. */
class EntryTest {
    private static Result result(String variant, long seed, String codes, Map<String, Object> metrics) {
        return new Result(
                variant + "-" + seed, variant, List.of(variant), seed, "done", "", "glyphs", codes, Map.of(), metrics);
    }

    private static List<Result> results(String variant, String codes, String metric, double... values) {
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            results.add(result(variant, i, codes, Map.of(metric, values[i])));
        }
        return results;
    }

    private static Map<String, String> marks(List<Result> results, String metric) {
        return Entry.table(results, List.of(Metric.of(metric))).stream()
                .filter(e -> e.depth() == null)
                .collect(Collectors.toMap(Entry::variant, e -> e.best() ? "best" : e.close() ? "close" : ""));
    }

    @SafeVarargs
    private static List<Result> all(List<Result>... some) {
        return List.of(some).stream().flatMap(List::stream).toList();
    }

    @Test
    void meanAndSpreadAreThoseOfASample() {
        Mean mean = Mean.of(List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0));
        assertEquals(5, mean.mean(), 1e-12);
        assertEquals(Math.sqrt(32 / 7.0), mean.spread(), 1e-12);
        assertEquals("5.0 ± 2.1", mean.toString());
        assertEquals("3", Mean.of(List.of(3.0)).toString().replaceFirst("\\.0*$", ""));
        assertTrue(Double.isNaN(Mean.of(List.of(3.0)).spread()));
        assertEquals("2.000 ± 0", Mean.of(List.of(2.0, 2.0)).toString());
        double third = 27.893343427201906; // three of them have another mean
        assertEquals("27.89 ± 0", Mean.of(List.of(third, third, third)).toString());
        assertEquals("345.7 ± 2.1", new Mean(3, 345.678, 2.1).toString());
        assertEquals("0.012340 ± 0.000012", new Mean(3, 0.01234, 1.2e-5).toString());
        assertEquals("–", Mean.of(List.of(Double.NaN)).toString());
    }

    @Test
    void theBestIsMarkedAndSoIsWhatCannotBeToldApart() {
        List<Result> results = all(
                results("a", "2×4", "bits_per_image", 99, 100, 101), // 100 ± 1
                results("b", "2×4", "bits_per_image", 100.5, 101.5, 102.5), // 101.5 ± 1
                results("c", "2×4", "bits_per_image", 103, 104, 105)); // 104 ± 1
        assertEquals(Map.of("a", "best", "b", "close", "c", ""), marks(results, "bits_per_image"));
        List<Result> higher = all(results("a", "2×4", "words", 0.5, 0.6), results("b", "2×4", "words", 0.8, 0.9));
        assertEquals(Map.of("a", "", "b", "best"), marks(higher, "words"));
        assertEquals(Map.of("a", "", "b", ""), marks(all(
                results("a", "2×4", "class_gap", 1), results("b", "2×4", "class_gap", 2)), "class_gap"), "neither is better");
    }

    @Test
    void whereAllAreAlikeNoneIsTheBest() {
        List<Result> alike = all(results("a", "2×4", "words", 0.5), results("b", "2×4", "words", 0.5));
        assertEquals(Map.of("a", "", "b", ""), marks(alike, "words"));
        List<Result> two = all(alike, results("c", "2×4", "words", 0.4));
        assertEquals(Map.of("a", "best", "b", "best", "c", ""), marks(two, "words"));
    }

    @Test
    void oneSeedSaysNothingOfSpread() {
        List<Result> results = all(results("a", "2×4", "words", 0.90), results("b", "2×4", "words", 0.91));
        assertEquals(Map.of("a", "", "b", "best"), marks(results, "words"));
    }

    @Test
    void bitsAreComparedOnlyAtEqualCodes() {
        List<Result> results = all(
                results("a", "2×4", "bits_per_image", 100),
                results("b", "2×4", "bits_per_image", 90),
                results("c", "1×4", "bits_per_image", 50));
        assertEquals(Map.of("a", "", "b", "best", "c", ""), marks(results, "bits_per_image"));
        List<Result> words = all(results("a", "2×4", "words", 0.5), results("c", "1×4", "words", 0.6));
        assertEquals(Map.of("a", "", "c", "best"), marks(words, "words"), "words are words");
        Grid grid = grid();
        List<String> notes = Notes.of(grid, results, List.of(Metric.of("bits_per_image")));
        String note = "bits_per_image: compared only at equal depth D, codes K and grid, so not between 1×4, 2×4.";
        assertTrue(notes.contains(note), notes.toString());
    }

    private static Grid grid() {
        return new Grid("g", "x.json", null, null, null, null, null, List.of("loss"), null);
    }

    @Test
    void whatFailedOrIsMissingHasNoNumbers() {
        List<Result> results = new ArrayList<>(results("a", "2×4", "words", 0.5));
        results.add(new Result("b-0", "b", List.of("b"), 0L, "failed", "no luck", "glyphs", "2×4", Map.of(), Map.of()));
        assertEquals(Map.of("a", ""), marks(results, "words"), "nothing to be better than");
        assertTrue(Notes.of(grid(), results, List.of()).contains("Failed: b-0: no luck"));
        String text = new Comparison.Compared(
                        "g", "page", results, Entry.table(results, List.of(Metric.of("words"))), List.of("one", "two"))
                .text();
        assertTrue(text.contains("| b       | 2×4   | 0 of 1 |"), text);
    }

    @Test
    void listsStandByDepthAndAtFullDepth() {
        List<Result> results = List.of(
                result("a", 0, "2×4", Map.of("reconstruction", Map.of("l2", List.of(0.4, 0.2)))),
                result("b", 0, "1×4", Map.of("reconstruction", Map.of("l2", List.of(0.3)))));
        List<Entry> table = Entry.table(results, List.of(Metric.of("reconstruction.l2")));
        assertEquals(
                List.of("a null 0.2 true", "b null 0.3 false", "a 1 0.4 false", "b 1 0.3 true", "a 2 0.2 false"),
                table.stream().map(e -> e.variant() + " " + e.depth() + " " + e.value().mean() + " " + e.best()).toList());
    }

    @Test
    void rateAndDistortionIsACurveOverPrefixes() {
        Map<String, Object> metrics = Map.of(
                "bits_by_depth", List.of(10.0, 30.0), "reconstruction", Map.of("l2", List.of(0.4, 0.1)));
        Map<String, Object> again = Map.of(
                "bits_by_depth", List.of(12.0, 34.0), "reconstruction", Map.of("l2", List.of(0.6, 0.3)));
        List<Metric> metricsAsked = List.of(Metric.of("bits_by_depth"), Metric.of("words"));
        List<Curves> plots = Plots.of(
                grid(), List.of(result("a", 0, "2×4", metrics), result("a", 1, "2×4", again)), metricsAsked);
        assertEquals(2, plots.size(), "by depth, and rate; nobody measured words");
        Curves rate = plots.get(1);
        assertEquals(List.of(11.0, 32.0), java.util.Arrays.stream(rate.lines().get(0).x()).boxed().toList());
        assertEquals(0.2, rate.lines().get(0).y()[1], 1e-12);
    }

    @Test
    void numbersAreDrawnAlongTheirAxis() {
        Map<String, Map<String, Map<String, Object>>> axes = new java.util.LinkedHashMap<>();
        for (String axis : List.of("guidance", "first", "second")) {
            axes.put(axis, new java.util.LinkedHashMap<>(Map.of("0.5", Map.of())));
            axes.get(axis).put("1", Map.of());
        }
        Grid grid = new Grid("g", "x", null, null, axes, null, null, List.of("words"), List.of("second", "guidance"));
        List<Result> results = new ArrayList<>();
        for (Grid.Cell cell : grid.cells(List.of())) {
            List<Double> at = cell.options().stream().map(Double::valueOf).toList();
            results.add(new Result(cell.name(), cell.variant(), cell.options(), null, "done", "", "", "", Map.of(),
                    Map.of("words", at.get(0) + 10 * at.get(1) + 100 * at.get(2))));
        }
        List<Curves> plots = Plots.of(grid, results, List.of(Metric.of("words")));
        assertEquals(
                List.of("words, guidance 0.5", "words, guidance 1", "words, first 0.5", "words, first 1"),
                plots.stream().map(Curves::title).sorted(Comparator.comparing(t -> !t.contains("guidance"))).toList());
        Curves one = plots.stream().filter(p -> p.title().equals("words, guidance 1")).findFirst().orElseThrow();
        assertEquals(List.of("first 0.5", "first 1"), one.lines().stream().map(Curves.Line::name).sorted().toList());
        Curves.Line line = one.lines().stream().filter(l -> l.name().equals("first 1")).findFirst().orElseThrow();
        assertEquals(List.of(0.5, 1.0), java.util.Arrays.stream(line.x()).boxed().toList());
        assertEquals(List.of(61.0, 111.0), java.util.Arrays.stream(line.y()).boxed().toList());
    }

    @Test
    void anUnknownMetricNamesTheNearest() {
        String message = assertThrows(UserError.class, () -> Metric.of("bits_per_imag")).getMessage();
        assertTrue(message.startsWith("report: unknown metric 'bits_per_imag': one of bits_per_image, "), message);
        assertFalse(Metric.of("norm").ofCodes());
    }
}
