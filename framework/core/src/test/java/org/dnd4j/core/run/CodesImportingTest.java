package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Tiny;
import org.dnd4j.core.Watch;
import org.dnd4j.core.code.CodeFile;
import org.dnd4j.core.code.NpyFile;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Png;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.core.train.Checkpoint;
import org.dnd4j.heads.Dnd;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Codes that came as a file an image are learnt and drawn like one's own. */
class CodesImportingTest {
    @TempDir
    Path folder;

    private Path config;
    private Runs runs;

    @BeforeEach
    void write() throws IOException {
        config = Files.writeString(folder.resolve("tiny.json"), Tiny.EXPERIMENT);
        Plugins plugins = Plugins.of("0.1.0", Residual.class, Dnd.class, Llama.class, RqVae.class);
        runs = new Runs(plugins, new Operations("cpu", 0, folder.resolve("runs")));
    }

    /** Twelve images of two variants of 4×4×2 codes below 16, two classes. */
    private Path extracted() throws IOException {
        Path codes = folder.resolve("given/tiny32_codes");
        for (int i = 0; i < 12; i++) {
            int image = i;
            NpyFile.write(
                    codes.resolve(i + ".npy"),
                    "2, 4, 4, 2",
                    IntStream.range(0, 64).mapToLong(k -> (image + 3L * k + k / 32) % 16).toArray());
            NpyFile.write(codes.resolveSibling("tiny32_labels").resolve(i + ".npy"), "1,", i % 2);
        }
        return codes;
    }

    private Path labels() throws IOException {
        return Files.writeString(folder.resolve("names"), "sun\nfox\n");
    }

    private CodesAsked asked(String name, String config, String tokenizerOf, String... settings) throws IOException {
        return new CodesAsked(List.of(extracted()), name, config, tokenizerOf, List.of(settings), labels(), null, 0.25);
    }

