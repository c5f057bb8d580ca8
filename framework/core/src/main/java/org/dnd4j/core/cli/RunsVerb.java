package org.dnd4j.core.cli;

import java.util.List;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.run.Runs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "runs", description = "Lists the runs and how far each has come, the last changed first.")
final class RunsVerb implements Verb {
    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    RunsVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public List<Runs.Summary> run(Progress progress) {
        return place.runs(plugins).list();
    }
}
