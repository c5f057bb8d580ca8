package org.dnd4j.core.cli;

import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "encode",
        description = {
            "Pictures → codes: writes the code file of all pictures with the run's tokenizer.",
            "With --augment, of so many views of each, whatever the experiment says; 'train' draws one of them at a time."
        })
final class EncodeVerb implements Verb {
    private static final Map<String, Integer> VARIANTS = Map.of("none", 1, "mirror", 2, "ten-crop", 10);

    @Parameters(paramLabel = "RUN|CONFIG", description = "A run, or the experiment that one was made of.")
    String run;

    @Option(
            names = "--augment",
            paramLabel = "VIEWS",
            description = "none: the middle of each picture; mirror: its mirror image too; ten-crop: the corners and the"
                    + " middle of one a tenth larger, and their mirror images (default: what is there, or"
                    + " transformer.variants).")
    String augment;

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
        if (augment != null && !VARIANTS.containsKey(augment)) {
            throw new Misuse("--augment " + augment + ": must be none, mirror or ten-crop");
        }
        Integer variants = augment == null ? null : VARIANTS.get(augment);
        return Map.of(
                "codes", place.runs(plugins).encode(run, changes.settings(run, plugins), changes.name, variants, progress));
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
