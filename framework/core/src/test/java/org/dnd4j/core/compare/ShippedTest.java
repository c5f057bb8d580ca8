package org.dnd4j.core.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.run.Operations;
import org.dnd4j.denoising.Denoising;
import org.dnd4j.denoising.Refinement;
import org.dnd4j.heads.Dnd;
import org.dnd4j.heads.One;
import org.dnd4j.heads.Parallel;
import org.dnd4j.heads.Vertical;
import org.dnd4j.history.Additive;
import org.dnd4j.history.Conditioned;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.scalar.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The grids in configs/ablation: every cell is an experiment that can be. */
class ShippedTest {
    private static final Path GRIDS = Path.of("../../configs/ablation");
    private static final Plugins PLUGINS = Plugins.of(
            "0.1.0", Residual.class, Additive.class, Conditioned.class, Denoising.class, Refinement.class, Scalar.class,
            Dnd.class, One.class, Parallel.class, Vertical.class, Llama.class, RqVae.class);

    @TempDir
    Path folder;

    private List<Comparison.Listed> list(String name) {
        return new Comparison(PLUGINS, new Operations("cpu", 0, folder))
                .list(GRIDS.resolve(name + ".json"), List.of(), null);
    }

    private static long made(List<Comparison.Listed> cells, Function<Comparison.Listed, String> stage) {
        return cells.stream().map(stage).filter("to make"::equals).count();
    }

    @Test
    void everyGridHasANightAndAllItsCellsCanBe() throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(GRIDS)) {
            names = files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".json"))
                    .map(f -> f.replace(".json", ""))
                    .sorted()
                    .toList();
        }
        assertTrue(names.size() >= 8 && names.contains("heads"), names.toString());
        String page = Files.readString(GRIDS.resolve("README.md"));
        for (String name : names) {
            String other = name.endsWith("-night") ? name.replace("-night", "") : name + "-night";
            assertTrue(names.contains(other), name + " has no " + other);
            assertTrue(page.contains("`" + name + "`"), name + " stands on no page");
            assertTrue(list(name).size() > 1, name);
        }
    }

    @Test
    void whatSeveralCellsNeedIsMadeOnce() {
        List<Comparison.Listed> heads = list("heads");
        assertEquals(12, heads.size());
        assertEquals(2, made(heads, Comparison.Listed::tokenizer), "of two codes, and of one");
        assertEquals(12, made(heads, Comparison.Listed::transformer));
        List<Comparison.Listed> guidance = list("guidance");
        assertEquals(36, guidance.size());
        assertEquals(1, made(guidance, Comparison.Listed::tokenizer));
        assertEquals(1, made(guidance, Comparison.Listed::transformer));
    }
}
