package org.dnd4j.core.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Made;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.heads.Dnd;
import org.dnd4j.heads.One;
import org.dnd4j.heads.Parallel;
import org.dnd4j.heads.Vertical;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckTest {
    private static final Check.Maker PLUGINS = new Made(Plugins.of(
                    "1.0.0", Llama.class, RqVae.class, Residual.class, Dnd.class, One.class, Parallel.class, Vertical.class))
            ::plugin;

    @Tag("shared")
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32"})
    void everySharedCaseOfAKnownKindPasses(Precision precision) {
        Path shared = Path.of("").toAbsolutePath();
        while (shared != null && !Files.isDirectory(shared.resolve("shared/fixtures"))) {
            shared = shared.getParent();
        }
        assumeTrue(shared != null, "skipped: there is no shared/fixtures beside or above the repository");
        assertEquals(0, run(shared.resolve("shared/fixtures"), precision).failed());
    }

    private static Check.Result run(Path cases, Precision precision) {
        try (Torch torch = Torch.open("cpu")) {
            Check.Result result = Check.run(cases, torch, precision, PLUGINS, Progress.NONE);
            result.rows().forEach(r -> System.out.printf(
                    Locale.ROOT, "%-9s %-32s %-10s %-5s %9.2g %9.2g %s%n", precision.label(), r.name(), r.kind(), r.passed(), r.worst(), r.tolerance(), r.note()));
            return result;
        }
    }
}
