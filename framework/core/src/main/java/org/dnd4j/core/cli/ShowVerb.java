package org.dnd4j.core.cli;

import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Prints a run's experiment, or that of a CONFIG, with every default filled in. It can be saved and run.")
final class ShowVerb implements Verb {
    @Parameters(paramLabel = "RUN|CONFIG", description = "A run, or an experiment as in configs/glyphs.json.")
    String run;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    ShowVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Experiment run(Progress progress) {
        return place.runs(plugins).show(run);
    }

    /** The experiment's own JSON, with {@code --json} or without: it can be saved and run. */
    @Override
    public String text(Object answer) {
        return ExperimentReader.write((Experiment) answer);
    }
}
