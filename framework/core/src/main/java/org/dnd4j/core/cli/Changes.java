package org.dnd4j.core.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.image.Dataset;
import org.dnd4j.core.json.RecordWriter;
import org.dnd4j.spi.UserError;
import picocli.CommandLine.Option;

/** What a verb that takes a CONFIG can change of it. A run's experiment stays as it is, but for what it leaves open. */
final class Changes {
    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Change one field of the CONFIG, as in --set transformer.training.steps=500, or give what a RUN leaves"
                    + " open, as the data of an imported one. May be repeated.")
    List<String> settings = List.of();

    @Option(
            names = "--lenient",
            description = "Leave out and count pictures that are unreadable or too small; short for"
                    + " --set data.folder.lenient=true, or data.tar.")
    boolean lenient;

    @Option(names = "--name", paramLabel = "NAME", description = "The name of the run to be made (default: the experiment's).")
    String name;

    /** All of the settings, as paths and values. */
    List<String> settings(String config, Supplier<? extends Plugins> plugins) {
        if (!lenient) {
            return settings;
        } else if (config == null || !config.endsWith(".json")) {
            throw new UserError("--lenient goes with a configuration file"
                    + (config == null ? "" : ", and '" + config + "' is a run"));
        }
        Dataset data = new ExperimentReader(plugins.get()).read(Path.of(config), settings).pictures();
        String kind = RecordWriter.kind(data.getClass());
        if (data.lenient() == null) {
            throw new UserError("--lenient: data of the kind '" + kind + "' is drawn, so no picture can be unreadable");
        }
        return Stream.concat(settings.stream(), Stream.of("data." + kind + ".lenient=true")).toList();
    }
}
