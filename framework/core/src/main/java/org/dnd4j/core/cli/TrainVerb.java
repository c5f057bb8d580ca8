package org.dnd4j.core.cli;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "train",
        description = {
            "Codes → transformer. Encodes first if need be, and goes on from the last checkpoint.",
            "With --from, a new run has the tokenizer of another one as it is, and begins with its",
            "transformer if it is built alike; otherwise with one that has learnt nothing."
        })
final class TrainVerb implements Verb {
    @Parameters(
            arity = "0..1",
            paramLabel = "RUN",
            description = "A run, as 'runs' lists it; with --from, an experiment (default: that of the other run).")
    String run;

    @Option(names = "--from", paramLabel = "RUN", description = "The run whose tokenizer and transformer a new one begins with.")
    String from;

    @Mixin
    Changes changes;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    TrainVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        List<String> settings = changes.settings(run, plugins);
        return Map.of("transformer", place.runs(plugins).train(run, settings, changes.name, from, progress));
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
