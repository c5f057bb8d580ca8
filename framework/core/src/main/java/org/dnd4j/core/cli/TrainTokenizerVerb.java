package org.dnd4j.core.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.json.Json;
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
            "    --set data.folder.side=256 --set tokenizer.training.steps=2000",
            "and with --freeze, parts of it stay so. Another decomposition of the same latents:",
            "  dnd4j train-tokenizer --from RUN --freeze encoder,decoder --name other \\",
            "    --set 'tokenizer.decomposition={\"additive\": {}}'"
        })
final class TrainTokenizerVerb implements Verb {
    @Parameters(
            arity = "0..1",
            paramLabel = "RUN|CONFIG",
            description = "A run, or an experiment as in configs/glyphs.json; with --from, by default that of the other run.")
    String run;

    @Option(names = "--from", paramLabel = "RUN", description = "The run whose tokenizer a new run begins with.")
    String from;

    @Option(
            names = "--freeze",
            paramLabel = "PART",
            split = ",",
            description = "What of that tokenizer stays as it is: encoder, decoder, decomposition. With the first two, no"
                    + " picture is made, and steps are much faster. Short for --set tokenizer.training.freeze=[…].")
    List<String> freeze = List.of();

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
        List<String> settings = new ArrayList<>(changes.settings(run, plugins));
        if (!freeze.isEmpty()) {
            settings.add("tokenizer.training.freeze=" + Json.line(freeze));
        }
        return Map.of("tokenizer", place.runs(plugins).trainTokenizer(run, settings, changes.name, from, progress));
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
