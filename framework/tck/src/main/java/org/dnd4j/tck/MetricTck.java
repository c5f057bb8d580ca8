package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dnd4j.spi.Metric;
import org.dnd4j.spi.Metric.Score;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link Metric}, on sets of a few images. */
public abstract class MetricTck {
    private Lab lab;

    /** The plugin under test. */
    protected abstract Metric metric();

    /** How many images a set has; statistics may need more than there are features. */
    protected int images() {
        return 12;
    }

    /** The side of an image. */
    protected int side() {
        return 16;
    }

    /** What an earlier version computed, as the skipped test of M5 gives it; null if there was none. */
    protected String remembered() {
        return null;
    }

    @BeforeEach
    void open() {
        lab = new Lab();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** Smooth images: a pattern of eight numbers each, enlarged, around a grey of its own for the set. */
    private NDArray set(long seed, double grey) {
        int n = images();
        int side = side();
        float[] seeds = Lab.numbers(seed, n * 12);
        float[] pixels = new float[n * 3 * side * side];
        for (int i = 0; i < pixels.length; i++) {
            int image = i / (3 * side * side);
            int channel = i / (side * side) % 3;
            int quarter = 2 * (i / side % side * 2 / side) + i % side * 2 / side;
            pixels[i] = (float) Math.tanh(grey + 0.5 * seeds[image * 12 + channel * 4 + quarter]);
        }
        return lab.array(pixels, n, 3, side, side); // [n,3,s,s]
    }

    private Weights weights(Metric metric) {
        return lab.started(metric.weights());
    }

    private static Map<String, Boolean> directions(Map<String, Score> scores) {
        return scores.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().lowerIsBetter()));
    }

    @Test
    void m1_namesAndDirectionsDoNotDependOnTheImages() {
        Metric metric = metric();
        Weights w = weights(metric);
        Map<String, Score> scores = metric.measure(set(1, 0), set(2, 0), w);
        assertFalse(scores.isEmpty(), "nothing is measured");
        assertEquals(directions(scores), directions(metric.measure(set(3, 1), set(4, -1), w)));
        scores.forEach((name, score) -> assertTrue(Double.isFinite(score.value()), name + " is " + score.value()));
    }

    @Test
    void m2_theOrderOfImagesDoesNotMatter() {
        Metric metric = metric();
        Weights w = weights(metric);
        NDArray real = set(1, 0);
        NDArray generated = set(2, 0.5);
        Map<String, Score> scores = metric.measure(real, generated, w);
        metric.measure(turned(real), turned(generated), w).forEach((name, score) -> near(name, scores.get(name), score));
        metric.measure(turned(real), generated, w).forEach((name, score) -> near(name, scores.get(name), score));
    }

    private static NDArray turned(NDArray images) {
        return images.get("3:").concat(images.get(":3")); // [n,3,s,s]
    }

    private static void near(String name, Score expected, Score seen) {
        double bound = 1e-3 * Math.max(1e-3, Math.abs(expected.value()));
        assertEquals(expected.value(), seen.value(), bound, name + " in another order");
    }

    @Test
    void m3_nothingIsNearerToASetThanItself() {
        Metric metric = metric();
        Weights w = weights(metric);
        NDArray real = set(1, 0);
        Map<String, Score> best = metric.measure(real, real, w);
        NDArray grey = lab.array(new float[(int) real.size()], real.getShape().getShape()); // [n,3,s,s]
        for (NDArray other : List.of(set(2, 0), set(3, 1), set(1, 0.2), grey)) {
            metric.measure(real, other, w).forEach((name, score) -> {
                double lead = (score.value() - best.get(name).value()) * (score.lowerIsBetter() ? 1 : -1);
                assertTrue(lead >= -1e-6, name + " is " + best.get(name).value() + " for a set and itself, but "
                        + score.value() + " for another");
            });
        }
    }

    @Test
    void m4_measuringAgainGivesEqualNumbersAndKeepsNoArray() {
        Metric metric = metric();
        List<Weight> declared = metric.weights();
        assertEquals(declared, metric.weights(), "declared again");
        Weights w = lab.started(declared);
        Map<String, Score> first = step(metric, w, 1);
        int before = lab.longLived();
        step(metric, w, 2);
        assertEquals(before, lab.longLived(), "arrays left behind by a step");
        assertEquals(first, step(metric, w, 1));
    }

    private Map<String, Score> step(Metric metric, Weights w, long seed) {
        try (Scope step = lab.torch.scope()) {
            return metric.measure(set(seed, 0), set(seed + 10, 0.3), w);
        }
    }

    @Test
    void m5_whatItMeasuredOnceItMeasuresStill() {
        Metric metric = metric();
        Memory memory = new Memory();
        memory.letter(metric.weights());
        metric.measure(set(1, 0), set(2, 0.5), weights(metric)).forEach((name, score) -> {
            memory.letter(name + " " + score.lowerIsBetter());
            memory.array(name, lab.array(new float[] {(float) score.value()}, 1));
        });
        memory.holds(remembered());
    }
}
