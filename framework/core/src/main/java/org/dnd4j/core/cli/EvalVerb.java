package org.dnd4j.core.cli;

import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "eval", description = "Held-out pictures → numbers: error and PSNR by depth, code usage and norm by depth, compression, loss by depth, bits per image.")
final class EvalVerb implements Verb {
    @Parameters(paramLabel = "RUN", description = "A run, as 'runs' lists it.")
    String run;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    EvalVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        return place.runs(plugins).evaluate(run, progress);
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
