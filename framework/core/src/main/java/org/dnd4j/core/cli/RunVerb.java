package org.dnd4j.core.cli;

import java.util.List;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.run.Runs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Makes the whole trip: trains the tokenizer, encodes, trains the transformer, measures, samples, reports.",
            "Stopped or killed, the same command goes on from the last checkpoint to the same result.",
            "Everything lands in runs/NAME: report.html is where to look first."
        })
final class RunVerb implements Verb {
    @Parameters(paramLabel = "CONFIG", description = "An experiment, as in configs/glyphs.json; or a run to go on with.")
    String config;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Change one field of the experiment, as in --set transformer.training.steps=500. May be repeated.")
    List<String> settings = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "The run's name (default: the experiment's).")
    String name;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    RunVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Runs.Finished run(Progress progress) {
        return place.runs(plugins).run(config, settings, name, progress);
    }
}
