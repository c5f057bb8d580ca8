package org.dnd4j.core.cli;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "train-tokenizer",
        description = {
            "Pictures → tokenizer. Goes on from the last checkpoint; given a CONFIG, makes its run first."
        })
final class TrainTokenizerVerb implements Verb {
    @Parameters(paramLabel = "RUN|CONFIG", description = "A run, or an experiment as in configs/glyphs.json.")
    String run;

    @Mixin
    Changes changes;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    TrainTokenizerVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        List<String> settings = changes.settings(run, plugins);
        return Map.of("tokenizer", place.runs(plugins).trainTokenizer(run, settings, changes.name, progress));
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
