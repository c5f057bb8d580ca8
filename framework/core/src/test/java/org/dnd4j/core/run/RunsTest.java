package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Tiny;
import org.dnd4j.core.Watch;
import org.dnd4j.core.checkpoint.Safetensors;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Png;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.cosine.Cosine;
import org.dnd4j.heads.Dnd;
import org.dnd4j.heads.One;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Generator;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.dnd4j.unrolled.Unrolled;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The whole trip, tiny: two words, three steps of each training. */
class RunsTest {
    private static final Plugins PLUGINS =
            Plugins.of(
            "0.1.0", Residual.class, Cosine.class, Dnd.class, One.class, Llama.class, Unrolled.class, RqVae.class, Moody.class,
            Short.class, Count.class);

    /** Fails whenever it is asked. */
    @Plugin("moody")
    record Moody() implements HeadTopology {
        @Override
        public List<Tap> taps(int layers, int depth) {
            throw new IllegalStateException("not today");
        }
    }

    /** Has no tap for the last depth. */
    @Plugin("short")
    record Short() implements HeadTopology {
        @Override
        public List<Tap> taps(int layers, int depth) {
            return List.of(new Tap(0, 0, false));
        }
    }

    /** Learns how often each code is used, and draws code 0. */
    @Plugin("count")
    record Count() implements Generator {
        @Override
        public List<Weight> weights(CodeSpace space, int rows, int columns, int classes) {
            return List.of(Weight.of("logits", space.size(0)));
        }

        @Override
        public NDArray loss(NDArray codes, NDArray classes, Key key, Weights w) {
            NDArray logits = w.get("logits").expandDims(0).repeat(0, codes.size()); // [n,K]
            return logits.logSoftmax(1).gather(codes.reshape(-1, 1), 1).mean().neg(); // []
        }

        @Override
        public NDArray sample(NDArray classes, long[] shape, Key key, Weights w) {
            Shape all = new Shape(classes.size(), shape[0], shape[1], shape[2]);
            return w.torch().manager().zeros(all, DataType.INT64); // [b,h,w,D]
        }
    }

    @TempDir
    Path folder;

    private Path config;

    @BeforeEach
    void write() throws IOException {
        config = Files.writeString(folder.resolve("tiny.json"), Tiny.EXPERIMENT);
    }

    private Runs runs(String at) {
        return new Runs(PLUGINS, new Operations("cpu", 0, folder.resolve(at)));
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
        List<?> bits = (List<?>) metrics.get("bits_by_depth");
        assertEquals((Double) loss.get(0) * 16, (Double) bits.get(0) * Math.log(2), 1e-9);
        assertEquals(1, (Double) bits.get(1) / (Double) metrics.get("bits_per_image"), 1e-6);
        double words = (Double) metrics.get("words"); // of four pictures
        assertTrue(words >= 0 && words <= 1 && words * 4 == Math.rint(words * 4), words + "");
        assertTrue(((Map<?, ?>) report.get("seconds")).keySet().containsAll(List.of("tokenizer", "encode", "transformer")));
        Map<?, ?> splits = (Map<?, ?>) metrics.get("splits");
        metrics.keySet().forEach(metric -> assertTrue(
                metric.equals("splits") || splits.get(metric) != null, metric + ": of which pictures?"));
        assertEquals("validation", splits.get("loss"));
        assertEquals(Map.of("real", "train", "sampled", "samples"), splits.get("spread"));
        assertEquals(0L, ((Map<?, ?>) metrics.get("pictures")).get("skipped"));
        String page = Files.readString(run.resolve("report.html"));
        assertTrue(page.contains("<td>spread.real</td><td class=\"number\">train</td>"), page);
        assertTrue(page.contains("<td>reconstruction.psnr</td><td class=\"number\">validation</td>"), page);
        assertFalse(page.contains("src=\"http") || page.contains("href="), "the page must hold everything itself");
        try (Stream<Path> files = Files.walk(run)) {
            assertTrue(files.noneMatch(f -> f.toString().endsWith(".tmp") || f.toString().endsWith(".half")));
        }
        assertEquals(List.of("tiny"), runs("a").list().stream().map(Runs.Summary::run).toList());
    }

