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
            "Pictures → tokenizer. Goes on from the last checkpoint; given a CONFIG, makes its run first.",
            "With --from, the new run's tokenizer begins with what another one has learnt or imported:",
            "  dnd4j train-tokenizer --from RUN --name mine --set data.folder.path=photos \\",
            "    --set data.folder.side=256 --set tokenizer.training.steps=2000"
        })
final class TrainTokenizerVerb implements Verb {
    @Parameters(
            arity = "0..1",
            paramLabel = "RUN|CONFIG",
            description = "A run, or an experiment as in configs/glyphs.json; with --from, by default that of the other run.")
    String run;

    @Option(names = "--from", paramLabel = "RUN", description = "The run whose tokenizer a new run begins with.")
    String from;

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
        return Map.of("tokenizer", place.runs(plugins).trainTokenizer(run, settings, changes.name, from, progress));
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
