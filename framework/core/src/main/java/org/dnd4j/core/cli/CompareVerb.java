package org.dnd4j.core.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.compare.Comparison;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "compare",
        description = {
            "Runs a grid of experiments, those of configs/ablation/ for example, and puts what came out into one table.",
            "A tokenizer, code file or transformer that several cells would make alike is made once. Stopped or killed,"
                    + " the same command goes on; a cell that fails is marked with its reason, tried again by the next call,"
                    + " and makes the exit code 1.",
            "Everything lands in runs/NAME, each cell as a run of its own (--runs runs/NAME for other verbs): compare.html"
                    + " is where to look first; compare.md, compare.json and plots.png hold the same.",
            "",
            "A GRID is JSON: {\"name\": …, \"base\": \"../glyphs.json\", \"set\": {PATH: VALUE, …},",
            "  \"axes\": {AXIS: {LABEL: {PATH: VALUE, …}, …}, …}, \"seeds\": [0, 1, 2],",
            "  \"vary\": \"tokenizer|transformer|sampling\", \"report\": [METRIC, …]}",
            "Every combination of one LABEL from each AXIS is run once for each seed; seeds change the stage that is"
                    + " named by 'vary' and those after it. 'begin' makes a tokenizer that every cell's own begins with;"
                    + " 'across' names axes of numbers to draw the metrics along."
        })
final class CompareVerb implements Verb {
    @Parameters(paramLabel = "GRID", description = "A grid of experiments, as in configs/ablation/heads.json.")
    String grid;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Change one field of the grid's base, as in --set transformer.training.steps=500; what an axis sets"
                    + " goes before it. May be repeated.")
    List<String> settings = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "The name of the comparison (default: the grid's).")
    String name;

    @Option(names = "--list", description = "Run nothing: say what there is, and what would be made.")
    boolean list;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    CompareVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Object run(Progress progress) {
        if (name != null && !Experiment.names(name)) {
            throw new Misuse("--name " + name + ": letters, digits and . _ - only, as it names a directory");
        }
        Comparison comparison = new Comparison(plugins.get(), place.operations());
        return list
                ? comparison.list(Path.of(grid), settings, name)
                : comparison.run(Path.of(grid), settings, name, progress);
    }

    @Override
    public String text(Object answer) {
        return answer instanceof Comparison.Compared compared ? compared.text() : Table.of(answer);
    }

    @Override
    public int code(Object answer) {
        return answer instanceof Comparison.Compared compared && compared.failed() > 0 ? Console.FAILED : Console.DONE;
    }

    @Override
    public String gist(Object answer) {
        return answer instanceof Comparison.Compared compared ? compared.page() : "";
    }

    @Override
    public boolean isLong() {
        return !list;
    }
}
