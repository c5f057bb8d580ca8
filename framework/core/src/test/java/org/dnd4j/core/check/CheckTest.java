package org.dnd4j.core.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Watch;
import org.dnd4j.core.experiment.Made;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.cosine.Cosine;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckTest {
    private static final Check.Maker PLUGINS = new Made(Plugins.of(
                    "1.0.0",
                    Llama.class,
                    RqVae.class,
                    Residual.class,
                    Cosine.class,
                    Dnd.class,
                    One.class,
                    Parallel.class,
                    Vertical.class))
            ::plugin;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16", "INT8", "INT4"})
    void everyCaseThatShipsPasses(Precision precision) {
        Check.Result result = run(null, precision);
        assertEquals(List.of(), failures(result));
        assertEquals(result.rows().size(), result.passed());
        assertEquals(
                Set.of(
                        "dnd-decode", "dnd-teacher", "llamagen", "rq-vae", "rq-vae-blocks", "llamagen-vq", "ema-tables",
                        "rope", "training", "resizing", "filters", "schedule", "containers", "trainer-layout"),
                result.rows().stream().map(Check.Row::kind).collect(Collectors.toSet()));
    }

    @Tag("shared")
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16", "INT8", "INT4"})
    void everySharedCaseOfAKnownKindPasses(Precision precision) {
        Path shared = Path.of("").toAbsolutePath();
        while (shared != null && !Files.isDirectory(shared.resolve("shared/fixtures"))) {
            shared = shared.getParent();
        }
        assumeTrue(shared != null, "skipped: there is no shared/fixtures beside or above the repository");
        assertEquals(List.of(), failures(run(shared.resolve("shared/fixtures"), precision)));
    }

    @Test
    void aCaseThatIsOffFailsAndOneOfNoKnownKindIsOnlyListed(@TempDir Path folder) throws IOException {
        try (Shipped shipped = Shipped.unpack()) {
            Path off = Files.createDirectory(folder.resolve("off"));
            for (String file : List.of("manifest.json", "checkpoint.pt", "cond.npy", "codes.npy", "logits.npy", "loss.npy", "loss_per_head.npy")) {
                Files.copy(shipped.folder().resolve("i_dnd_2head_teacher").resolve(file), off.resolve(file));
            }
            byte[] loss = Files.readAllBytes(off.resolve("loss.npy"));
            loss[loss.length - 2] ^= 1; // one bit of the fraction
            Files.write(off.resolve("loss.npy"), loss);
            Path other = Files.createDirectory(folder.resolve("other"));
            Files.writeString(other.resolve("manifest.json"), "{\"description\": \"weather\", \"arrays\": {}}");
        }
        Check.Result result = run(folder, Precision.FLOAT32);
        assertEquals(List.of("off", "other"), result.rows().stream().map(Check.Row::name).toList());
        assertEquals(Boolean.FALSE, result.rows().get(0).passed());
        assertEquals("worst: loss", result.rows().get(0).note());
        assertEquals("unknown", result.rows().get(1).kind());
        assertNull(result.rows().get(1).passed());
    }

    @Test
    void aCheckThatWasStoppedHasNoResult() {
        Watch stop = new Watch(w -> w.done == 1);
        try (Torch torch = Torch.open("cpu")) {
            Stopped stopped = assertThrows(
                    Stopped.class, () -> Check.run(null, torch, Precision.FLOAT32, PLUGINS, stop));
            assertTrue(stopped.getMessage().startsWith("stopped after 1 of "), stopped.getMessage());
        }
    }

    private static List<String> failures(Check.Result result) {
        return result.rows().stream()
                .filter(r -> Boolean.FALSE.equals(r.passed()))
                .map(r -> String.format(Locale.ROOT, "%s: %.2g instead of at most %.2g, %s", r.name(), r.worst(), r.tolerance(), r.note()))
                .toList();
    }

    private static Check.Result run(Path cases, Precision precision) {
        try (Torch torch = Torch.open("cpu")) {
            return Check.run(cases, torch, precision, PLUGINS, Progress.NONE);
        }
    }
}
