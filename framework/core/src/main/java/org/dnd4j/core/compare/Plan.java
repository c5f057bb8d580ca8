package org.dnd4j.core.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.Grid;
import org.dnd4j.core.experiment.GridReader;
import org.dnd4j.core.json.Json;

/**
 * One cell of a grid, and what decides whether it shares a stage with another.
 *
 * @param cell of the grid
 * @param experiment what is run
 * @param begin what makes the tokenizer that its own begins with; null if that begins from nothing
 * @param tokenizer all that a tokenizer and its codes depend on
 * @param transformer all that a transformer depends on; null where there is none
 */
record Plan(Grid.Cell cell, Experiment experiment, Experiment begin, String tokenizer, String transformer) {

    /** All cells of a grid, in the order in which they are made. */
    static List<Plan> of(GridReader.Read read, GridReader reader, List<String> settings) {
        List<Plan> plans = new ArrayList<>();
        for (Grid.Cell cell : read.grid().cells(settings)) {
            Grid.Cell first = read.grid().beginning(cell.seed(), settings);
            Experiment begin = first == null ? null : reader.experiment(read, first);
            Experiment experiment = reader.experiment(read, cell);
            String tokenizer = tokenizer(experiment, begin == null ? "" : tokenizer(begin, ""));
            plans.add(new Plan(cell, experiment, begin, tokenizer, transformer(experiment, tokenizer)));
        }
        return plans;
    }

    /** What the name is and how samples are drawn makes no difference, and neither does a transformer's seed. */
    private static String tokenizer(Experiment e, String begin) {
        return Json.line(Arrays.asList(e.seed(), e.data(), e.side(), e.tokenizer(), e.tokenizer().autoencoder().identity(),
                e.tokenizer().decomposition().identity(), begin, e.transformer() == null ? 1 : e.transformer().variants()));
    }

    private static String transformer(Experiment e, String tokenizer) {
        return e.transformer() == null ? null : Json.line(Arrays.asList(tokenizer, e.learnerSeed(), e.transformer()));
    }

    /** Its run. */
    String run() {
        return cell.name();
    }

    /** Codes of each position and their grid, as people read them. */
    String codes() {
        List<Integer> sizes = experiment.tokenizer().space().sizes();
        String each = sizes.stream().distinct().count() == 1
                ? sizes.size() + "×" + sizes.get(0)
                : String.join("+", sizes.stream().map(String::valueOf).toList());
        return each + " on " + experiment.grid() + "×" + experiment.grid();
    }
}
