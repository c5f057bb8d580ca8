package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Tiny;
import org.dnd4j.core.checkpoint.Safetensors;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.image.Images;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.published.Import;
import org.dnd4j.core.train.Journal;
import org.dnd4j.denoising.Denoising;
import org.dnd4j.denoising.Refinement;
import org.dnd4j.heads.Dnd;
import org.dnd4j.history.Additive;
import org.dnd4j.history.Conditioned;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.scalar.Scalar;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every decomposition of more than one code in a whole tokenizer: it is trained, says pictures, previews them, goes out and comes back. */
class DecompositionsTest {
    private static final Plugins PLUGINS = Plugins.of(
            "0.1.0",
            Residual.class,
            Denoising.class,
            Refinement.class,
            Scalar.class,
            Additive.class,
            Conditioned.class,
            Dnd.class,
            Llama.class,
            RqVae.class);
    private static final int STEPS = 24;

    @TempDir
    Path folder;

    static Stream<String> all() {
        return Stream.of(
                "{\"residual\": {}}",
                "{\"residual\": {\"shared\": true}}",
                "{\"denoising\": {\"hidden\": 16}}",
                "{\"denoising\": {\"form\": \"targets\", \"schedule\": [0, 0.6, 1]}}",
                "{\"denoising\": {\"hidden\": 16, \"tables\": \"gaussian\"}}",
                "{\"refinement\": {}}",
                "{\"scalar\": {}}",
                "{\"additive\": {}}",
                "{\"conditioned\": {\"hidden\": 16}}");
    }

    /** What pictures become: codes, and pictures of 1 and 2 of them, by the codes and on the way. */
    private record Said(long[] codes, List<float[]> previews) {}

    @ParameterizedTest
    @MethodSource("all")
    void itLearnsSaysPreviewsAndComesBack(String decomposition) throws IOException {
        Path config = Files.writeString(folder.resolve("tiny.json"), Tiny.EXPERIMENT);
        Runs runs = new Runs(PLUGINS, new Operations("cpu", 0, folder.resolve("runs")));
        List<String> settings = List.of(
                "tokenizer.decomposition=" + decomposition,
                "tokenizer.codebooks.refit=10",
                "tokenizer.training.decompositionRate=10",
                "tokenizer.training.steps=" + STEPS);
        runs.trainTokenizer(config.toString(), settings, "here", null, Progress.NONE);
        List<Map<String, Object>> journal = Journal.read(folder.resolve("runs/here/tokenizer.jsonl"));
        double first = mean(journal, 0);
        double last = mean(journal, STEPS - 5);
        assertTrue(last < 0.8 * first, "loss " + first + " → " + last);
        Map<?, ?> measured = (Map<?, ?>) runs.evaluate("here", List.of(), List.of(), Progress.NONE).get("reconstruction");
        List<?> latents = (List<?>) measured.get("latents");
        assertTrue((Double) latents.get(1) < (Double) latents.get(0) && (Double) latents.get(0) < 1, latents.toString());

        Path file = runs.export("here", folder.resolve("out"), Progress.NONE).get(0);
        Import asked = new Import(
                null, List.of(file), null, null, null, null, "there", null, false, List.of(), null, null, null, null, false,
                List.of(), List.of());
        assertEquals(List.of(), runs.imported(asked, Progress.NONE).warnings());
        Safetensors here = Safetensors.open(run("here").tokenizer());
        Safetensors there = Safetensors.open(run("there").tokenizer());
        there.names().forEach(n -> assertArrayEquals(here.floats(n), there.floats(n), n));
        Experiment trained = runs.show("here");
        Said before = said("here", trained);
        Said after = said("there", trained);
        assertArrayEquals(before.codes, after.codes);
        for (int i = 0; i < before.previews.size(); i++) {
            assertArrayEquals(before.previews.get(i), after.previews.get(i), "preview " + i);
        }
    }

    private static double mean(List<Map<String, Object>> journal, int from) {
        return journal.subList(from, from + 5).stream()
                .mapToDouble(line -> ((Number) line.get("loss")).doubleValue())
                .average()
                .orElseThrow();
    }

    private RunDirectory run(String name) {
        return new RunDirectory(folder.resolve("runs").resolve(name));
    }

    /** The held-out pictures as a run says them; decoding any number of codes shows what encoding saw. */
    private Said said(String name, Experiment pictures) {
        Experiment experiment = new ExperimentReader(PLUGINS).read(run(name).experiment(), List.of());
        Tokenizer tokenizer = experiment.tokenizer().tokenizer();
        Images held = pictures.pictures().open(Split.VALIDATION, 3);
        try (Torch torch = Torch.open("cpu");
                Scope scope = torch.scope()) {
            Weights w = new Models(experiment, run(name), tokenizer, torch).tokenizerWeights();
            NDArray bytes = Data.array(IntStream.range(0, held.size()).mapToObj(held::get).toList(), scope);
            NDArray x = tokenizer.pixels(bytes); // [b,3,s,s]
            NDArray codes = tokenizer.encode(x, w); // [b,h,w,D]
            NDList previews = tokenizer.reconstruct(x, w);
            for (int k = 1; k <= previews.size(); k++) {
                float[] decoded = tokenizer.decode(codes.get(":,:,:,:" + k), w).toFloatArray();
                assertArrayEquals(previews.get(k - 1).toFloatArray(), decoded, 1e-4f, k + " codes");
            }
            return new Said(codes.toLongArray(), previews.stream().map(NDArray::toFloatArray).toList());
        }
    }
}
