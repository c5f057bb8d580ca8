package org.dnd4j.core.cli;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "install",
        description = {
            "Adds a plugin jar to yours, or puts it in place of one with the same file name, after trying it out.",
            "Runs that are under way go on with what they started with; those that start later use the newest version,"
                    + " or the one that their experiment asks for, as in {\"residual@1.2\": {…}}."
        })
final class InstallVerb implements Verb {
    @Parameters(paramLabel = "JAR", description = "A bundle with plugins.")
    Path jar;

    private final Supplier<? extends Plugins> plugins;

    InstallVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Plugins.Installed run(Progress progress) {
        return plugins.get().install(jar);
    }
}
