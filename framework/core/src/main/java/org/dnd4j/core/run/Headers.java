package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.train.Checkpoint;

/** What every checkpoint of a run says about where it comes from. */
final class Headers {
    private final Experiment experiment;

    @Inject
    Headers(Experiment experiment) {
        this.experiment = experiment;
    }

    /** The experiment, and the plugins with the versions that made the file. */
    Map<String, String> header() {
        Map<String, String> header = new LinkedHashMap<>();
        header.put("experiment", ExperimentReader.write(experiment));
        header.putAll(plugins());
        return header;
    }

    /** The plugins of the experiment with their versions, by the part they play. */
    Map<String, String> plugins() {
        Map<String, String> plugins = new LinkedHashMap<>();
        plugins.put("autoencoder", experiment.tokenizer().autoencoder().identity());
        plugins.put("decomposition", experiment.tokenizer().decomposition().identity());
        plugins.put("backbone", experiment.transformer().backbone().identity());
        plugins.put("heads", experiment.transformer().heads().identity());
        return plugins;
    }

    /** How many steps a checkpoint has taken; 0 if there is none. */
    static long steps(Path checkpoint) {
        return Files.exists(checkpoint) ? Checkpoint.open(checkpoint).step() : 0;
    }
}