    @Test
    void aRunThatWasStoppedAnywhereEndsInTheSameBits() throws IOException {
        runs("whole").run(config.toString(), List.of(), null, Progress.NONE);
        for (Watch stop : List.of(Watch.until("tokenizer", 2), Watch.until("encode", 1), Watch.until("transformer", 1))) {
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

    private static final String UNROLLED = "transformer={\"generator\": {\"unrolled\": {\"dim\": 32, \"blocks\": 2,"
            + " \"heads\": 2, \"multipleOf\": 32}}, \"training\": {\"steps\": 3, \"batch\": 4}}";

    /** A generator in the transformer's place: the same files, the same numbers, the same verbs. */
    @Test
    void aTripWithAGenerator() throws IOException {
        runs("a").run(config.toString(), List.of(UNROLLED), null, Progress.NONE);
        Path run = folder.resolve("a/tiny");
        Map<?, ?> report = (Map<?, ?>) Json.read(Files.readString(run.resolve("report.json")), "report");
        Map<?, ?> metrics = (Map<?, ?>) report.get("metrics");
        List<?> loss = (List<?>) metrics.get("loss");
        assertEquals(2, loss.size());
        assertEquals(Math.log(16), (Double) loss.get(0), 0.2, "three steps from where all codes are as probable");
        double nats = ((Double) loss.get(0) + (Double) loss.get(1)) * 16;
        assertEquals(1, (Double) metrics.get("bits_per_image") * Math.log(2) / nats, 1e-6);
        assertTrue(metrics.containsKey("accuracy") && metrics.containsKey("class_gap"), metrics.toString());
        assertEquals("unrolled@0.1.0", ((Map<?, ?>) report.get("versions")).get("generator"));
        assertTrue(Files.readString(run.resolve("report.html")).contains("; predicted by unrolled@0.1.0."));
        Safetensors checkpoint = Safetensors.open(run.resolve("transformer.safetensors"));
        assertEquals("unrolled@0.1.0", checkpoint.metadata().get("generator"));
        assertTrue(checkpoint.has("layers.1.attention.wo.weight") && checkpoint.has("codes.1.weight"));
        assertEquals(32, Png.read(run.resolve("samples/fox/1.png")).width());

        Sampling wild = new Sampling(2., 3, List.of(1.0, 0.7), List.of(8), List.of(0.9), null, null);
        for (Precision precision : List.of(Precision.FLOAT32, Precision.INT8)) {
            SampleStage.Order order = new SampleStage.Order(new int[] {0, 1}, null, 0, wild, precision, 2, 1);
            assertEquals(2, runs("a").sample("tiny", folder.resolve("out"), Progress.NONE, wish -> order).size());
        }
        String export = assertThrows(UserError.class, () -> runs("a").export("tiny", folder.resolve("out"), Progress.NONE))
                .getMessage();
        assertTrue(export.startsWith("generator 'unrolled' has names that nobody publishes, so its run cannot be exported: "), export);
        runs("a").train(null, List.of("transformer.training={\"steps\": 1, \"batch\": 4, \"learningRate\": 1e-9}"), "more", "tiny", Progress.NONE);
        Safetensors more = Safetensors.open(folder.resolve("a/more/transformer.safetensors"));
        assertArrayEquals(
                checkpoint.floats("ema.codes.0.weight"), more.floats("codes.0.weight"), 1e-5f, "it begins where the other ended");
    }

    @Test
    void aGeneratorThatWasStoppedEndsInTheSameBits() throws IOException {
        runs("whole").run(config.toString(), List.of(UNROLLED), null, Progress.NONE);
        for (Watch stop : List.of(Watch.until("transformer", 2), Watch.until("sample", 0))) {
            assertThrows(Stopped.class, () -> runs("cut").run(config.toString(), List.of(UNROLLED), null, stop));
        }
        runs("cut").run("tiny", List.of(), null, Progress.NONE);
        for (String file : List.of("transformer.safetensors", "samples/fox/1.png")) {
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("whole/tiny").resolve(file)),
                    Files.readAllBytes(folder.resolve("cut/tiny").resolve(file)),
                    file);
        }
    }

