package org.dnd4j.core.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.dnd4j.core.experiment.Experiment.SamplingPlan;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.run.Operations;
import org.dnd4j.core.run.Runs;
import org.dnd4j.core.run.Settings;
import org.dnd4j.torch.Precision;
import picocli.CommandLine.Option;

/**
 * Where a verb works and on what; changes no number. The defaults stand in {@code configs/org.dnd4j.core.cfg} beside the
 * program, which runs from anywhere, or else in the working directory.
 */
final class Place {
    private static final Path SETTINGS = Path.of("configs", "org.dnd4j.core.cfg");

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "auto, cpu, gpu0, … (default: auto, the first GPU if there is one).")
    String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of one operation (default: one per core).")
    Integer threads;

    @Option(names = "--runs", paramLabel = "DIR", description = "The folder of runs (default: runs).")
    Path runs;

    /** The precision of that name; others are wrong usage. */
    static Precision precision(String name) {
        return SamplingPlan.precision(name)
                .orElseThrow(() -> new Misuse("--precision " + name + ": must be one of " + SamplingPlan.precisions()));
    }

    Operations operations() {
        return operations(Settings.in(settings()));
    }

    /** Those of a file, as far as no option says otherwise. */
    Operations operations(Settings settings) {
        if (threads != null && threads < 1) {
            throw new Misuse("--threads " + threads + ": must be at least 1; without it, one per core");
        }
        return settings.operations().onDevice(device).withThreads(threads).in(runs);
    }

    /** The file of settings, or where it would be; the launcher says where the program lies. */
    static Path settings() {
        String home = System.getProperty("dnd4j.home");
        Path beside = home == null ? SETTINGS : Path.of(home).resolve(SETTINGS);
        boolean nowhere = !Files.exists(beside) && !Files.exists(SETTINGS);
        return Files.exists(beside) || nowhere && Files.isWritable(beside.getParent()) ? beside : SETTINGS;
    }

    Runs runs(Supplier<? extends Plugins> plugins) {
        return new Runs(plugins.get(), operations());
    }
}
