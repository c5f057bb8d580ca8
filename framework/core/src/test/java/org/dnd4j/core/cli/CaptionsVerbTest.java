package org.dnd4j.core.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.dnd4j.core.Tiny;
import org.dnd4j.core.checkpoint.Safetensors;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.model.Condition;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.heads.Dnd;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sampling from a transformer that is asked by captions of 4 tokens of 6 numbers, beside a tokenizer that was trained. */
class CaptionsVerbTest {
    private static final Plugins PLUGINS = Plugins.of("0.1.0", Residual.class, Dnd.class, Llama.class, RqVae.class);

    @TempDir
    static Path folder;

    private static Path runs;
    private static Path config;

    record Said(int code, String out, String err) {}

    private static Said say(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> where = arguments[0].equals("show") ? List.of() : List.of("--device", "cpu");
        String[] all = Stream.of(Arrays.stream(arguments), Stream.of("--runs", runs.toString()), where.stream())
                .flatMap(part -> part)
                .toArray(String[]::new);
        int code = Console.run(
                Verbs.all(() -> PLUGINS),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                all);
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @BeforeAll
    static void train() throws IOException {
        runs = folder.resolve("runs");
        String experiment = Tiny.EXPERIMENT.replace(
                "\"heads\": {", "\"condition\": {\"captions\": {\"tokens\": 4, \"width\": 6}}, \"heads\": {");
        config = Files.writeString(folder.resolve("tiny.json"), experiment);
        Said said = say("train-tokenizer", config.toString());
        assertEquals(0, said.code, said.err);
        DndTransformer model = new DndTransformer(
                new Llama(null, 32, 2, 2, null, 0., 0., 0., null),
                new Dnd(List.of(0, 1)).taps(2, 2),
                CodeSpace.of(8, 2, 16),
                4,
                4,
                new Condition.Captions(4, 6),
                DndTransformer.Embeddings.PER_DEPTH,
                false,
                0);
        List<Weight> declared = model.weights().stream()
                .map(w -> w.name().contains("norm") ? w : w.normal(0.5))
                .toList();
        try (Torch torch = Torch.open("cpu")) {
            Weights weights = Weights.start(torch, declared, Precision.FLOAT32, true, Key.of(2));
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            declared.forEach(w -> arrays.put(w.name(), weights.get(w.name())));
            Safetensors.write(runs.resolve("tiny/transformer.safetensors"), Map.of(), arrays);
        }
    }

    private static float[] numbers(int count) {
        Random random = new Random(count);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static Path npy(String name, float[] values, int... shape) throws IOException {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': "
                + Arrays.toString(shape).replace('[', '(').replace(']', ')') + ", }";
        ByteBuffer bytes = ByteBuffer.allocate(128 + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0);
        bytes.putShort((short) 118).put(String.format("%-117s\n", header).getBytes(StandardCharsets.US_ASCII));
        bytes.asFloatBuffer().put(values);
        return Files.write(folder.resolve(name), bytes.array());
    }

    private static List<byte[]> drawn(String... arguments) throws IOException {
        String[] all = Stream.concat(Stream.of("sample", "tiny", "--json", "--greedy"), Arrays.stream(arguments))
                .toArray(String[]::new);
        Said said = say(all);
        assertEquals(0, said.code, said.err);
        List<byte[]> pictures = new java.util.ArrayList<>();
        for (Object file : (List<?>) ((Map<?, ?>) Json.read(said.out, "sample")).get("pictures")) {
            pictures.add(Files.readAllBytes(Path.of(file.toString())));
        }
        return pictures;
    }

    @Test
    void everyCaptionHasItsPictures() throws IOException {
        float[] features = numbers(2 * 4 * 6);
        String file = npy("two.npy", features, 2, 4, 6).toString();
        Path out = folder.resolve("out");
        List<byte[]> pictures = drawn("--captions", file, "-n", "2", "--out", out.toString());
        assertEquals(4, pictures.size());
        for (String name : List.of("caption-0/0.png", "caption-0/1.png", "caption-1/0.png", "caption-1/1.png")) {
            assertTrue(Files.exists(out.resolve(name)), name);
        }
        assertArrayEquals(pictures.get(0), pictures.get(1));
        assertFalse(Arrays.equals(pictures.get(0), pictures.get(2)));
        assertEquals(2, drawn("--captions", file).size());
    }

    /** Three tokens, the same with a token of padding before or behind, and the same in one file with its mask. */
    @Test
    void paddingIsPutInFront() throws IOException {
        float[] three = numbers(3 * 6);
        float[] behind = Arrays.copyOf(three, 4 * 6);
        Arrays.fill(behind, 3 * 6, 4 * 6, 7);
        float[] before = new float[4 * 6];
        System.arraycopy(three, 0, before, 6, 3 * 6);
        byte[] plain = drawn("--captions", npy("three.npy", three, 1, 3, 6).toString()).get(0);
        String front = npy("front.npy", new float[] {0, 1, 1, 1}, 1, 4).toString();
        String back = npy("back.npy", new float[] {1, 1, 1, 0}, 1, 4).toString();
        String padded = npy("before.npy", before, 1, 4, 6).toString();
        assertArrayEquals(plain, drawn("--captions", padded, "--caption-mask", front).get(0));
        String followed = npy("behind.npy", behind, 1, 4, 6).toString();
        assertArrayEquals(plain, drawn("--captions", followed, "--caption-mask", back).get(0));
        assertFalse(Arrays.equals(plain, drawn("--captions", followed).get(0)));
        Path one = folder.resolve("one.safetensors");
        try (Torch torch = Torch.open("cpu")) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            arrays.put("features", torch.manager().create(behind, new Shape(1, 4, 6)));
            arrays.put("mask", torch.manager().create(new float[] {1, 1, 1, 0}, new Shape(1, 4)));
            Safetensors.write(one, Map.of(), arrays);
        }
        assertArrayEquals(plain, drawn("--captions", one.toString()).get(0));
        Said twice = say("sample", "tiny", "--captions", one.toString(), "--caption-mask", back);
        assertEquals("dnd4j: " + back + ": is one mask too many: " + one + " holds one as well\n", twice.err);
        String weights = runs.resolve("tiny/tokenizer.safetensors").toString();
        Said none = say("sample", "tiny", "--captions", weights);
        assertTrue(none.err.startsWith("dnd4j: " + weights + ": holds no 'features', only ["), none.err);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "sample tiny | this run draws pictures of captions: give their features, [n, up to 4, 6], with --captions FILE",
        "sample tiny --class sun --captions DIR/bad.npy | --class sun: this run draws pictures of captions: give their"
                + " features, [n, up to 4, 6], with --captions FILE",
        "sample tiny --captions DIR/bad.npy | DIR/bad.npy: the array is [1, 5, 6]: the features of captions must be"
                + " [n, up to 4, 6]",
        "sample tiny --captions DIR/nan.npy | DIR/nan.npy: the array holds a feature of caption 1 that is no number: NaN",
        "sample tiny --captions DIR/good.npy --caption-mask DIR/nan.npy | DIR/nan.npy: the array is [2, 1, 6]: a mask must"
                + " be [1, 2], as the features are",
        "train tiny | transformer.condition: it learns from captions, and data here hold classes only: ask for classes, or"
                + " import a transformer and 'sample' from it",
        "run tiny | transformer.condition: it learns from captions, and data here hold classes only: ask for classes, or"
                + " import a transformer and 'sample' from it",
    })
    void whatCannotBeIsOneLine(String line, String message) throws IOException {
        npy("bad.npy", numbers(30), 1, 5, 6);
        npy("good.npy", numbers(12), 1, 2, 6);
        float[] nan = numbers(12);
        nan[9] = Float.NaN;
        npy("nan.npy", nan, 2, 1, 6);
        Said said = say(line.replace("DIR", folder.toString()).split(" "));
        assertEquals("dnd4j: " + message.replace("DIR", folder.toString()) + "\n", said.err);
        assertEquals(1, said.code);
    }

    @Test
    void whatShowPrintsNamesTheCondition() {
        String shown = say("show", "tiny").out.replaceAll("\\s", "");
        assertTrue(shown.contains("\"condition\":{\"captions\":{\"tokens\":4,\"width\":6}}"), shown);
        assertEquals(0, say("eval", "tiny").code);
    }
}
