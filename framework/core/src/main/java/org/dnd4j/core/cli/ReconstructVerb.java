package org.dnd4j.core.cli;

import java.nio.file.Path;
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
        name = "reconstruct",
        description = {
            "Pictures → codes → pictures: a grid of each original beside what 1, 2, … codes a position keep of it.",
            "Without files, held-out pictures of the run's own data."
        })
final class ReconstructVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "A run with a trained tokenizer.")
    String run;

    @Parameters(index = "1..*", paramLabel = "PICTURE", description = "Picture files; the middle square is taken.")
    List<Path> pictures = List.of();

    @Option(names = "--out", paramLabel = "FILE", description = "The PNG to write (default: the run's reconstructions.png).")
    Path out;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    ReconstructVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        return Map.of("reconstructions", place.runs(plugins).reconstruct(run, pictures, out, progress));
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
