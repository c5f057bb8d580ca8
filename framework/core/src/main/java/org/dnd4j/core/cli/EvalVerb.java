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
        name = "eval",
        description = {
            "Held-out pictures → numbers: error, PSNR, code usage, norm and loss by depth, compression, bits per image.",
            "An imported run has no pictures: give some, as in",
            "  dnd4j eval RUN --set data.folder.path=photos --set data.folder.side=256",
            "With --precision, also what the transformer loses in others than float32: nats a code, most probable codes,"
                    + " and words where pictures show some."
        })
final class EvalVerb implements Verb {
    @Parameters(paramLabel = "RUN", description = "A run, as 'runs' lists it.")
    String run;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Give, for this once, what the run's experiment leaves open. May be repeated.")
    List<String> settings = List.of();

    @Option(
            names = "--precision",
            paramLabel = "PRECISION",
            split = ",",
            description = "Compare these with float32: bfloat16, int8, int4.")
    List<String> precisions = List.of();

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    EvalVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        return place.runs(plugins).evaluate(run, settings, precisions.stream().map(Place::precision).toList(), progress);
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
