package org.dnd4j.core.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dnd4j.core.model.CodeModel;
import org.dnd4j.core.model.Competitor;
import org.dnd4j.core.model.Condition;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.model.Recorded;
import org.dnd4j.llama.Llama;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.dnd4j.unrolled.Unrolled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
    private static final List<Tap> TAPS = List.of(new Tap(0, 0, true), new Tap(1, 1, false));

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    static Stream<String> filters() {
        return Stream.of(
                "hf t1d0_k0_p1d0", "hf t0d7_k0_p1d0", "hf t1d0_k3_p1d0", "hf t1d0_k0_p0d8", "hf t1d3_k5_p0d6",
                "hf t0d0_k0_p1d0", "hf t1d0_k100_p0d5", "hf t1d0_k0_p0d0", "kakao t1d0_k12_p1d0", "kakao t1d0_k3_p1d0",
                "kakao t1d0_k12_p0d8", "kakao t1d3_k5_p0d6");
    }

    @ParameterizedTest
    @MethodSource("filters")
    void filtersAreThePublishedOnes(String name) {
        String family = name.split(" ")[0];
        String[] options = name.split(" ")[1].replaceAll("[tkp]", "").replace('d', '.').split("_");
        Recorded recorded = Recorded.of("xvi_sampling_filters");
        Sampling sampling = new Sampling(1., null, List.of(Double.valueOf(options[0])), List.of(Integer.valueOf(options[1])),
                List.of(Double.valueOf(options[2])), family.equals("hf") ? null : Sampling.Nucleus.REACHING, null);
        Weights w = Weights.start(torch, List.of(), Precision.FLOAT32, false, Key.of(0));
        NDArray logits = torch.manager().create(recorded.floats("logits"), new Shape(4, 12));
        NDArray seen = Sampler.distribution(sampling, logits, 0, w);
        assertArrayEquals(recorded.floats(family + "_probs_" + name.split(" ")[1]), seen.toFloatArray(), 2e-5f);
        if (family.equals("hf")) {
            Sampler greedy = Sampler.of(Sampling.greedy(1), Generation.keys(0, 0, 4), 1, 1, w);
            NDArray code = greedy.choose(logits.reshape(4, 1, 12), 0, 0);
            long[] published = recorded.array("hf_argmax_" + name.split(" ")[1]).longs();
            for (int i = 0; i < 4; i++) { // where several are the largest, either is right
                assertEquals(seen.getFloat(i, published[i]), seen.getFloat(i, code.getLong(i, 0)));
            }
        }
    }

    /** Two layers of 16, 5 and 3 codes on a 1×2 grid, random enough that every distribution is far from even. */
    private DndTransformer model() {
        Llama llama = new Llama(null, 16, 2, 2, 8, 0., 0., 0., Llama.Condition.PLAIN);
        return new DndTransformer(llama, TAPS, new CodeSpace(4, List.of(5, 3)), 1, 2, new Condition.Classes(3, true),
                DndTransformer.Embeddings.PER_DEPTH, false, 0);
    }

    /** The same codes and grid for a transformer over all codes in a row. */
    private Competitor unrolled() {
        Unrolled generator = new Unrolled(16, 2, 2, 8, 0., 0.);
        return new Competitor(generator, new CodeSpace(4, List.of(5, 3)), 1, 2, new Condition.Classes(3, true));
    }

    private CodeModel model(boolean unrolled) {
        return unrolled ? unrolled() : model();
    }

    /** What is predicted for known codes, {@code [b,S,K]} a depth. */
    private NDList logits(CodeModel model, NDArray labels, NDArray codes, Weights w) {
        if (model instanceof DndTransformer dnd) {
            return dnd.logits(labels, codes, false, Key.of(0), w);
        }
        long[] shape = {1, 2, 2};
        Unrolled generator = (Unrolled) ((Competitor) model).generator();
        NDList state = generator.prepare((int) labels.size(), shape, w);
        NDList[] byDepth = {new NDList(), new NDList()};
        NDArray before = labels; // [b]
        for (int t = 0; t < 4; t++) {
            byDepth[t % 2].add(generator.predict(before, t / 2, t % 2, shape, state, w)); // [b,K]
            before = codes.get(":, " + t / 2 + ", " + t % 2); // [b]
        }
        return new NDList(NDArrays.stack(byDepth[0], 1), NDArrays.stack(byDepth[1], 1)); // [b,S,K]
    }

    private Weights weights(CodeModel model) {
        List<Weight> declared = model.weights().stream()
                .map(w -> w.name().contains("norm") ? w : w.normal(w.name().startsWith("output") ? 0.5 : 0.3))
                .toList();
        return Weights.start(torch, declared, Precision.FLOAT32, false, Key.of(3));
    }

    private long[] draw(CodeModel model, Weights w, Sampling sampling, int[] labels, List<Key> keys) {
        try (var scope = torch.scope()) {
            return new Generation(model, sampling, w).codes(labels, keys, p -> {}).toLongArray();
        }
    }

    /** Pearson's test over all 225 pictures of one class; 99.99 % point of the distribution with 224 degrees of freedom. */
    @ParameterizedTest
    @CsvSource({"false, 1", "false, 2.5", "true, 1", "true, 2.5"})
    void picturesComeAsOftenAsTheModelSays(boolean unrolled, double guidance) {
        CodeModel model = model(unrolled);
        Weights w = weights(model);
        int n = 40_000;
        int[] labels = new int[n];
        Arrays.fill(labels, 1);
        Sampling sampling = new Sampling(guidance, null, List.of(0.8, 1.1), null, null, null, null);
        long[] drawn = draw(model, w, sampling, labels, Generation.keys(5, 0, n));
        asOftenAs(exact(model, w, sampling), drawn, n);
    }

    /** A generator draws by itself too, the plain distribution, whatever its plugin has for it. */
    @Test
    void aGeneratorsOwnSamplesComeAsOftenAsItSays() {
        Competitor model = unrolled();
        Weights w = weights(model);
        int n = 40_000;
        try (var scope = torch.scope()) {
            NDArray labels = scope.manager().create(new long[] {1}).tile(n); // [n]
            long[] drawn = model.generator().sample(labels, new long[] {1, 2, 2}, Key.of(4), w).toLongArray();
            asOftenAs(exact(model, w, new Sampling(1., null, List.of(1., 1.), null, null, null, null)), drawn, n);
        }
    }

    private static void asOftenAs(double[] exact, long[] drawn, int n) {
        int[] counts = new int[225];
        for (int i = 0; i < n; i++) {
            counts[index(drawn, 4 * i)]++;
        }
        assertEquals(1, Arrays.stream(exact).sum(), 1e-5);
        double chi = 0;
        double merged = 0;
        int mergedCount = 0;
        for (int i = 0; i < 225; i++) {
            if (exact[i] * n >= 5) {
                chi += Math.pow(counts[i] - exact[i] * n, 2) / (exact[i] * n);
            } else {
                merged += exact[i] * n;
                mergedCount += counts[i];
            }
        }
        chi += merged < 1 ? 0 : Math.pow(mergedCount - merged, 2) / merged;
        assertTrue(chi < 310, "chi-square " + chi);
        double entropy = -Arrays.stream(exact).map(p -> p * Math.log(p)).sum();
        double likelihood = -IntStream.range(0, n).mapToDouble(i -> Math.log(exact[index(drawn, 4 * i)])).sum() / n;
        assertEquals(entropy, likelihood, 0.03, "the samples' negative log-likelihood is the entropy");
    }

    private static int index(long[] codes, int at) {
        return (int) (((codes[at] * 3 + codes[at + 1]) * 5 + codes[at + 2]) * 3 + codes[at + 3]);
    }

    /** The probability of every picture, from teacher forcing on all of them and a softmax in plain Java. */
    private double[] exact(CodeModel model, Weights w, Sampling sampling) {
        long[] all = new long[225 * 4];
        for (int i = 0; i < 225; i++) {
            all[4 * i] = i / 45;
            all[4 * i + 1] = i / 15 % 3;
            all[4 * i + 2] = i / 3 % 5;
            all[4 * i + 3] = i % 3;
        }
        double[] probabilities = new double[225];
        Arrays.fill(probabilities, 1);
        try (var scope = torch.scope()) {
            NDArray codes = scope.manager().create(all, new Shape(225, 2, 2));
            NDArray given = scope.manager().create(new long[] {1}).tile(225);
            NDArray none = scope.manager().create(new long[] {3}).tile(225);
            for (int k = 0; k < 2; k++) {
                float[] c = logits(model, given, codes, w).get(k).toFloatArray();
                float[] u = logits(model, none, codes, w).get(k).toFloatArray();
                int size = model.space().size(k);
                for (int row = 0; row < 450; row++) {
                    double[] x = new double[size];
                    for (int j = 0; j < size; j++) {
                        double g = sampling.guided() ? u[row * size + j] + sampling.guidance() * (c[row * size + j] - u[row * size + j]) : c[row * size + j];
                        x[j] = Math.exp(g / sampling.temperature().get(k));
                    }
                    probabilities[row / 2] *= x[(int) all[2 * row + k]] / Arrays.stream(x).sum();
                }
            }
        }
        return probabilities;
    }

    /** With interval 1 the first position is guided, then steps 0 and 1, which are the second and third. */
    @Test
    void guidanceEndsBehindItsInterval() {
        Weights w = weights(model());
        float[] withAndWithout = {1, 0, 0.9f, 3, 0, 0}; // guided by 2: −1, 0, 1.8
        NDArray logits = torch.manager().create(withAndWithout, new Shape(2, 1, 3));
        Sampling sampling = new Sampling(2., 1, null, null, null, null, true);
        Sampler sampler = Sampler.of(sampling, Generation.keys(0, 0, 1), 4, 1, w);
        for (int p = 0; p < 4; p++) {
            assertArrayEquals(p < 3 ? new long[] {2, 2} : new long[] {0, 0}, sampler.choose(logits, 0, p).toLongArray());
        }
        assertEquals("interval is -1: must be at least 0, the last decoding step to guide, or left out to guide all",
                assertThrows(UserError.class, () -> new Sampling(2., -1, null, null, null, null, null)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPictureDependsOnItsKeyAndNotOnItsBatch(boolean unrolled) {
        CodeModel model = model(unrolled);
        Weights w = weights(model);
        Sampling sampling = new Sampling(1.5, null, null, List.of(4, 2), List.of(0.9), null, null);
        int[] labels = {0, 1, 2, 0, 1, 2, Generation.NO_CLASS, 0};
        long[] together = draw(model, w, sampling, labels, Generation.keys(7, 0, 8));
        assertArrayEquals(together, draw(model, w, sampling, labels, Generation.keys(7, 0, 8)));
        assertFalse(Arrays.equals(together, draw(model, w, sampling, labels, Generation.keys(8, 0, 8))));
        List<Long> alone = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Arrays.stream(draw(model, w, sampling, new int[] {labels[i]}, Generation.keys(7, i, 1))).forEach(alone::add);
        }
        assertArrayEquals(together, alone.stream().mapToLong(l -> l).toArray());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nativeMemoryIsFreedAtEveryPosition(boolean unrolled) {
        CodeModel model = model(unrolled);
        Weights w = weights(model);
        List<Integer> progress = new ArrayList<>();
        try (var scope = torch.scope()) {
            NDArray codes = new Generation(model, Sampling.greedy(1), w).codes(new int[] {0}, Generation.keys(0, 0, 1), progress::add);
            assertEquals(new Shape(1, 1, 2, 2), codes.getShape());
            assertEquals(1, scope.manager().getManagedArrays().stream().filter(a -> a.getDataType() == codes.getDataType()).count());
        }
        assertEquals(List.of(1, 2), progress);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0.9 | -1 | 0 | 1 | temperature is [-1.0]: must be at least 0, one value or one per depth",
        "-2  | 1  | 0 | 1 | guidance is -2.0: must be 0 to 1000 (up to 1 for none)",
        "1   | 1  | -5| 1 | topK is [-5]: must be at least 0 (0 for all codes), one value or one per depth",
        "1   | 1  | 0 | 2 | topP is [2.0]: must be from 0 to 1, one value or one per depth"
    })
    void impossibleOptionsAreRefused(double guidance, double temperature, int k, double p, String message) {
        assertEquals(message, assertThrows(UserError.class,
                () -> new Sampling(guidance, null, List.of(temperature), List.of(k), List.of(p), null, null)).getMessage());
    }

    @Test
    void optionsThatDoNotFitTheModelAreRefused() {
        Weights w = weights(model());
        Sampling three = new Sampling(null, null, List.of(1., 1., 1.), null, null, null, null);
        assertEquals("temperature has 3 values [1.0, 1.0, 1.0]: give one, or 2, one per depth",
                assertThrows(UserError.class, () -> new Generation(model(), three, w)).getMessage());
        assertEquals("class 3 is not among the 3 classes, 0 to 2, or -1 for none", assertThrows(UserError.class,
                () -> draw(model(), w, Sampling.greedy(1), new int[] {3}, Generation.keys(0, 0, 1))).getMessage());
    }
}
