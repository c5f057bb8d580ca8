package org.dnd4j.core.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "A run → tokenizer.safetensors and transformer.safetensors, under published names.",
            "Those of the files that it was imported from, or the DnD-Transformer's. The weights are those",
            "that sampling uses. 'import safetensors' makes the same run of them again."
        })
final class ExportVerb implements Verb {
    @Parameters(paramLabel = "RUN", description = "A run with a trained or imported tokenizer.")
    String run;

    @Option(names = "--format", paramLabel = "FORMAT", description = "safetensors, the only one (default).")
    String format = "safetensors";

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write to.")
    Path out;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    ExportVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        if (!format.equals("safetensors")) {
            throw new Misuse("--format " + format + ": must be safetensors");
        }
        return Map.of("files", place.runs(plugins).export(run, out, progress));
    }

    @Override
    public boolean isLong() {
        return true;
    }

    @Override
    public String gist(Object answer) {
        return "files in " + out;
    }
}
