package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Png;
import org.dnd4j.core.json.Json;
import org.dnd4j.heads.Dnd;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole trip, tiny: two words, three steps of each training. */
class RunsTest {
    private static final Plugins PLUGINS = Plugins.of("0.1.0", Residual.class, Dnd.class, Llama.class, RqVae.class);
    private static final String TINY = """
            {"name": "tiny", "seed": 3, "data": {"glyphs": {"words": ["sun", "fox"], "side": 32, "sizes": 16, "count": 24,
               "heldOut": 0.25}},
             "tokenizer": {"autoencoder": {"rqvae": {"channels": 32, "multipliers": [1], "blocks": 1, "attention": [],
               "middle": "none", "latent": 8, "embed": 8, "patch": 8}}, "decomposition": {"residual": {}}, "depth": 2,
               "codes": 16, "training": {"steps": 3, "batch": 4, "learningRate": 1e-3}},
             "transformer": {"backbone": {"llama": {"dim": 32, "blocks": 2, "heads": 2}},
               "heads": {"dnd": {"positions": [0, 1]}}, "training": {"steps": 3, "batch": 4}},
             "sampling": {"perClass": 2, "options": {"guidance": 1.5}}}
            """;

    @TempDir
    Path folder;

    private Path config;

    @BeforeEach
    void write() throws IOException {
        config = Files.writeString(folder.resolve("tiny.json"), TINY);
    }

    private Runs runs(String at) {
        return new Runs(PLUGINS, new Operations("cpu", 0, folder.resolve(at)));
    }

    /** Asks for an end as soon as a stage has done {@code after} units. */
    private record StopIn(String stage, long after, String[] now, long[] done) implements Progress {
        StopIn(String stage, long after) {
            this(stage, after, new String[1], new long[1]);
        }

        @Override
        public void stage(String name, long total, String unit) {
            now[0] = name;
            done[0] = 0;
        }

        @Override
        public void at(long units, String note) {
            done[0] = units;
        }

        @Override
        public boolean stopped() {
            return stage.equals(now[0]) && done[0] >= after;
        }
    }

    @Test
    void theWholeTripLeavesWhatItPromises() throws IOException {
        Runs.Finished finished = runs("a").run(config.toString(), List.of(), null, Progress.NONE);
        Path run = folder.resolve("a/tiny");
        assertEquals("tiny", finished.run());
        for (String file : List.of(
                "experiment.json",
                "tokenizer.safetensors",
                "codes",
                "transformer.safetensors",
                "samples/sun/0.png",
                "samples/fox/1.png",
                "samples.png",
                "reconstructions.png",
                "curves.png",
                "report.html",
                "report.json")) {
            assertTrue(Files.exists(run.resolve(file)), file);
        }
        assertEquals(32, Png.read(run.resolve("samples/sun/0.png")).width());
        Map<?, ?> report = (Map<?, ?>) Json.read(Files.readString(run.resolve("report.json")), "report");
        Map<?, ?> metrics = (Map<?, ?>) report.get("metrics");
        Map<?, ?> reconstruction = (Map<?, ?>) metrics.get("reconstruction");
        assertEquals(2, ((List<?>) reconstruction.get("psnr")).size());
        assertEquals(2, ((List<?>) metrics.get("loss")).size());
        // 4×4 positions, 2 codes of 4 bits, over 24 bits a pixel
        assertEquals(16 * 8 / (24.0 * 32 * 32), (Double) metrics.get("compression"), 1e-12);
        List<?> loss = (List<?>) metrics.get("loss");
        double nats = ((Double) loss.get(0) + (Double) loss.get(1)) * 16;
        assertEquals(1, (Double) metrics.get("bits_per_image") * Math.log(2) / nats, 1e-6);
        assertTrue(((Map<?, ?>) report.get("seconds")).keySet().containsAll(List.of("tokenizer", "encode", "transformer")));
        String page = Files.readString(run.resolve("report.html"));
        assertFalse(page.contains("src=\"http") || page.contains("href="), "the page must hold everything itself");
        try (Stream<Path> files = Files.walk(run)) {
            assertTrue(files.noneMatch(f -> f.toString().endsWith(".tmp") || f.toString().endsWith(".half")));
        }
        assertEquals(List.of("tiny"), runs("a").list().stream().map(Runs.Summary::run).toList());
    }

    @Test
    void aRunThatWasStoppedAnywhereEndsInTheSameBits() throws IOException {
        runs("whole").run(config.toString(), List.of(), null, Progress.NONE);
        for (StopIn stop : List.of(new StopIn("tokenizer", 2), new StopIn("encode", 1), new StopIn("transformer", 1))) {
            assertThrows(Stopped.class, () -> runs("cut").run(config.toString(), List.of(), null, stop));
        }
        runs("cut").run("tiny", List.of(), null, Progress.NONE);
        for (String file : List.of("tokenizer.safetensors", "codes", "transformer.safetensors", "samples/fox/1.png")) {
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("whole/tiny").resolve(file)),
                    Files.readAllBytes(folder.resolve("cut/tiny").resolve(file)),
                    file);
        }
    }

    @Test
    void aDirectoryHoldsOneExperimentAndOneWriter() {
        Runs runs = runs("b");
        runs.trainTokenizer(config.toString(), List.of(), null, Progress.NONE);
        String other = assertThrows(
                        UserError.class,
                        () -> runs.trainTokenizer(config.toString(), List.of("tokenizer.beam=2"), null, Progress.NONE))
                .getMessage();
        assertTrue(other.contains("another configuration (there \"beam\" : 1, asked for \"beam\" : 2)"), other);
        try (RunDirectory.Claim claim = new RunDirectory(folder.resolve("b/tiny")).claim()) {
            String busy = assertThrows(
                            UserError.class,
                            () -> runs.trainTokenizer(config.toString(), List.of(), null, Progress.NONE))
                    .getMessage();
            assertTrue(busy.contains("is in use"), busy);
        }
        String none = assertThrows(UserError.class, () -> runs.encode("tinny", Progress.NONE)).getMessage();
        assertTrue(none.endsWith("there is only tiny"), none);
        String early = assertThrows(UserError.class, () -> runs.sample("tiny", null, Progress.NONE, wish -> null)).getMessage();
        assertTrue(early.contains("is not there yet"), early);
    }

    @Test
    void spreadIsTheVarianceOfPixels() {
        Picture black = Picture.filled(2, 2, 0);
        Picture white = Picture.filled(2, 2, 0xFFFFFF);
        assertEquals(0.5, Spread.of(new int[] {0, 0, 1, 1}, List.of(black, white, white, black)), 1e-12);
        assertEquals(0, Spread.of(new int[] {0, 0}, List.of(white, white)), 1e-12);
    }
}
