package org.dnd4j.core.cli;

import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "encode", description = "Pictures → codes: writes the code file of all pictures with the run's tokenizer.")
final class EncodeVerb implements Verb {
    @Parameters(paramLabel = "RUN|CONFIG", description = "A run, or the experiment that one was made of.")
    String run;

    @Mixin
    Changes changes;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    EncodeVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        return Map.of("codes", place.runs(plugins).encode(run, changes.settings(run, plugins), changes.name, progress));
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
