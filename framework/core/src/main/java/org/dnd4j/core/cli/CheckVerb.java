package org.dnd4j.core.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.check.Check;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.guard.Worker;
import org.dnd4j.torch.Torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = {
            "Recomputes recorded cases on this machine and says how far each is off. Exit code 1 if one fails.",
            "A case of a kind that is not known is listed as such and neither passes nor fails.",
            "",
            "float32: codes are equal, and arrays within the tolerance that the case records.",
            "bfloat16: arrays within 5 %% of their largest number (gradients 10 %%), 90 %% of the codes equal.",
            "int8: arrays within 10 %%, 80 %% of the codes equal; gradients as in bfloat16, which trains such models.",
            "int4: arrays within 75 %%, 20 %% of the codes equal; recorded models are small and random and lose more than others."
        })
final class CheckVerb implements Verb {
    @Parameters(
            arity = "0..1",
            paramLabel = "CASES",
            description = "A folder of cases, or one case (default: the set that ships inside).")
    Path cases;

    @Option(names = "--precision", paramLabel = "PRECISION", description = "float32 (default), bfloat16, int8 or int4.")
    String precision = "float32";

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    CheckVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        return Worker.patiently("check", place.operations().patience(), () -> {
            try (Plugins.Held held = plugins.get().hold("check");
                    Torch torch = place.operations().open()) {
                ExperimentReader reader = new ExperimentReader(held);
                return Check.run(cases, torch, Place.precision(precision), reader::plugin, progress).fields();
            }
        });
    }

    @Override
    public int code(Object answer) {
        return ((Map<?, ?>) answer).get("failed").equals(0L) ? Console.DONE : Console.FAILED;
    }

    @Override
    public boolean isLong() {
        return true;
    }

    @Override
    public String gist(Object answer) {
        Map<?, ?> counts = (Map<?, ?>) answer;
        return counts.get("passed") + " passed, " + counts.get("failed") + " failed";
    }
}
