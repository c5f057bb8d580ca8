package org.dnd4j.core.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/**
 * Experiments to be compared: every combination of an option from each axis, once for each seed. Settings are paths of the
 * experiment and what they become, as {@code --set} takes them; where two axes set the same, the later one has its way.
 *
 * @param name of the comparison, and of its folder among the runs
 * @param base the experiment they differ from: a file, as seen from the grid's, or the experiment itself
 * @param set changes of the base
 * @param begin changes of the base that make a tokenizer which every cell's own begins with, as {@code train-tokenizer
 *     --from} does; null if each begins from nothing
 * @param axes by name, the options by their labels, with the settings of each
 * @param seeds one cell each; the base's if left out
 * @param vary the first stage that has the seeds; those before it have the base's, and are shared. {@code tokenizer}, and
 *     with it everything, if left out
 * @param report metrics as a run's report calls them, {@code reconstruction.l2}; the first is the one that matters most
 * @param across axes whose labels are numbers, to draw the metrics along; the last such one if left out
 */
public record Grid(
        String name,
        Object base,
        Map<String, Object> set,
        Map<String, Object> begin,
        Map<String, Map<String, Map<String, Object>>> axes,
        List<Long> seeds,
        Stage vary,
        List<String> report,
        List<String> across) {

    private static final String BEGIN = "begin";

    /** What of a run has a seed. */
    public enum Stage {
        /** The tokenizer, what it learns from, and all that follows. */
        TOKENIZER,
        /** The transformer and the samples. */
        TRANSFORMER,
        /** The samples alone. */
        SAMPLING
    }

    /**
     * One experiment of a grid.
     *
     * @param name of its run
     * @param options the label of its option on each axis, in order
     * @param seed null where the grid has none
     * @param settings that make it of the base
     */
    public record Cell(String name, List<String> options, Long seed, List<String> settings) {
        /** What it is compared as; cells of one variant differ by their seeds. */
        public String variant() {
            return options.isEmpty() ? "base" : String.join(", ", options);
        }
    }

    public Grid {
        if (name == null || !Experiment.names(name)) {
            throw new UserError("name is '" + name + "': letters, digits and . _ - only, as it names a directory");
        }
        if (!(base instanceof String) && !(base instanceof Map)) {
            throw new UserError("base is " + Json.line(base) + ": must be the file of an experiment, or the experiment itself");
        }
        set = set == null ? Map.of() : set;
        axes = axes == null ? Map.of() : axes;
        seeds = seeds == null ? List.of() : List.copyOf(seeds);
        vary = vary == null ? Stage.TOKENIZER : vary;
        report = report == null ? List.of() : List.copyOf(report);
        axes.forEach((axis, options) -> {
            if (options.isEmpty()) {
                throw new UserError("axes." + axis + " has no options: give one or more, each with its settings");
            }
        });
        if (report.isEmpty()) {
            throw new UserError("report names no metrics: give one or more, as in [\"reconstruction.psnr\", \"loss\"]");
        }
        if (Set.copyOf(seeds).size() != seeds.size()) {
            throw new UserError("seeds are " + seeds + ": each must be there once");
        }
        if (across == null) {
            List<String> numbered = numbered(axes);
            across = numbered.isEmpty() ? List.of() : numbered.subList(numbered.size() - 1, numbered.size());
        }
        for (String axis : across) {
            if (!numbered(axes).contains(axis)) {
                throw new UserError("across has '" + axis + "': must be axes whose labels are numbers, of which there are "
                        + numbered(axes));
            }
        }
    }

    private static List<String> numbered(Map<String, Map<String, Map<String, Object>>> axes) {
        return axes.entrySet().stream()
                .filter(a -> a.getValue().keySet().stream().allMatch(l -> l.matches("-?[0-9]+(\\.[0-9]+)?")))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * All cells: with the first seed every variant, then with the second, so that a comparison that is stopped has whole
     * rounds. The last axis changes fastest.
     *
     * @param more settings of the base from outside, which only the axes overrule
     */
    public List<Cell> cells(List<String> more) {
        List<Cell> variants = List.of(new Cell("", List.of(), null, base(more)));
        if (begin != null) { // what the run that they begin with has learnt stays, as with 'train-tokenizer --from'
            variants = List.of(new Cell("", List.of(), null, joined(List.of("tokenizer.codebooks.start=kept"), base(more))));
        }
        for (Map<String, Map<String, Object>> axis : axes.values()) {
            List<Cell> longer = new ArrayList<>();
            for (Cell cell : variants) {
                axis.forEach((label, settings) -> {
                    List<String> options = joined(cell.options(), List.of(label));
                    longer.add(new Cell("", options, null, joined(cell.settings(), texts(settings))));
                });
            }
            variants = longer;
        }
        List<Cell> cells = new ArrayList<>();
        Set<String> taken = new HashSet<>(Set.of(BEGIN, "compare")); // and the files of the comparison
        seeds.forEach(seed -> taken.add(BEGIN + "-" + seed));
        for (Long seed : seeds.isEmpty() ? Collections.singletonList((Long) null) : seeds) {
            for (Cell v : variants) {
                String run = unique(run(v.variant()) + (seed == null ? "" : "-" + seed), taken);
                cells.add(new Cell(run, v.options(), seed, joined(v.settings(), seeded(seed, vary))));
            }
        }
        return cells;
    }

    /**
     * The run that a cell's tokenizer begins with; one for all cells, or for all of a seed where tokenizers have seeds. Null
     * where none does.
     */
    public Cell beginning(Long seed, List<String> more) {
        if (begin == null) {
            return null;
        }
        Long own = vary == Stage.TOKENIZER ? seed : null;
        List<String> settings = joined(joined(joined(texts(set), texts(begin)), more), seeded(own, vary));
        return new Cell(BEGIN + (own == null ? "" : "-" + own), List.of(), own, settings);
    }

    private List<String> base(List<String> more) {
        return joined(texts(set), more);
    }

    private static List<String> seeded(Long seed, Stage vary) {
        if (seed == null) {
            return List.of();
        }
        return List.of((vary == Stage.TOKENIZER ? "seed" : "seeds." + vary.name().toLowerCase(Locale.ROOT)) + "=" + seed);
    }

    private static List<String> texts(Map<String, Object> settings) {
        return settings.entrySet().stream().map(s -> s.getKey() + "=" + Json.line(s.getValue())).toList();
    }

    private static <T> List<T> joined(List<T> first, List<T> then) {
        List<T> all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }

    /** A variant as the name of a directory. */
    private static String run(String variant) {
        String plain = variant.replaceAll("[^A-Za-z0-9.]+", "-").replaceAll("^[-.]+|-+$", "");
        return plain.isEmpty() ? "cell" : plain;
    }

    private static String unique(String name, Set<String> taken) {
        String found = name;
        for (int n = 2; !taken.add(found.toLowerCase(Locale.ROOT)); n++) {
            found = name + "." + n;
        }
        return found;
    }

    /** The axes by name, with the labels of their options. */
    public Map<String, List<String>> labels() {
        Map<String, List<String>> labels = new LinkedHashMap<>();
        axes.forEach((axis, options) -> labels.put(axis, List.copyOf(options.keySet())));
        return labels;
    }
}
