package org.dnd4j.core.cli;

import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "train", description = "Codes → transformer. Encodes first if need be, and goes on from the last checkpoint.")
final class TrainVerb implements Verb {
    @Parameters(paramLabel = "RUN", description = "A run, as 'runs' lists it.")
    String run;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    TrainVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        return Map.of("transformer", place.runs(plugins).train(run, progress));
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
