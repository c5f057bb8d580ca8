package org.dnd4j.core.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dnd4j.core.experiment.Grid;

/** What must be known to read a table: what was varied, what cannot be compared, what is missing. */
final class Notes {
    private Notes() {}

    static List<String> of(Grid grid, List<Result> results, List<Metric> metrics) {
        List<String> notes = new ArrayList<>();
        List<Result> done = results.stream().filter(Result::done).toList();
        notes.add(done.size() + " of " + results.size() + " cells are done; " + seeds(grid));
        if (grid.seeds().size() > 1) {
            notes.add("Mean ± standard deviation over seeds. Bold: the best. ≈: cannot be told apart from the best, as the"
                    + " ranges mean ± deviation overlap.");
        } else {
            notes.add("Bold: the best. One seed alone says nothing of how far others would scatter: small differences may be"
                    + " chance.");
        }
        List<String> ofCodes = metrics.stream().filter(Metric::ofCodes).map(Metric::name).toList();
        if (!ofCodes.isEmpty()) {
            Set<String> kinds = done.stream().map(Result::codes).collect(Collectors.toCollection(TreeSet::new));
            notes.add(String.join(", ", ofCodes) + ": compared only at equal depth D, codes K and grid"
                    + (kinds.size() > 1 ? ", so not between " + String.join(", ", kinds) : "") + ".");
        }
        if (done.stream().map(Result::pictures).distinct().count() > 1) {
            notes.add("Variants with other pictures are not compared with each other, so the best is marked among those with"
                    + " the same ones.");
        }
        if (metrics.stream().anyMatch(m -> m.name().equals("words"))) {
            notes.add("words: the share of samples that a template reader, which knows the words, takes for the one that was"
                    + " asked for. It is not OCR.");
        }
        results.stream()
                .filter(r -> r.state().equals(Result.FAILED))
                .forEach(r -> notes.add("Failed: " + r.run() + ": " + r.reason()));
        return notes;
    }

    private static String seeds(Grid grid) {
        if (grid.seeds().isEmpty()) {
            return "all have the seed of the base.";
        }
        String which = grid.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "));
        String stage = grid.vary().name().toLowerCase(Locale.ROOT);
        return (grid.seeds().size() == 1 ? "seed " : "seeds ") + which + switch (grid.vary()) {
            case TOKENIZER -> " of everything.";
            case TRANSFORMER -> " of the " + stage + " and the samples; tokenizers have the base's seed.";
            case SAMPLING -> " of the samples alone; what is trained has the base's seed.";
        };
    }
}
