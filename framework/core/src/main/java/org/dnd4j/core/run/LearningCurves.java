package org.dnd4j.core.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.dnd4j.core.image.Curves;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.train.Journal;

/** How training went, as plots drawn from the journals. */
final class LearningCurves {
    private static final int POINTS = 200;

    private LearningCurves() {}

    /** The plots of both trainings, as far as there are any; null if there are none. */
    static Picture of(RunDirectory directory) {
        List<Map<String, Object>> tokenizer = Journal.read(directory.tokenizerJournal());
        List<Map<String, Object>> transformer = Journal.read(directory.transformerJournal());
        List<Curves> plots = new ArrayList<>();
        add(plots, "Tokenizer: error", "squared error", true, tokenizer, n -> n.equals("l2") || n.equals("commitment"));
        add(plots, "Tokenizer: codes in effect", "perplexity of a batch", false, tokenizer, n -> n.startsWith("perplexity."));
        add(plots, "Transformer: loss by depth", "nats a code", false, transformer, n -> n.startsWith("loss."));
        add(plots, "Transformer: class gap", "nats a code", false, transformer, n -> n.equals("classGap"));
        return plots.isEmpty() ? null : Curves.sheet(plots, 2, 560, 360, 1);
    }

    private static void add(
            List<Curves> plots,
            String title,
            String y,
            boolean log,
            List<Map<String, Object>> journal,
            Predicate<String> wanted) {
        List<Curves.Line> lines = journal.stream()
                .flatMap(line -> line.keySet().stream())
                .distinct()
                .filter(wanted)
                .map(name -> line(name, journal))
                .toList();
        if (!lines.isEmpty()) {
            plots.add(new Curves(title, "step", y, log, lines));
        }
    }

    /** One quantity, averaged over as many stretches of steps as a plot can show. */
    private static Curves.Line line(String name, List<Map<String, Object>> journal) {
        List<double[]> points = new ArrayList<>();
        int stretch = Math.max(1, journal.size() / POINTS);
        double x = 0;
        double y = 0;
        int n = 0;
        for (int i = 0; i < journal.size(); i++) {
            if (journal.get(i).get(name) instanceof Number value) {
                x += i;
                y += value.doubleValue();
                n++;
            }
            if ((i + 1) % stretch == 0 && n > 0) {
                points.add(new double[] {x / n, y / n});
                x = 0;
                y = 0;
                n = 0;
            }
        }
        return new Curves.Line(
                name.replaceFirst("^(loss|perplexity)\\.", "depth "),
                points.stream().mapToDouble(p -> p[0]).toArray(),
                points.stream().mapToDouble(p -> p[1]).toArray());
    }
}
