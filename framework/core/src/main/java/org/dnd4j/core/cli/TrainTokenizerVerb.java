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
        name = "train-tokenizer",
        description = {
            "Pictures → tokenizer. Goes on from the last checkpoint; given a CONFIG, makes its run first."
        })
final class TrainTokenizerVerb implements Verb {
    @Parameters(paramLabel = "RUN|CONFIG", description = "A run, or an experiment as in configs/glyphs.json.")
    String run;

    @Option(names = "--set", paramLabel = "PATH=VALUE", description = "Change one field of the CONFIG. May be repeated.")
    List<String> settings = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "The name of the CONFIG's run (default: the experiment's).")
    String name;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    TrainTokenizerVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        return Map.of("tokenizer", place.runs(plugins).trainTokenizer(run, settings, name, progress));
    }
}
