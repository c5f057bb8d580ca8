package org.dnd4j.core.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Tiny;
import org.dnd4j.core.Watch;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.run.Operations;
import org.dnd4j.core.run.Runs;
import org.dnd4j.heads.Dnd;
import org.dnd4j.heads.Vertical;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grids of the tiny experiment: a second a cell. */
class ComparisonTest {
    private static final Plugins PLUGINS = Plugins.of(
            "0.1.0", Residual.class, Dnd.class, Vertical.class, Llama.class, RqVae.class, Moody.class);

    /** Fails when it is first used, not when it is read. */
    @Plugin("moody")
    record Moody() implements Decomposition {
        @Override
        public List<Weight> weights(CodeSpace space) {
            return new Residual(false).weights(space);
        }

        @Override
        public NDArray target(NDArray z, NDArray state, int k, Weights w) {
            throw new IllegalStateException("not today");
        }
    }

    private static final String HEADS = """
            {"name": "g", "base": "tiny.json", "axes": {"heads": {
               "dnd": {"transformer.heads": {"dnd": {"positions": [0, 1]}}},
               "vertical": {"transformer.heads": {"vertical": {"positions": [0, 1]}}}}},
             "seeds": [3, 4], "vary": "transformer", "report": ["bits_per_image", "loss", "reconstruction.l2", "words"]}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("tiny.json"), Tiny.EXPERIMENT);
    }

    private Operations operations() {
        return new Operations("cpu", 0, folder.resolve("runs"));
    }

    private Path grid(String json) throws IOException {
        return Files.writeString(folder.resolve("g.json"), json);
    }

    private Comparison.Compared run(Path grid, Progress progress) {
        return new Comparison(PLUGINS, operations()).run(grid, List.of(), null, progress);
    }

    private byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(folder.resolve("runs").resolve(file));
    }

    private Object key(String file) throws IOException {
        Path path = folder.resolve("runs").resolve(file);
        return Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class).fileKey();
    }

    /** Listens to which stages begin. */
    private static Progress listening(List<String> stages) {
        return new Progress() {
            @Override
            public void stage(String name, long total, String unit) {
                stages.add(name);
            }

            @Override
            public void at(long done, String note) {}

            @Override
            public boolean stopped() {
                return false;
            }
        };
    }

    @Test
    void oneTokenizerIsTrainedAndEveryTransformerIsAsIfAlone() throws IOException {
        Path grid = grid(HEADS);
        List<String> stages = new ArrayList<>();
        Comparison.Compared compared = run(grid, listening(stages));
        assertEquals(0, compared.failed());
        assertEquals(1, stages.stream().filter(s -> s.endsWith(": tokenizer")).count(), stages.toString());
        assertEquals(1, stages.stream().filter(s -> s.endsWith(": encode")).count(), stages.toString());
        assertEquals(4, stages.stream().filter(s -> s.endsWith(": transformer")).count(), stages.toString());
        assertEquals("dnd-3 (1 of 4): tokenizer", stages.get(0));
        for (String file : List.of("tokenizer.safetensors", "codes")) {
            assertEquals(key("g/dnd-3/" + file), key("g/vertical-4/" + file), file);
        }
        Map<?, ?> alone = alone("transformer.heads={\"vertical\":{\"positions\":[0,1]}}", "seeds.transformer=4");
        Result cell = compared.cells().get(3);
        assertEquals("vertical-4", cell.run());
        for (String metric : List.of("loss", "bits_per_image", "reconstruction", "words", "spread")) {
            assertEquals(alone.get(metric), cell.metrics().get(metric), metric);
        }
        assertArrayEquals(bytes("alone/samples/fox/1.png"), bytes("g/vertical-4/samples/fox/1.png"));
        assertNotEquals(compared.cells().get(1).metrics().get("loss"), cell.metrics().get("loss"), "another seed");
        assertEquals(2, compared.table().get(0).value().seeds());
        assertEquals(0, compared.table().stream()
                .filter(e -> e.metric().equals("reconstruction.l2"))
                .mapToDouble(e -> e.value().spread())
                .max()
                .orElseThrow(), "one tokenizer");
        String page = Files.readString(folder.resolve("runs/g/compare.html"));
        assertTrue(page.contains("data:image/png;base64,") && !page.contains("href="), page);
        assertTrue(Files.readString(folder.resolve("runs/g/compare.md")).contains("## loss ↓ by depth"));
        Map<?, ?> json = (Map<?, ?>) Json.read(Files.readString(folder.resolve("runs/g/compare.json")), "json");
        assertEquals(4, ((List<?>) json.get("cells")).size());
        assertEquals(List.of(), new Runs(PLUGINS, operations()).list().stream()
                .map(Runs.Summary::run)
                .filter(r -> !r.equals("alone"))
                .toList());
    }

    private Map<?, ?> alone(String... settings) throws IOException {
        String base = folder.resolve("tiny.json").toString();
        new Runs(PLUGINS, operations()).run(base, List.of(settings), "alone", Progress.NONE);
        Map<?, ?> report = (Map<?, ?>) Json.read(new String(bytes("alone/report.json"), "UTF-8"), "report");
        return (Map<?, ?>) report.get("metrics");
    }

    @Test
    void whatWasStoppedAnywhereGoesOnToTheSameResult() throws IOException {
        Path grid = grid(HEADS);
        Comparison.Compared whole = new Comparison(PLUGINS, operations()).run(grid, List.of(), "whole", Progress.NONE);
        for (String at : List.of(
                "dnd-3 (1 of 4): tokenizer",
                "dnd-3 (1 of 4): transformer",
                "vertical-3 (2 of 4): transformer",
                "dnd-4 (3 of 4): sample")) {
            assertThrows(Stopped.class, () -> run(grid, Watch.until(at, at.endsWith("sample") ? 0 : 1)), at);
        }
        Files.createDirectories(folder.resolve("runs/g/vertical-4"));
        Files.writeString(folder.resolve("runs/g/vertical-4/tokenizer.jsonl"), "a line that was cut sho");
        List<String> stages = new ArrayList<>();
        Comparison.Compared cut = run(grid, listening(stages));
        assertFalse(stages.stream().anyMatch(s -> s.contains("dnd-3") || s.contains("vertical-3")), stages.toString());
        for (int i = 0; i < 4; i++) {
            Map<String, Object> expected = new java.util.TreeMap<>(whole.cells().get(i).metrics());
            Map<String, Object> found = new java.util.TreeMap<>(cut.cells().get(i).metrics());
            expected.remove("codes_per_second");
            found.remove("codes_per_second");
            assertEquals(expected, found);
        }
        stages.clear();
        assertEquals(cut, run(grid, listening(stages)));
        assertEquals(List.of(), stages, "nothing is left to do");
    }

    @Test
    void aCellThatFailsIsMarkedAndTheOthersAreMade() throws IOException {
        Path grid = grid("""
                {"name": "g", "base": "tiny.json", "axes": {"codes": {"moody": {"tokenizer.decomposition": {"moody": {}}},
                   "residual": {}}}, "report": ["reconstruction.psnr"]}
                """);
        Watch listening = new Watch(w -> false);
        Comparison.Compared compared = run(grid, listening);
        assertEquals(1, compared.failed());
        Result moody = compared.cells().get(0);
        assertEquals("failed", moody.state());
        String why = "plugin 'moody' 0.1.0 (decomposition) failed in target: IllegalStateException: not today";
        assertTrue(moody.reason().contains(why), moody.reason());
        assertEquals("done", compared.cells().get(1).state());
        assertTrue(compared.notes().contains("Failed: moody: " + moody.reason()));
        assertTrue(listening.warnings.get(0).startsWith("moody (1 of 2): failed: "), listening.warnings.toString());
        assertTrue(Files.readString(folder.resolve("runs/g/compare.md")).contains("| moody"));
    }

    @Test
    void aTransformerThatSamplesDifferentlyIsTrainedOnce() throws IOException {
        Path grid = grid("""
                {"name": "g", "base": "tiny.json", "axes": {"guidance": {
                   "1": {"sampling.options.guidance": 1}, "2": {"sampling.options.guidance": 2}}},
                 "report": ["words", "bits_per_image"]}
                """);
        List<Comparison.Listed> listed = new Comparison(PLUGINS, operations()).list(grid, List.of(), null);
        assertEquals(List.of("to make", "of 1"), listed.stream().map(Comparison.Listed::transformer).toList());
        assertFalse(Files.exists(folder.resolve("runs")), "a list makes nothing");
        List<String> stages = new ArrayList<>();
        Comparison.Compared compared = run(grid, listening(stages));
        assertEquals(1, stages.stream().filter(s -> s.endsWith(": transformer")).count(), stages.toString());
        assertEquals(2, stages.stream().filter(s -> s.endsWith(": sample")).count(), stages.toString());
        assertEquals(key("g/1/transformer.safetensors"), key("g/2/transformer.safetensors"));
        assertEquals(compared.cells().get(0).metrics().get("loss"), compared.cells().get(1).metrics().get("loss"));
        listed = new Comparison(PLUGINS, operations()).list(grid, List.of(), null);
        assertEquals(List.of("there", "there"), listed.stream().map(Comparison.Listed::transformer).toList());
        assertEquals(List.of("done", "done"), listed.stream().map(Comparison.Listed::state).toList());
    }

    @Test
    void tokenizersCanBeginWithOneThatIsTrainedForAll() throws IOException {
        Path grid = grid("""
                {"name": "g", "base": "tiny.json", "begin": {"tokenizer.training.steps": 2}, "axes": {"beam": {
                   "1": {"tokenizer.beam": 1}, "2": {"tokenizer.beam": 2}}}, "report": ["reconstruction.l2"]}
                """);
        List<String> stages = new ArrayList<>();
        Comparison.Compared compared = run(grid, listening(stages));
        assertEquals(0, compared.failed(), compared.notes().toString());
        assertEquals(
                List.of("1 (1 of 2): what it begins with: tokenizer", "1 (1 of 2): tokenizer", "2 (2 of 2): tokenizer"),
                stages.stream().filter(s -> s.endsWith(": tokenizer")).toList());
        stages.clear();
        run(grid, listening(stages));
        assertEquals(List.of(), stages);
    }

    @Test
    void anExperimentThatCannotBeIsSaidBeforeAnythingIsMade() throws IOException {
        Path grid = grid(HEADS.replace("\"vertical\": {\"positions\": [0, 1]}", "\"vertical\": {\"positions\": [0, 7]}"));
        String message = assertThrows(UserError.class, () -> run(grid, Progress.NONE)).getMessage();
        assertTrue(message.contains("as 'vertical': "), message);
        assertFalse(Files.exists(folder.resolve("runs")));
        Path metric = grid(HEADS.replace("bits_per_image", "bits"));
        assertTrue(assertThrows(UserError.class, () -> run(metric, Progress.NONE)).getMessage().contains("bits_per_image"));
        assertFalse(Files.exists(folder.resolve("runs")));
    }

    @Test
    void aRunOfAnotherExperimentIsLeftAlone() throws IOException {
        Path grid = grid("""
                {"name": "g", "base": "tiny.json", "report": ["usage"]}
                """);
        run(grid, Progress.NONE);
        byte[] before = bytes("g/base/experiment.json");
        List<String> longer = List.of("tokenizer.training.steps=4");
        Comparison comparison = new Comparison(PLUGINS, operations());
        assertEquals("made with another configuration", comparison.list(grid, longer, null).get(0).state());
        Result cell = comparison.run(grid, longer, null, Progress.NONE).cells().get(0);
        assertEquals("failed", cell.state());
        assertTrue(cell.reason().contains("was made with another configuration"), cell.reason());
        assertArrayEquals(before, bytes("g/base/experiment.json"));
    }
}
