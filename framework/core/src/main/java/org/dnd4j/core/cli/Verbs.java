package org.dnd4j.core.cli;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.spi.UserError;

/** The verbs there are, in the order of the help. */
final class Verbs {
    private Verbs() {}

    /** Fresh verbs for one call outside a console; {@code plugins} gives the catalog of the moment. */
    static List<Verb> all(Supplier<? extends Plugins> plugins) {
        return all(plugins, Verbs::none, level -> {});
    }

    /**
     * Fresh verbs for one call.
     *
     * @param jobs those of the console
     * @param log takes the name of the level to log at from now on
     */
    static List<Verb> all(Supplier<? extends Plugins> plugins, Supplier<Jobs> jobs, Consumer<String> log) {
        return List.of(
                new RunVerb(plugins),
                new TrainTokenizerVerb(plugins),
                new EncodeVerb(plugins),
                new TrainVerb(plugins),
                new SampleVerb(plugins),
                new ReconstructVerb(plugins),
                new EvalVerb(plugins),
                new CompareVerb(plugins),
                new ImportVerb(plugins),
                new ExportVerb(plugins),
                new RunsVerb(plugins),
                new ShowVerb(plugins),
                new CheckVerb(plugins),
                new BenchVerb(plugins),
                new PluginsVerb(plugins),
                new InstallVerb(plugins),
                new RemoveVerb(plugins),
                new ConfigVerb(log),
                new JobsVerb(jobs),
                new WaitVerb(jobs),
                new StopVerb(jobs));
    }

    static Jobs none() {
        throw new UserError("there is no console here, so there are no jobs: 'dnd4j' without a verb opens one");
    }
}
