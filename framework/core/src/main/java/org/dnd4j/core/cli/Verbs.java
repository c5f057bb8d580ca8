package org.dnd4j.core.cli;

import java.util.List;
import java.util.function.Supplier;
import org.dnd4j.core.experiment.Plugins;

/** The verbs there are, in the order of the help. */
final class Verbs {
    private Verbs() {}

    /** Fresh verbs for one call; {@code plugins} gives the catalog of the moment. */
    static List<Verb> all(Supplier<? extends Plugins> plugins) {
        return List.of(
                new RunVerb(plugins),
                new TrainTokenizerVerb(plugins),
                new EncodeVerb(plugins),
                new TrainVerb(plugins),
                new SampleVerb(plugins),
                new ReconstructVerb(plugins),
                new EvalVerb(plugins),
                new RunsVerb(plugins),
                new ShowVerb(plugins),
                new CheckVerb(plugins),
                new BenchVerb(plugins),
                new PluginsVerb(plugins),
                new InstallVerb(plugins),
                new RemoveVerb(plugins));
    }
}