    @Test
    void codesOfAKnownTokenizerAreLearntAndBecomePictures() throws IOException {
        runs.trainTokenizer(config.toString(), List.of(), null, null, Progress.NONE);
        Path file = runs.importCodes(asked("given", null, "tiny"), Progress.NONE);
        assertEquals(folder.resolve("runs/given/codes"), file);
        byte[] bytes = Files.readAllBytes(file);
        try (CodeFile codes = CodeFile.open(file)) {
            assertEquals(2, codes.header().variants());
            assertEquals(Headers.hash(folder.resolve("runs/tiny/tokenizer.safetensors")), codes.header().tokenizer());
            assertEquals(12, codes.count(Split.TRAIN) + codes.count(Split.VALIDATION));
        }
        Path transformer = runs.train("given", List.of(), null, null, Progress.NONE);
        assertEquals(3, Checkpoint.open(transformer).step());
        assertTrue(Arrays.equals(bytes, Files.readAllBytes(file)), "codes that came from elsewhere stay");
        SampleStage.Order order = new SampleStage.Order(
                new int[] {0, 1}, null, 0, new Sampling(null, null, null, null, null, null, null), Precision.FLOAT32, 2, 2);
        assertEquals(2, runs.sample("given", null, Progress.NONE, wish -> order).size());
        assertTrue(Files.exists(folder.resolve("runs/given/samples/fox/0.png")));
        String other = refused(() -> runs.encode("given", List.of(), null, 10, Progress.NONE));
        assertEquals(
                file + ": came from elsewhere with 2 views of each picture, and there are no pictures to make others of",
                other);
        runs.trainTokenizer(config.toString(), List.of("seed=9"), "other", null, Progress.NONE);
        Files.copy(
                folder.resolve("runs/other/tokenizer.safetensors"),
                folder.resolve("runs/given/tokenizer.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        String mixed = refused(() -> runs.train("given", List.of(), null, null, Progress.NONE));
        assertTrue(mixed.startsWith(file + ": came from elsewhere and of the tokenizer with the SHA-256 "), mixed);
    }

    @Test
    void codesOfAnUnknownTokenizerAreLearnt() throws IOException {
        Path file = runs.importCodes(asked("given", config.toString(), null), Progress.NONE);
        Path transformer = runs.train("given", List.of(), null, null, Progress.NONE);
        assertEquals(3, Checkpoint.open(transformer).step());
        runs.trainTokenizer(config.toString(), List.of(), null, null, Progress.NONE);
        Files.copy(folder.resolve("runs/tiny/tokenizer.safetensors"), folder.resolve("runs/given/tokenizer.safetensors"));
        String mixed = refused(() -> runs.train("given", List.of(), null, null, Progress.NONE));
        assertTrue(mixed.startsWith(file + ": came from elsewhere and nobody knows which tokenizer made them"), mixed);
    }

    @Test
    void whatCannotBeLearntIsSaidAndLeavesNothing() throws IOException {
        String plan = config.toString();
        String heads = "transformer.heads={\"dnd\":{\"positions\":[1]}}";
        assertRefused(asked("given", plan, null, "tokenizer.depth=1", heads), "tokenizer.depth is 1");
        assertRefused(asked("given", plan, null, "transformer.training=null"), "transformer.training is missing");
        assertRefused(asked("given", plan, null, "tokenizer.codes=9"), "0.npy: holds the code ");
        assertRefused(asked("../given", config.toString(), null), "letters, digits and");
        CodesAsked many = new CodesAsked(List.of(extracted()), "given", config.toString(), null, List.of(), null, 1, 0);
        assertRefused(many, "labels/1.npy: is the label 1: must be 0 to 0");
        assertThrows(Stopped.class, () -> runs.importCodes(asked("given", plan, null), Watch.until("import", 0)));
        assertNothingLeft();
        assertThrows(UserError.class, () -> asked("given", null, null));
        runs.importCodes(asked("given", config.toString(), null), Progress.NONE);
        String again = assertThrows(
                        UserError.class, () -> runs.importCodes(asked("given", config.toString(), null), Progress.NONE))
                .getMessage();
        assertTrue(again.endsWith("given: is there already: choose another --name, or delete it"), again);
    }

    private static String refused(Executable work) {
        return assertThrows(UserError.class, work).getMessage();
    }

    private void assertRefused(CodesAsked asked, String why) throws IOException {
        String message = assertThrows(UserError.class, () -> runs.importCodes(asked, Progress.NONE)).getMessage();
        assertTrue(message.contains(why), message);
        assertEquals(1, message.lines().count());
        assertNothingLeft();
    }

    private void assertNothingLeft() throws IOException {
        if (Files.exists(folder.resolve("runs"))) {
            try (Stream<Path> left = Files.list(folder.resolve("runs"))) {
                assertEquals(List.of(), left.toList());
            }
        }
        assertFalse(Files.exists(folder.resolve("given/codes")));
    }

    @Test
    void trainingDrawsFromAsManyViewsAsWereEncoded() throws IOException {
        for (int i = 0; i < 8; i++) {
            byte[] rgb = new byte[3 * 40 * 48];
            new Random(i).nextBytes(rgb);
            Png.write(folder.resolve("photos/" + i + ".png"), new Picture(48, 40, rgb));
        }
        List<String> photos = List.of("data={\"folder\":{\"path\":\"" + folder.resolve("photos") + "\",\"side\":32}}");
        runs.trainTokenizer(config.toString(), photos, null, null, Progress.NONE);
        for (int variants : new int[] {2, 10}) {
            Path file = runs.encode("tiny", List.of(), null, variants, Progress.NONE);
            try (CodeFile codes = CodeFile.open(file)) {
                assertEquals(variants, codes.header().variants());
            }
        }
        Path file = runs.encode("tiny", List.of(), null, Progress.NONE);
        byte[] ten = Files.readAllBytes(file);
        runs.train("tiny", List.of(), null, null, Progress.NONE);
        assertTrue(Arrays.equals(ten, Files.readAllBytes(file)), "what was encoded on purpose stays");
        runs.encode("tiny", List.of(), null, 1, Progress.NONE);
        assertFalse(Arrays.equals(ten, Files.readAllBytes(file)));
        assertThrows(UserError.class, () -> runs.encode("tiny", List.of(), null, 3, Progress.NONE));
    }
}