    @Test
    void aGeneratorThatDoesNotPredictDrawsItsOwnWay() throws IOException {
        String plan = "transformer={\"generator\": {\"count\": {}}, \"training\": {\"steps\": 3, \"batch\": 4}}";
        String guided = complaint("a", plan);
        assertTrue(guided.contains("guidance, temperature and the like are for models that predict codes one after another"), guided);
        String plain = "sampling.options=null";
        String dropped = complaint("a", plan, plain, "transformer.classDropout=0.1");
        assertTrue(dropped.contains("classDropout is 0.1: must be 0, as generator 'count' does not predict codes"), dropped);
        Watch listening = new Watch(w -> false);
        runs("a").run(config.toString(), List.of(plan, plain), null, listening);
        assertTrue(listening.warnings.contains("loss is not measured: count@0.1.0 does not predict codes one after another"),
                listening.warnings.toString());
        Path run = folder.resolve("a/tiny");
        assertArrayEquals(Files.readAllBytes(run.resolve("samples/fox/0.png")), Files.readAllBytes(run.resolve("samples/fox/1.png")));
        assertFalse(Files.readString(run.resolve("report.json")).contains("bits_per_image\""));
        String options = assertThrows(UserError.class, () -> runs("a").sample("tiny", null, Progress.NONE, wish -> order()))
                .getMessage();
        assertTrue(options.startsWith("guidance, temperature and the like"), options);
        Watch stop = Watch.until("sample", 0);
        assertThrows(Stopped.class, () -> runs("a").run("tiny", List.of(), null, stop));
    }

    private double seconds(String stage) throws IOException {
        Path report = folder.resolve("a/tiny/report.json");
        Map<?, ?> all = (Map<?, ?>) Json.read(Files.readString(report), "report");
        return (Double) ((Map<?, ?>) all.get("seconds")).get(stage);
    }

    @Test
    void theTimeOfAStageIsThatOfItsWork() throws IOException {
        assertThrows(Stopped.class, () -> runs("a").run(config.toString(), List.of(), null, Watch.until("encode", 1)));
        Path measured = folder.resolve("a/tiny/measured.json");
        Map<?, ?> stopped = (Map<?, ?>) Json.read(Files.readString(measured), "measured");
        double first = (Double) ((Map<?, ?>) stopped.get("seconds")).get("encode");
        runs("a").run("tiny", List.of(), null, Progress.NONE);
        double encode = seconds("encode");
        assertTrue(encode > first, first + " s, then " + encode + " s in all");
        double evaluate = seconds("evaluate");
        runs("a").run("tiny", List.of(), null, Progress.NONE);
        assertEquals(encode, seconds("encode"), "finding the codes done is no work");
        assertTrue(seconds("evaluate") > evaluate);
    }

    @Test
    void aTableThatHasCollapsedIsSaid() {
        Watch listening = new Watch(w -> false);
        List<String> asBefore = List.of("tokenizer.codebooks.start=published", "tokenizer.codebooks.restart=false");
        runs("w").run(config.toString(), asBefore, null, listening);
        boolean said = listening.warnings.stream().anyMatch(w -> w.startsWith("the table of depth 0 has collapsed: only "));
        assertTrue(said, listening.warnings.toString());
    }

    @Test
    void aDirectoryHoldsOneExperimentAndOneWriter() {
        Runs runs = runs("b");
        runs.trainTokenizer(config.toString(), List.of(), null, null, Progress.NONE);
        String other = assertThrows(
                        UserError.class,
                        () -> runs.trainTokenizer(config.toString(), List.of("tokenizer.beam=2"), null, null, Progress.NONE))
                .getMessage();
        assertTrue(other.contains("another configuration (there \"beam\" : 1, asked for \"beam\" : 2)"), other);
        try (RunDirectory.Claim claim = new RunDirectory(folder.resolve("b/tiny")).claim()) {
            String busy = assertThrows(
                            UserError.class,
                            () -> runs.trainTokenizer(config.toString(), List.of(), null, null, Progress.NONE))
                    .getMessage();
            assertTrue(busy.contains("is in use"), busy);
        }
        String none = assertThrows(UserError.class, () -> runs.encode("tinny", List.of(), null, Progress.NONE)).getMessage();
        assertTrue(none.endsWith("there is only tiny"), none);
        String early = assertThrows(UserError.class, () -> runs.sample("tiny", null, Progress.NONE, wish -> null)).getMessage();
        assertTrue(early.contains("is not there yet"), early);
    }

