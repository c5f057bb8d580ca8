package org.dnd4j.core.cli;

import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = {
            "Deletes the jar of one of your plugins, and with it whatever else that jar brings.",
            "Runs that use it keep it to their end. An older version that is there takes its place. The plugins that come"
                    + " with the program stay."
        })
final class RemoveVerb implements Verb {
    @Parameters(paramLabel = "NAME[@V]", description = "A plugin as 'plugins' lists it; the version, if there are several.")
    String reference;

    private final Supplier<? extends Plugins> plugins;

    RemoveVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Plugins.Removed run(Progress progress) {
        return plugins.get().remove(reference);
    }
}
