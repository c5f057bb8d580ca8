package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Tiny;
import org.dnd4j.core.Watch;
import org.dnd4j.core.checkpoint.Npy;
import org.dnd4j.core.checkpoint.Safetensors;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Png;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.model.CodeModel;
import org.dnd4j.core.published.Family;
import org.dnd4j.core.published.Import;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.cosine.Cosine;
import org.dnd4j.gpt.Gpt;
import org.dnd4j.heads.Custom;
import org.dnd4j.heads.Dnd;
import org.dnd4j.heads.One;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published files, brought in, used and let out again; judged by what the reference recorded with the same files. */
class ImportTest {
    private static final Plugins PLUGINS =
            Plugins.of("0.1.0", Residual.class, Cosine.class, Dnd.class, One.class, Custom.class, Llama.class, Gpt.class,
                    RqVae.class);
    private static final String ATTENTION = "transformer.backbone.llama.heads=4";

    @TempDir
    Path folder;

    private Path config;
    private Runs runs;

    @BeforeEach
    void write() throws IOException {
        config = Files.writeString(folder.resolve("tiny.json"), Tiny.EXPERIMENT);
        runs = new Runs(PLUGINS, new Operations("cpu", 0, folder.resolve("runs")));
    }

    private static Path recorded(String name) {
        try {
            return Path.of(ImportTest.class.getResource("/check/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A tokenizer of two codes of 128 on a grid of 4×4, as the recorded transformers want, trained here and exported. */
    private Path tokenizer() {
        List<String> settings = List.of("tokenizer.codes=128", "tokenizer.decomposition.residual.shared=true");
        runs.trainTokenizer(config.toString(), settings, "fitting", null, Progress.NONE);
        return runs.export("fitting", folder.resolve("exported"), Progress.NONE).get(0);
    }

    private Import dnd(String name, Path transformer, Path tokenizer, String... settings) {
        return published(Family.DND, name, transformer, tokenizer, null, settings);
    }

    private Import published(
            Family family, String name, Path transformer, Path tokenizer, String precision, String... settings) {
        return new Import(
                family, List.of(), transformer, tokenizer, null, null, name, precision, false, List.of(), null, null, null, null, false,
                List.of(), List.of(settings));
    }

    private Import files(String name, boolean allowMissing, List<String> ignore, Path... files) {
        return new Import(
                null, List.of(files), null, null, null, null, name, null, false, List.of(), null, null, null, null, allowMissing, ignore,
                List.of());
    }

    private Import rqvae(String name) {
        return new Import(
                Family.RQVAE, List.of(), null, recorded("vb_rqvae_nonshared_d4/checkpoint.pt"),
                recorded("vb_rqvae_nonshared_d4/config.yaml"), null, name, null, false, List.of(), null, null, null, null, false,
                List.of(), List.of());
    }

    private String complaint(Import asked) {
        String message = assertThrows(UserError.class, () -> runs.imported(asked, Progress.NONE)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private RunDirectory run(String name) {
        return new RunDirectory(folder.resolve("runs").resolve(name));
    }

    /** The run's networks, as every verb gets them. */
    private Models models(String name, Torch torch) {
        Experiment experiment = new ExperimentReader(PLUGINS).read(run(name).experiment(), List.of());
        return new Models(experiment, run(name), experiment.tokenizer().tokenizer(), torch);
    }

    @Test
    void anImportedTransformerDrawsTheRecordedCodes() {
        Path checkpoint = recorded("i_dnd_2head_decode/checkpoint.pt");
        Import.Done done = runs.imported(dnd("d", checkpoint, tokenizer(), ATTENTION), Progress.NONE);
        assertEquals("dnd", done.family());
        assertTrue(done.recognised().stream().anyMatch(f -> f.value().equals("behind layers [1, 3]")), done.toString());
        assertTrue(done.recognised().stream().anyMatch(f -> f.value().equals("10 and none")), done.toString());
        draws("d", "i_dnd_2head_decode", "cond");
        Path out = folder.resolve("out");
        List<Path> pictures = runs.sample("d", out, Progress.NONE, ImportTest::order);
        assertEquals(32, Png.read(pictures.get(0)).width());
        assertEquals("imported", runs.list().stream().filter(r -> r.run().equals("d")).findFirst().orElseThrow().transformer());
    }

    /** Whether a run draws the codes that were recorded, with guidance and without. */
    private void draws(String name, String recording, String classes) {
        try (Torch torch = Torch.open("cpu");
                Scope scope = torch.scope()) {
            Models models = models(name, torch);
            CodeModel model = models.transformer(models.classes());
            Weights w = models.transformerWeights(model, Precision.FLOAT32);
            int[] labels = Arrays.stream(Npy.read(recorded(recording + "/" + classes + ".npy")).longs())
                    .mapToInt(Math::toIntExact)
                    .toArray();
            for (int guidance : List.of(1, 2)) {
                NDArray codes = new Generation(model, Sampling.greedy(guidance), w)
                        .codes(labels, Generation.keys(0, 0, labels.length), p -> {});
                Stored expected = Npy.read(recorded(recording + "/cfg" + guidance + "_codes.npy"));
                assertArrayEquals(expected.longs(), codes.toLongArray(), "guidance " + guidance);
            }
            w.close();
        }
    }

    @Test
    void llamaGensTransformerDrawsTheRecordedCodesUnderItsNames() {
        Path checkpoint = recorded("iv_llamagen_c2i/checkpoint.pt");
        Import.Done done = runs.imported(published(null, "l", checkpoint, null, null, ATTENTION), Progress.NONE);
        assertEquals("llamagen", done.family());
        assertTrue(done.warnings().get(0).startsWith("there is no tokenizer"), done.toString());
        draws("l", "iv_llamagen_c2i", "decode_cond");
        String early = assertThrows(
                        UserError.class, () -> runs.sample("l", null, Progress.NONE, ImportTest::order))
                .getMessage();
        assertTrue(early.contains("import it again with --tokenizer"), early);
        Path out = runs.export("l", folder.resolve("out-l"), Progress.NONE).get(0);
        Safetensors file = Safetensors.open(out);
        assertTrue(file.has("output.weight") && file.has("norm.weight") && !file.has("output.0.weight"), "its own names");
        runs.imported(files("l2", false, List.of(), out), Progress.NONE);
        draws("l2", "iv_llamagen_c2i", "decode_cond");
        String other = complaint(published(Family.DND, "x", checkpoint, null, null, ATTENTION));
        assertTrue(other.contains("has the names of LlamaGen: import it as llamagen"), other);
    }

    @Test
    void llamaGensTokenizerMakesTheRecordedCodesAndPictures() {
        Path checkpoint = recorded("ivc_llamagen_vq/checkpoint.pt");
        runs.imported(published(Family.LLAMAGEN, "v", null, checkpoint, null), Progress.NONE);
        makes("v", "ivc_llamagen_vq", 1);
        Path out = runs.export("v", folder.resolve("out-v"), Progress.NONE).get(0);
        assertTrue(Safetensors.open(out).has("decoder.conv_blocks.0.res.0.norm1.weight"));
        runs.imported(files("v2", false, List.of(), out), Progress.NONE);
        makes("v2", "ivc_llamagen_vq", 1);
    }

    /** Whether a run codes a recorded image as recorded, and makes the recorded picture of it. */
    private void makes(String name, String recording, int depth) {
        try (Torch torch = Torch.open("cpu");
                Scope scope = torch.scope()) {
            Models models = models(name, torch);
            Weights w = models.tokenizerWeights();
            Stored image = Npy.read(recorded(recording + "/image.npy")); // [b,3,s,s]
            NDArray images = scope.manager().create(image.floats(), new Shape(image.shape())); // [b,3,s,s]
            NDArray codes = models.tokenizer().encode(images, w); // [b,h,w,D]
            assertEquals(depth, codes.getShape().get(3));
            assertArrayEquals(Npy.read(recorded(recording + "/codes.npy")).longs(), codes.toLongArray());
            float[] made = models.tokenizer().decode(codes, w).toFloatArray(); // [b,3,s,s]
            assertArrayEquals(Npy.read(recorded(recording + "/recon.npy")).floats(), made, 1e-4f);
            w.close();
        }
    }

    @Test
    void aTransformerIsKeptInFewerBitsAndComesBackInThem() {
        Path codes = tokenizer();
        Path checkpoint = recorded("i_dnd_2head_decode/checkpoint.pt");
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (String precision : List.of("float32", "bfloat16", "int8", "int4")) {
            Import asked = published(Family.DND, precision, checkpoint, codes, precision, ATTENTION);
            sizes.put(precision, runs.imported(asked, Progress.NONE).bytes());
            assertEquals(precision, runs.show(precision).sampling().precision());
            runs.sample(precision, folder.resolve("out"), Progress.NONE, ImportTest::order);
        }
        assertTrue(sizes.get("bfloat16") < sizes.get("float32") && sizes.get("int8") < sizes.get("bfloat16")
                && sizes.get("int4") < sizes.get("int8"), sizes.toString());
        List<Path> files = runs.export("bfloat16", folder.resolve("half"), Progress.NONE);
        runs.imported(files("again", false, List.of(), files.toArray(Path[]::new)), Progress.NONE);
        Safetensors before = Safetensors.open(run("bfloat16").transformer());
        Safetensors after = Safetensors.open(run("again").transformer());
        assertEquals(before.names(), after.names());
        before.names().forEach(n -> assertEquals(before.bytes(n), after.bytes(n), n));
        String tooFew = assertThrows(
                        UserError.class,
                        () -> runs.train(
                                null,
                                List.of("transformer.training.steps=2", "data={\"glyphs\":{\"words\":[\"a\",\"b\",\"c\",\"d\","
                                        + "\"e\",\"f\",\"g\",\"h\",\"i\",\"j\"],\"side\":32,\"sizes\":16,\"count\":24}}"),
                                "further",
                                "int8",
                                Progress.NONE))
                .getMessage();
        assertTrue(tooFew.contains("is kept in int8 and cannot be trained further"), tooFew);
    }

    private static SampleStage.Order order(SampleStage.Wish wish) {
        return new SampleStage.Order(new int[] {3}, null, 0, wish.experiment().sampling().options(), Precision.FLOAT32, 1, 2);
    }

    @Test
    void anImportedTokenizerMakesTheRecordedCodesAndPictures() {
        runs.imported(rqvae("t"), Progress.NONE);
        makes("t", "vb_rqvae_nonshared_d4", 4);
        Png.write(folder.resolve("one.png"), Picture.filled(20, 16, 0x308030));
        Path sheet = runs.reconstruct("t", List.of(folder.resolve("one.png")), folder.resolve("sheet.png"), Progress.NONE);
        assertTrue(Png.read(sheet).width() > 5 * 16);
        for (String wrong : List.of("sample", "train")) {
            String message = assertThrows(UserError.class, () -> {
                        if (wrong.equals("sample")) {
                            runs.sample("t", null, Progress.NONE, wish -> null);
                        } else {
                            runs.train("t", List.of(), null, null, Progress.NONE);
                        }
                    })
                    .getMessage();
            assertTrue(message.contains("has a tokenizer and no transformer"), message);
        }
    }

    @Test
    void whatIsExportedComesBackTheSameByteForByte() {
        Path codes = tokenizer();
        runs.imported(dnd("d", recorded("i_dnd_2head_decode/checkpoint.pt"), codes, ATTENTION), Progress.NONE);
        runs.imported(rqvae("t"), Progress.NONE);
        runs.run(config.toString(), List.of("tokenizer.decomposition.residual.shared=true", "transformer.tiedHeads=true"), "own", Progress.NONE);
        runs.run(config.toString(), List.of("sampling.precision=bfloat16"), "apart", Progress.NONE); // a table a depth
        List<String> other = List.of(
                "transformer.backbone={\"gpt\": {\"dim\": 32, \"blocks\": 2, \"heads\": 2}}",
                "transformer.heads={\"custom\": {\"positions\": [1, 1]}}",
                "transformer.training.precision=bfloat16");
        runs.run(config.toString(), other, "other", Progress.NONE); // not of the kind that is published
        for (String name : List.of("d", "t", "own", "apart", "other")) {
            List<Path> files = runs.export(name, folder.resolve("out-" + name), Progress.NONE);
            Import.Done done = runs.imported(files(name + "-again", false, List.of(), files.toArray(Path[]::new)), Progress.NONE);
            assertEquals(List.of(), done.warnings());
            List<Path> again = runs.export(name + "-again", folder.resolve("again-" + name), Progress.NONE);
            for (int i = 0; i < files.size(); i++) {
                same(Safetensors.open(files.get(i)), Safetensors.open(again.get(i)));
            }
            String tokenizer = "tokenizer.safetensors";
            Safetensors here = Safetensors.open(run(name).file(tokenizer));
            Safetensors there = Safetensors.open(run(name + "-again").file(tokenizer));
            there.names().forEach(n -> assertArrayEquals(here.floats(n), there.floats(n), n));
        }
        assertEquals("float32", runs.show("apart-again").sampling().precision(), "kept as it was, whatever was drawn in");
        // what sampling uses is what went out and came in
        RunDirectory again = run("own-again");
        Safetensors own = Safetensors.open(run("own").transformer());
        Safetensors back = Safetensors.open(again.transformer());
        back.names().forEach(n -> assertArrayEquals(own.floats("ema." + n), back.floats(n), n));
        assertFalse(back.has("output.1.weight"), "a tied matrix is kept once");
    }

    @Test
    void whatAnExportedFileSaysItselfIsNotSaidAgain() {
        Path exported = tokenizer();
        Import asked = new Import(
                null, List.of(exported), null, null, null, null, "again", null, false, List.of(), null, null, 4, 16, false,
                List.of(), List.of());
        assertEquals(
                "--grid, --side: " + exported + " was exported and says it itself; --set changes what may be changed",
                complaint(asked));
    }

    private static void same(Safetensors a, Safetensors b) {
        assertEquals(a.names(), b.names());
        a.names().forEach(n -> {
            assertEquals(a.shape(n), b.shape(n), n);
            assertArrayEquals(a.floats(n), b.floats(n), n);
        });
    }

    /** A file of tensors like another one, but for some. */
    private Path changed(Path from, String name, Map<String, float[]> changes) {
        Safetensors file = Safetensors.open(from);
        Path to = folder.resolve(name);
        try (Torch torch = Torch.open("cpu");
                Scope scope = torch.scope()) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            for (String n : file.names()) {
                if (!changes.containsKey(n)) {
                    Shape shape = new Shape(file.shape(n).stream().mapToLong(i -> i).toArray());
                    arrays.put(n, scope.manager().create(file.floats(n), shape));
                }
            }
            changes.forEach((n, values) -> {
                if (values != null) {
                    arrays.put(n, scope.manager().create(values));
                }
            });
            Safetensors.write(to, file.metadata(), arrays);
        }
        return to;
    }

    @Test
    void whatDoesNotFitIsToldAllAtOnce() throws IOException {
        Path whole = tokenizer();
        Map<String, float[]> changes = new LinkedHashMap<>();
        changes.put("encoder.conv_out.weight", null);
        changes.put("quant_conv.bias", new float[3]);
        changes.put("loss.more", new float[1]);
        changes.put("loss.less", new float[1]);
        Path damaged = changed(whole, "damaged.safetensors", changes);
        String message = complaint(files("x", false, List.of(), damaged));
        for (String told : List.of(
                "1 missing: encoder.conv_out.weight",
                "2 unexpected: loss.more, loss.less",
                "1 of another shape or kind: quant_conv.bias is F32 [3], not [8]",
                "--allow-missing",
                "--ignore PREFIX")) {
            assertTrue(message.contains(told), message);
        }
        changes.remove("quant_conv.bias");
        Path lacking = changed(whole, "lacking.safetensors", changes);
        assertTrue(complaint(files("x", true, List.of(), lacking)).contains("2 unexpected"));
        assertTrue(complaint(files("x", false, List.of("loss."), lacking)).contains("1 missing"));
        try (Stream<Path> left = Files.list(folder.resolve("runs"))) {
            assertEquals(List.of("fitting"), left.map(p -> p.getFileName().toString()).toList());
        }
        List<String> warnings = runs.imported(files("x", true, List.of("loss."), lacking), Progress.NONE).warnings();
        assertEquals("2 tensors whose names begin with 'loss.' were left out", warnings.get(0));
        assertTrue(warnings.get(1).matches("encoder.conv_out.weight is not in the file and starts at draws from .*"), warnings.get(1));
        float[] drawn = Safetensors.open(run("x").tokenizer()).floats("encoder.conv_out.weight");
        assertNotEquals(drawn[0], drawn[1]);
        assertTrue(complaint(files("x", true, List.of("loss."), lacking)).contains("is there already: choose another --name"));
    }

    @Test
    void partsThatDoNotBelongTogetherAreRefused() {
        Path codes = tokenizer();
        Path transformer = recorded("i_dnd_2head_decode/checkpoint.pt");
        assertTrue(complaint(dnd("x", transformer, codes)).contains("say it, as in --set " + ATTENTION.replace("4", "1")));
        assertTrue(complaint(dnd("x", recorded("xii_grad_adamw/after.pt"), codes, ATTENTION))
                .contains("knows 64 codes, and the tokenizer has 128"));
        assertTrue(complaint(dnd("x", codes, codes)).contains("is no transformer of this family"));
        assertTrue(complaint(files("x", false, List.of(), codes, codes)).contains("both are tokenizers"));
        assertTrue(complaint(dnd("x", transformer, null, ATTENTION)).contains("mean nothing without its tokenizer"));
        assertFalse(Files.exists(folder.resolve("runs/x")));
    }

    @Test
    void anImportThatIsStoppedLeavesNothing() throws IOException {
        Path codes = tokenizer();
        assertThrows(Stopped.class, () -> runs.imported(files("x", false, List.of(), codes), Watch.until("import", 3)));
        try (Stream<Path> left = Files.list(folder.resolve("runs"))) {
            assertEquals(List.of("fitting"), left.map(p -> p.getFileName().toString()).toList());
        }
    }

    @Test
    void picturesAreGivenToARunThatHasNone() throws IOException {
        Path codes = tokenizer();
        runs.imported(files("x", false, List.of(), codes), Progress.NONE);
        String none = assertThrows(UserError.class, () -> runs.evaluate("x", List.of(), List.of(), Progress.NONE)).getMessage();
        assertTrue(none.contains("--set data.folder.path=FOLDER --set data.folder.side=32"), none);
        String glyphs = "data={\"glyphs\":{\"words\":[\"sun\",\"fox\"],\"side\":32,\"sizes\":16,\"count\":24,\"heldOut\":0.25}}";
        String before = Files.readString(run("x").experiment());
        assertTrue(runs.evaluate("x", List.of(glyphs), List.of(), Progress.NONE).containsKey("reconstruction"));
        assertEquals(before, Files.readString(run("x").experiment()), "given for once");
        runs.encode("x", List.of(glyphs), null, Progress.NONE);
        assertTrue(Files.readString(run("x").experiment()).contains("\"glyphs\""), "codes belong to their pictures");
        String other = assertThrows(
                        UserError.class,
                        () -> runs.encode("x", List.of("data.glyphs.count=48"), null, Progress.NONE))
                .getMessage();
        assertTrue(other.contains("there \"count\" : 24, asked for \"count\" : 48"), other);
        String smaller = assertThrows(
                        UserError.class,
                        () -> runs.encode("x", List.of("data.glyphs.side=64"), null, Progress.NONE))
                .getMessage();
        assertTrue(smaller.contains("side is 32 and the pictures of data have 64"), smaller);
        String inPlace = assertThrows(
                        UserError.class,
                        () -> runs.trainTokenizer("x", List.of("tokenizer.training.steps=3"), null, null, Progress.NONE))
                .getMessage();
        assertTrue(inPlace.contains("'train-tokenizer --from x --name NAME'"), inPlace);
    }

    @Test
    void anImportedTokenizerIsTrainedFurtherInARunOfItsOwn() {
        Path codes = tokenizer();
        runs.imported(files("x", false, List.of(), codes), Progress.NONE);
        List<String> settings = List.of(
                "data={\"glyphs\":{\"words\":[\"sun\",\"fox\"],\"side\":32,\"sizes\":16,\"count\":24,\"heldOut\":0.25}}",
                "tokenizer.training={\"steps\":2,\"batch\":4,\"learningRate\":1e-6}");
        runs.trainTokenizer(null, settings, "y", "x", Progress.NONE);
        Safetensors before = Safetensors.open(run("x").tokenizer());
        Safetensors after = Safetensors.open(run("y").tokenizer());
        float[] kernel = after.floats("encoder.conv_in.weight");
        assertFalse(Arrays.equals(before.floats("encoder.conv_in.weight"), kernel));
        assertArrayEquals(before.floats("encoder.conv_in.weight"), kernel, 1e-5f, "two small steps from where it was");
        float[] counted = before.floats("quantizer.codebooks.0.cluster_size_ema");
        float[] counts = after.floats("quantizer.codebooks.0.cluster_size_ema");
        int most = 0;
        for (int i = 0; i < counted.length; i++) {
            most = counted[i] > counted[most] ? i : most;
        }
        assertTrue(counts[most] >= counted[most] * 0.99f * 0.99f - 1e-4f, "what was counted still counts");
        assertTrue(after.has("exp_avg.encoder.conv_in.weight"));
        String wide = assertThrows(
                        UserError.class,
                        () -> runs.trainTokenizer(
                                null,
                                Stream.concat(settings.stream(), Stream.of("tokenizer.autoencoder.rqvae.channels=64")).toList(),
                                "z", "x", Progress.NONE))
                .getMessage();
        assertTrue(wide.contains("encoder.conv_in.weight") && wide.contains("the experiment wants [64, "), wide);
        assertFalse(Files.exists(folder.resolve("runs/z")), "nothing is left of what could not begin");
    }

    @Test
    void aTransformerIsTrainedOnTheCodesOfAnImportedTokenizer() {
        Path codes = tokenizer();
        runs.imported(files("x", false, List.of(), codes), Progress.NONE);
        runs.train(config.toString(), List.of(), "y", "x", Progress.NONE);
        assertEquals(Headers.hash(run("x").tokenizer()), Headers.hash(run("y").tokenizer()), "the same codes");
        assertEquals(3, Headers.steps(run("y").transformer()));
        runs.train(null, List.of("transformer.training.steps=4"), "z", "y", Progress.NONE);
        Safetensors further = Safetensors.open(run("z").transformer());
        float[] from = Safetensors.open(run("y").transformer()).floats("ema.layers.0.attention.wo.weight");
        assertArrayEquals(from, further.floats("layers.0.attention.wo.weight"), 2e-3f, "four steps from where it was");
        assertEquals(4, Headers.steps(run("z").transformer()));
        Map<?, ?> header = (Map<?, ?>) Json.read(further.metadata().get("experiment"), "header");
        assertEquals("z", header.get("name"));
    }
}