    @Test
    void picturesThatWereLeftOutAreCounted() throws IOException {
        for (int i = 0; i < 8; i++) {
            Png.write(folder.resolve("train/" + i + ".png"), Picture.filled(32, 32, i << 5));
            Png.write(folder.resolve("held/" + i + ".png"), Picture.filled(32, 32, i << 4));
        }
        for (String damaged : List.of("train/a.png", "train/b.png", "held/c.png")) {
            Files.writeString(folder.resolve(damaged), "no picture");
        }
        String data = "data={\"folder\":{\"path\":\"" + folder.resolve("train") + "\",\"side\":32,\"lenient\":true%s}}";
        String apart = ",\"validation\":\"" + folder.resolve("held") + "\"";
        Runs runs = runs("a");
        for (String validation : List.of("", apart)) {
            String name = validation.isEmpty() ? "one" : "two";
            runs.run(config.toString(), List.of(data.formatted(validation), "sampling.perClass=0"), name, Progress.NONE);
            Files.delete(folder.resolve("a/" + name + "/measured.json"));
            Map<?, ?> pictures = (Map<?, ?>) runs.evaluate(name, List.of(), List.of(), Progress.NONE).get("pictures");
            assertEquals(validation.isEmpty() ? 2 : 3, pictures.get("skipped"));
        }
    }

    private String complaint(String at, String... settings) {
        return assertThrows(
                        UserError.class, () -> runs(at).run(config.toString(), List.of(settings), null, Progress.NONE))
                .getMessage();
    }

    @Test
    void whatCannotEndWellIsSaidBeforeAnythingIsTrained() {
        for (String[] wrong : new String[][] {
            {"data.glyphs.heldOut=0", "nothing to judge by"},
            {"transformer.variants=10", "variants is 10: these pictures are encoded in 1"},
            {"transformer.heads={\"moody\":{}}", "plugin 'moody' 0.1.0 (headtopology) failed in taps: IllegalStateException: not today"},
            {"transformer.heads={\"short\":{}}", "plugin 'short' 0.1.0 (headtopology) breaks law H1: taps returned [Tap["},
            {"tokenizer.codes=2000000000", "the memory does not suffice"},
            {"data={\"folder\":{\"path\":\"nowhere\",\"side\":32}}", "it does not exist"},
        }) {
            String message = complaint("new/deep", wrong[0]);
            assertTrue(message.contains(wrong[1]), message);
            assertEquals(1, message.lines().count(), message);
            assertFalse(Files.exists(folder.resolve("new")), wrong[0] + " left something behind");
        }
    }

    @Test
    void aTrainingThatFailsBeforeItsFirstCheckpointCanBePutRightUnderTheSameName() {
        String message = complaint("b", "tokenizer.training.learningRate=1e30", "tokenizer.training.steps=5");
        assertTrue(message.contains("a lower learningRate"), message);
        assertFalse(Files.exists(folder.resolve("b")));
    }

    @Test
    void codesAreThoseOfAFinishedTokenizer() {
        Runs runs = runs("a");
        assertThrows(
                Stopped.class,
                () -> runs.trainTokenizer(config.toString(), List.of(), null, null, Watch.until("tokenizer", 2)));
        for (Executable early : List.<Executable>of(
                () -> runs.encode("tiny", List.of(), null, Progress.NONE), () -> runs.train("tiny", List.of(), null, null, Progress.NONE))) {
            String message = assertThrows(UserError.class, early).getMessage();
            assertTrue(message.contains("has taken 2 of its 3 steps; 'train-tokenizer tiny' or 'run tiny'"), message);
            assertEquals(1, message.lines().count(), message);
        }
        assertFalse(Files.exists(folder.resolve("a/tiny/codes")));
    }

