package org.dnd4j.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dnd4j.core.Tiny;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Png;
import org.dnd4j.core.json.Json;
import org.dnd4j.heads.Dnd;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every verb through the door, on an experiment of two words and three steps of each training. */
class VerbsTest {
    private static final Plugins PLUGINS = Plugins.of("0.1.0", Residual.class, Dnd.class, Llama.class, RqVae.class);

    @TempDir
    static Path folder;

    private static Path config;
    private static Path runs;

    record Said(int code, String out, String err) {}

    @BeforeAll
    static void write() throws IOException {
        config = Files.writeString(folder.resolve("tiny.json"), Tiny.EXPERIMENT);
        runs = folder.resolve("runs");
        Said said = say("run", config.toString(), "--runs", runs.toString(), "--device", "cpu");
        assertEquals(0, said.code, said.err);
    }

    private static Said say(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Console.run(
                Verbs.all(() -> PLUGINS),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatShowPrintsCanBeSavedAndRun() throws IOException {
        String words = "[\"" + "a b c d e f g h i j k l m n o p q r s t".replace(" ", "\", \"") + "\"]";
        Path many = Files.writeString(folder.resolve("many.json"), Tiny.EXPERIMENT.replace("[\"sun\", \"fox\"]", words));
        Said shown = say("show", many.toString());
        assertEquals(0, shown.code, shown.err);
        assertTrue(shown.out.contains("\"t\"") && !shown.out.contains("…"), shown.out);
        Path saved = Files.writeString(folder.resolve("saved.json"), shown.out);
        assertEquals(shown, say("show", saved.toString()));
        assertEquals(shown, say("show", saved.toString(), "--json"));
    }

    @Test
    void aGridIsListedAndComparedAndOneThatFailsSaysSo() throws IOException {
        Path grid = Files.writeString(folder.resolve("grid.json"), """
                {"name": "grid", "base": "tiny.json", "axes": {"k": {"8": {"tokenizer.codes": 8},
                  "8, too bold": {"tokenizer.codes": 8, "tokenizer.training.learningRate": 1e30,
                                  "tokenizer.training.steps": 5}}}, "report": ["reconstruction.l2", "loss"]}
                """);
        String at = runs.toString();
        Said listed = say("compare", grid.toString(), "--list", "--runs", at, "--device", "cpu");
        assertEquals(0, listed.code, listed.err);
        assertTrue(listed.out.lines().anyMatch(l -> l.matches("8 +8 +- +2×8 on 4×4 +to make +to make +missing")), listed.out);
        Said said = say("compare", grid.toString(), "--runs", at, "--device", "cpu");
        assertEquals(1, said.code, said.out);
        assertTrue(said.out.contains("Failed: 8-too-bold: ") && said.out.contains("a lower learningRate"), said.out);
        assertTrue(said.out.strip().endsWith("grid/compare.html"), said.out);
        Said json = say("compare", grid.toString(), "--runs", at, "--device", "cpu", "--json");
        assertEquals(2, ((List<?>) ((Map<?, ?>) Json.read(json.out, "compare")).get("cells")).size());
        assertEquals(2, say("compare", grid.toString(), "--name", "a/b").code);
        assertEquals(1, say("compare", "nowhere.json").code);
    }

    /** Everything that opens a device; 'runs', 'show' and 'plugins' open none. */
    @Test
    void aDeviceThatIsNotThereIsOneLine() {
        String tiny = config.toString();
        for (String[] verb : new String[][] {
            {"run", tiny, "--name", "nowhere"}, {"train-tokenizer", tiny, "--name", "nowhere"}, {"encode", "tiny"},
            {"train", "tiny"}, {"sample", "tiny"}, {"reconstruct", "tiny"}, {"eval", "tiny"}, {"check"}, {"bench", "decode"}
        }) {
            for (String device : List.of("gpu7", "tpu")) {
                Said said = say(with(new String[] {"--device", device, "--runs", runs.toString()}, verb));
                assertEquals(1, said.code, verb[0]);
                assertEquals("", said.out, verb[0]);
                assertEquals(1, said.err.lines().count(), said.err);
                assertTrue(said.err.matches("(?s)dnd4j: (no|unknown) device '" + device + "': .*"), said.err);
            }
        }
        assertFalse(Files.exists(runs.resolve("nowhere")));
    }

    @Test
    void aPictureThatIsTooSmallIsNotEnlarged() {
        Path small = folder.resolve("small.png");
        Png.write(small, Picture.filled(20, 20, 0x123456));
        Said said = say("reconstruct", "tiny", small.toString(), "--runs", runs.toString(), "--device", "cpu");
        assertEquals(1, said.code);
        assertTrue(said.err.contains("small.png: is 20x20, smaller than the crop of 32x32"), said.err);
    }

    @Test
    void lenientIsShortForASetting() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        for (int i = 0; i < 12; i++) {
            Png.write(pictures.resolve(i + ".png"), Picture.filled(32, 32, 0x151515 * i));
        }
        Files.writeString(pictures.resolve("bad.png"), "no picture");
        String config = Files.writeString(folder.resolve("photos.json"), Tiny.EXPERIMENT.replaceFirst(
                        "(?s)\\{\"glyphs\": .*?}}", "{\"folder\": {\"path\": \"" + pictures + "\", \"side\": 32}}"))
                .toString();
        String[] at = {"--device", "cpu", "--runs", runs.toString(), "--name", "photos"};
        assertTrue(say(with(at, "train-tokenizer", config)).err.contains("bad.png: is not a picture"));
        Said trained = say(with(at, "train-tokenizer", config, "--lenient"));
        assertEquals(0, trained.code, trained.err);
        assertTrue(say("show", "photos", "--runs", runs.toString()).out.contains("\"lenient\" : true"));
        String strict = say(with(at, "encode", config)).err;
        assertTrue(strict.contains("(there \"lenient\" : true, asked for \"lenient\" : false)"), strict);
        assertEquals(0, say(with(at, "encode", config, "--lenient")).code);
        assertEquals(0, say(with(at, "encode", config, "--set", "data.folder.lenient=true")).code);
        assertEquals(0, say("encode", "photos", "--runs", runs.toString(), "--device", "cpu").code);
    }

    @Test
    void lenientIsRefusedWhereItMeansNothing() {
        for (String[] wrong : new String[][] {
            {"run", "tiny", "goes with a configuration file, and 'tiny' is a run"},
            {"encode", "tiny", "goes with a configuration file, and 'tiny' is a run"},
            {"run", config.toString(), ": data of the kind 'glyphs' is drawn, so no picture can be unreadable"},
            {"train-tokenizer", config.toString(), ": data of the kind 'glyphs' is drawn, so no picture can be unreadable"},
        }) {
            Said said = say(wrong[0], wrong[1], "--lenient", "--runs", runs.toString(), "--device", "cpu");
            assertEquals(1, said.code);
            assertEquals(1, said.err.lines().count(), said.err);
            assertTrue(said.err.startsWith("dnd4j: --lenient") && said.err.strip().endsWith(wrong[2]), said.err);
        }
    }

    private static String[] with(String[] more, String... first) {
        return Stream.of(first, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private static Said tiny(String verb, String... more) {
        return say(with(with(new String[] {"--runs", runs.toString()}, more), verb));
    }

    @Test
    void runsListsTheRun() {
        Said said = tiny("runs");
        assertEquals(0, said.code, said.err);
        assertTrue(said.out.startsWith("RUN "), said.out);
        assertTrue(said.out.lines().anyMatch(l -> l.matches("tiny +3 steps +yes +3 steps +.*report.html .*")), said.out);
        assertEquals("none", say("runs", "--runs", folder.resolve("empty").toString()).out.strip());
    }

    @Test
    void pluginsListsThePlugins() {
        Said said = say("plugins");
        assertEquals(0, said.code, said.err);
        assertTrue(said.out.lines().anyMatch(l -> l.matches("backbone +llama +0\\.1\\.0 .*")), said.out);
        assertEquals(1 + PLUGINS.all().size(), said.out.lines().count());
    }

    @Test
    void showKnowsRunsByName() {
        Said said = tiny("show", "tiny");
        assertEquals(0, said.code, said.err);
        assertTrue(said.out.contains("\"tokenDropout\" : 0.1"), said.out);
        Said none = tiny("show", "tinny");
        assertEquals(1, none.code);
        assertTrue(none.err.startsWith("dnd4j: there is no run 'tinny' in "), none.err);
    }

    @Test
    void evalMeasures() {
        Said said = tiny("eval", "tiny", "--device", "cpu", "--json");
        assertEquals(0, said.code, said.err);
        Map<?, ?> metrics = (Map<?, ?>) Json.read(said.out, "eval");
        assertEquals(2, ((List<?>) ((Map<?, ?>) metrics.get("reconstruction")).get("psnr")).size());
        assertTrue(tiny("eval", "tiny", "--device", "cpu").out.lines().anyMatch(l -> l.startsWith("bits_per_image ")));
    }

    @Test
    void reconstructWritesASheet() {
        Path sheet = folder.resolve("sheet.png");
        Said said = tiny("reconstruct", "tiny", "--out", sheet.toString(), "--device", "cpu");
        assertEquals(0, said.code, said.err);
        assertEquals("reconstructions  " + sheet, said.out.strip());
        assertTrue(Png.read(sheet).width() > 3 * 32);
    }

    @Test
    void sampleWritesPicturesOfAClass() {
        Path out = folder.resolve("samples");
        Said said = tiny(
                "sample", "tiny", "--class", "fox", "-n", "3", "--out", out.toString(), "--json", "--device", "cpu");
        assertEquals(0, said.code, said.err);
        List<?> files = (List<?>) ((Map<?, ?>) Json.read(said.out, "sample")).get("pictures");
        assertEquals(3, files.size());
        assertTrue(files.stream().allMatch(f -> Png.read(Path.of((String) f)).width() == 32), said.out);
        Said other = tiny("sample", "tiny", "--class", "fix", "--out", out.toString(), "--device", "cpu");
        assertEquals(1, other.code);
        assertTrue(other.err.contains("--class fix: is none of the run's 2 classes: one of fox, sun"), other.err);
        assertEquals(2, tiny("sample", "tiny", "-n", "0").code);
        assertEquals(2, tiny("sample", "tiny", "--precision", "int3").code);
    }

    @Test
    void runAndItsArrowsHaveNothingLeftToDo() {
        for (String verb : List.of("run", "train-tokenizer", "encode", "train")) {
            Said said = tiny(verb, "tiny", "--device", "cpu");
            assertEquals(0, said.code, said.err);
            assertTrue(said.out.contains("tiny"), said.out);
        }
    }

    @Test
    void benchMeasures() {
        Said said = say("bench", "decode", "--preset", "toy", "--precision", "float32", "--positions", "1", "--repeats", "1",
                "--device", "cpu");
        assertEquals(0, said.code, said.err);
        assertTrue(said.out.lines().anyMatch(l -> l.matches(" *decode +toy +float32 .*")), said.out);
        Said wrong = say("bench", "encode");
        assertEquals(1, wrong.code);
        assertEquals("dnd4j: unknown work 'encode': one of decode, codes, quantize, swap, train, tokenizer", wrong.err.strip());
    }

    @Test
    void whatCodesFromElsewhereNeedIsAskedFor() {
        for (String[] wrong : new String[][] {
            {"import codes x --name y", "say what learns them, with --config or --tokenizer-of"},
            {"import codes --name y --config z.json", "name the folders alone"},
            {"import codes x --name y --config z.json --labels a --classes 3", "is said by --labels"},
            {"import dnd --tokenizer t.pt --name y --classes 3", "go with import codes"},
            {"import codes x --name y --config z.json --side 16 --heads 1", "--heads, --grid or --side: means nothing for codes"},
            {"import rqvae --tokenizer t.pt --name y --preset B", "--preset: means nothing for a tokenizer alone"},
            {"import llamagen --tokenizer t.pt --tokenizer-config c --name y", "--tokenizer-config: means nothing for llamagen"},
            {"encode y --augment five-crop", "must be none, mirror or ten-crop"},
            {"bench codes --draws 0", "each must be at least 1"},
            {"bench quantize --guidance 2", "--guidance: means nothing for bench quantize"},
            {"bench codes --file x --images 3", "--images: means nothing for bench codes of a file"}
        }) {
            Said said = say(wrong[0].split(" "));
            assertEquals(2, said.code, said.err);
            assertTrue(said.err.contains(wrong[1]), said.err);
        }
        Said none = say("import", "codes", folder.resolve("none").toString(), "--name", "y", "--config", "z.json");
        assertEquals(1, none.code);
        assertTrue(none.err.contains("none: is not a folder"), none.err);
    }

    @Test
    void checkSaysWhatPassedAndWhatDidNot() throws Exception {
        Path shipped = Path.of(VerbsTest.class.getResource("/check/xiii_preprocess/manifest.json").toURI()).getParent();
        Said said = say("check", shipped.toString(), "--device", "cpu");
        assertEquals(0, said.code, said.err);
        assertTrue(said.out.lines().anyMatch(l -> l.matches("passed +1")), said.out);
        Path broken = Files.createDirectories(folder.resolve("cases/broken"));
        Files.writeString(broken.resolve("manifest.json"), "{");
        Said off = say("check", broken.getParent().toString(), "--device", "cpu", "--json");
        assertEquals(1, off.code);
        assertTrue(off.out.contains("\"failed\" : 1"), off.out);
        assertEquals(1, say("check", folder.resolve("nowhere").toString()).code);
    }
}
