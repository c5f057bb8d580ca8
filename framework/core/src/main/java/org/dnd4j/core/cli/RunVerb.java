package org.dnd4j.core.cli;

import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.run.Runs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    Changes changes;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    RunVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Runs.Finished run(Progress progress) {
        return place.runs(plugins).run(config, changes.settings(config, plugins), changes.name, progress);
    }

    @Override
    public boolean isLong() {
        return true;
    }

    @Override
    public String gist(Object answer) {
        return ((Runs.Finished) answer).report();
    }
}