    @Test
    void aTransformerThatLearntOtherCodesIsNotKeptInSilence() throws IOException {
        Runs runs = runs("a");
        runs.run(config.toString(), List.of(), null, Progress.NONE);
        runs.trainTokenizer(config.toString(), List.of("seed=4"), "other", null, Progress.NONE);
        Path run = folder.resolve("a/tiny");
        byte[] codes = Files.readAllBytes(run.resolve("codes"));
        Files.copy(
                folder.resolve("a/other/tokenizer.safetensors"),
                run.resolve("tokenizer.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        for (Executable stale : List.<Executable>of(
                () -> runs.run("tiny", List.of(), null, Progress.NONE),
                () -> runs.encode("tiny", List.of(), null, Progress.NONE),
                () -> runs.sample("tiny", null, Progress.NONE, wish -> order()))) {
            String message = assertThrows(UserError.class, stale).getMessage();
            assertTrue(message.contains("learnt the codes of another tokenizer"), message);
            assertTrue(message.endsWith("delete it, or choose another --name"), message);
        }
        assertArrayEquals(codes, Files.readAllBytes(run.resolve("codes")));
        Files.delete(run.resolve("transformer.safetensors"));
        runs.run("tiny", List.of(), null, Progress.NONE);
        assertFalse(Arrays.equals(codes, Files.readAllBytes(run.resolve("codes"))));
    }

    /** LlamaGen's kind of tokenizer: latents and codes are directions, one code a position. */
    @Test
    void aTripWithCodesThatAreDirections() throws IOException {
        List<String> settings = List.of(
                "tokenizer.autoencoder.rqvae.unit=true",
                "tokenizer.decomposition={\"cosine\": {\"entropy\": 0.1}}",
                "tokenizer.depth=1",
                "transformer.heads={\"one\": {}}");
        runs("a").run(config.toString(), settings, null, Progress.NONE);
        Map<?, ?> report = (Map<?, ?>) Json.read(Files.readString(folder.resolve("a/tiny/report.json")), "report");
        assertEquals(1.0, (Double) ((List<?>) ((Map<?, ?>) report.get("metrics")).get("norm")).get(0), 1e-5);
        UserError refused = assertThrows(UserError.class, () -> runs("b").run(
                config.toString(), List.of("tokenizer.decomposition={\"cosine\": {}}"), null, Progress.NONE));
        assertTrue(refused.getMessage().contains("cosine: depth 2: a direction is one code"), refused.getMessage());
        assertFalse(Files.exists(folder.resolve("b/tiny")));
    }

    /** One picture of the first class. */
    private static SampleStage.Order order() {
        return order(Precision.FLOAT32);
    }

    private static SampleStage.Order order(Precision precision) {
        return new SampleStage.Order(new int[] {0}, null, 0, Sampling.greedy(1), precision, 1, 2);
    }

    @Test
    void picturesAreDrawnInWholeNumbers() {
        runs("a").run(config.toString(), List.of("sampling.precision=int8"), null, Progress.NONE);
        runs("a").sample("tiny", folder.resolve("four"), Progress.NONE, wish -> order(Precision.INT4));
        assertTrue(Files.exists(folder.resolve("four")));
    }

    @Test
    void aDamagedRunIsListedWithTheOthers() throws IOException {
        Runs runs = runs("a");
        runs.trainTokenizer(config.toString(), List.of(), "good", null, Progress.NONE);
        runs.trainTokenizer(config.toString(), List.of(), "bad", null, Progress.NONE);
        Files.writeString(folder.resolve("a/bad/tokenizer.safetensors"), "");
        assertEquals(
                Map.of("good", "3 steps", "bad", "damaged"),
                runs.list().stream().collect(Collectors.toMap(Runs.Summary::run, Runs.Summary::tokenizer)));
    }

    @Test
    void foldersThatWereThereStay() throws IOException {
        Files.createDirectories(folder.resolve("mine"));
        complaint("mine", "data.glyphs.heldOut=0");
        assertTrue(Files.isDirectory(folder.resolve("mine")));
        complaint("long", "name=" + "a".repeat(300));
        assertFalse(Files.exists(folder.resolve("long")));
        Files.writeString(folder.resolve("file"), "");
        assertTrue(complaint("file").contains("cannot be made or written: "), complaint("file"));
        assertTrue(Files.isRegularFile(folder.resolve("file")));
    }

    @Test
    void picturesAreWrittenWhereTheyCanBe() throws IOException {
        Runs runs = runs("a");
        runs.trainTokenizer(config.toString(), List.of(), null, null, Progress.NONE);
        Path sheet = folder.resolve("sheet.png");
        assertEquals(sheet, runs.reconstruct("tiny", List.of(), sheet, Progress.NONE));
        assertTrue(Png.read(sheet).width() > 32);
        String folderThere = assertThrows(
                        UserError.class, () -> runs.reconstruct("tiny", List.of(), folder, Progress.NONE))
                .getMessage();
        assertTrue(folderThere.contains("is a folder"), folderThere);
        String fileThere = assertThrows(
                        UserError.class, () -> runs.sample("tiny", sheet, Progress.NONE, wish -> null))
                .getMessage();
        assertTrue(fileThere.contains("is a file"), fileThere);
        Files.copy(folder.resolve("a/tiny/tokenizer.safetensors"), folder.resolve("a/tiny/transformer.safetensors"));
        String mistaken = assertThrows(
                        UserError.class, () -> runs.sample("tiny", null, Progress.NONE, wish -> null))
                .getMessage();
        assertTrue(mistaken.contains("is not the checkpoint of a transformer"), mistaken);
    }

    @Test
    void picturesAreDrawnElsewhereWhileTheRunIsAtWork() {
        Runs runs = runs("a");
        runs.run(config.toString(), List.of(), null, Progress.NONE);
        RunDirectory run = new RunDirectory(folder.resolve("a/tiny"));
        Path out = folder.resolve("out");
        try (RunDirectory.Claim claim = run.claim()) {
            for (Executable inside : List.<Executable>of(
                    () -> runs.sample("tiny", null, Progress.NONE, wish -> order()),
                    () -> runs.sample("tiny", run.file("more/of/it"), Progress.NONE, wish -> order()),
                    () -> runs.reconstruct("tiny", List.of(), null, Progress.NONE))) {
                String busy = assertThrows(UserError.class, inside).getMessage();
                assertTrue(busy.contains("is in use"), busy);
            }
            Path drawn = out.resolve("sun/0.png");
            assertEquals(List.of(drawn), runs.sample("tiny", out, Progress.NONE, wish -> order()));
            runs.reconstruct("tiny", List.of(), out.resolve("sheet.png"), Progress.NONE);
        }
        runs.sample("tiny", null, Progress.NONE, wish -> order());
        assertFalse(run.holds(folder.resolve("a/tiny2/samples")));
        assertTrue(run.holds(folder.resolve("a/none/../tiny")));
    }

    @Test
    void theClassGapIsMeasuredLikeTheOtherNumbers() throws IOException {
        runs("a").run(config.toString(), List.of("transformer.training.learningRate=0.05"), null, Progress.NONE);
        // the last entry of the journal is from step 0, when every head was zero
        Path journal = folder.resolve("a/tiny/transformer.jsonl");
        assertTrue(Files.readString(journal).contains("\"classGap\":0.0"), Files.readString(journal));
        double gap = (Double) runs("a").evaluate("tiny", List.of(), List.of(), Progress.NONE).get("class_gap");
        assertTrue(gap != 0 && Double.isFinite(gap), "gap " + gap);
    }

    @Test
    void measuringCanBeStopped() {
        Runs runs = runs("a");
        for (String stage : List.of("likelihood", "spread")) {
            assertThrows(
                    Stopped.class,
                    () -> runs.run(config.toString(), List.of("data.glyphs.count=80"), null, Watch.until(stage, 1)),
                    stage);
        }
    }
}
