package org.dnd4j.core.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dnd4j.core.checkpoint.Npy;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.code.Quantizer.Quantized;
import org.dnd4j.residual.Residual;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodebooksTest {
    private static final String TABLE = "codebooks.0.weight";

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    /** A recorded case of the reference (REFERENCE J), and tables in the state it starts from. */
    private final class Recorded implements AutoCloseable {
        final Path folder;
        final int size;
        final int width;
        final Residual residual = new Residual(true);
        final Weights w;
        final Quantizer quantizer;
        final Codebooks books;

        Recorded(String name, int depth, boolean restart) {
            try {
                folder = Path.of(CodebooksTest.class.getResource("/check/" + name).toURI());
            } catch (URISyntaxException e) {
                throw new AssertionError(e);
            }
            size = array("before_embed_ema").size(0);
            width = array("before_embed_ema").size(1);
            quantizer = new Quantizer(residual, CodeSpace.of(width, depth, size), 1);
            w = Weights.load(
                    torch, residual.weights(quantizer.space()), Precision.FLOAT32, true, weight -> rows("before_weight"));
            books = new Codebooks(quantizer, CodebookLearning.published(restart), w);
            try (Scope scope = torch.scope()) {
                assign(scope, "cluster_size_ema", array("before_cluster_size_ema").floats());
                assign(scope, "embed_ema", array("before_embed_ema").floats());
            }
        }

        void assign(Scope scope, String name, float[] values) {
            NDArray to = books.state().get("quantizer.codebooks.0." + name);
            to.subi(to).addi(scope.manager().create(values, to.getShape()));
        }

        boolean has(String name) {
            return Files.exists(folder.resolve(name + ".npy"));
        }

        Stored array(String name) {
            return Npy.read(folder.resolve(name + ".npy"));
        }

        /** Without the padding row. */
        float[] rows(String name) {
            return Arrays.copyOf(array(name).floats(), size * width);
        }

        NDArray vectors(Scope scope, String name) {
            float[] values = array(name).floats();
            return scope.manager().create(values, new Shape(values.length / width, width));
        }

        void assertState(String prefix) {
            assertClose(array(prefix + "cluster_size_ema").floats(), state("cluster_size_ema"));
            assertClose(array(prefix + "embed_ema").floats(), state("embed_ema"));
            assertClose(rows(prefix + "weight"), w.values(TABLE));
        }

        private float[] state(String name) {
            return books.state().get("quantizer.codebooks.0." + name).toFloatArray();
        }

        @Override
        public void close() {
            books.close();
            w.close();
        }
    }

    private static void assertClose(float[] expected, float[] found) {
        assertEquals(expected.length, found.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], 2e-5 + 1e-4 * Math.abs(expected[i]), "element " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vi_ema_no_restart", "vib_ema_restart", "vic_ema_restart_tiled", "vid_ema_first_step"})
    void recordedUpdatesAreMet(String name) {
        try (Recorded r = new Recorded(name, 1, !name.startsWith("vi_"))) {
            for (int step = 0; r.has("inputs_" + step); step++) {
                try (Scope scope = torch.scope()) {
                    NDArray z = r.vectors(scope, "inputs_" + step); // [n,c]
                    Quantized q = r.quantizer.quantize(z, r.w);
                    assertArrayEquals(r.array("codes_" + step).longs(), q.codes().toLongArray());
                    assertClose(r.array("embeds_" + step).floats(), q.last().toFloatArray());
                    NDArray candidates = scope.manager().zeros(new Shape(0, r.width));
                    if (r.has("randperm_" + step + "_0")) {
                        NDArray order = scope.manager().create(r.array("randperm_" + step + "_0").longs());
                        NDArray noise = r.has("noise_" + step + "_0") ? r.vectors(scope, "noise_" + step + "_0") : z;
                        candidates = r.books.candidates(z, order, noise, r.size);
                    }
                    r.books.update(TABLE, q.targets().get(0), q.codes().reshape(-1), candidates);
                }
                r.assertState("after_" + step + "_");
            }
        }
    }

    @Test
    void aSharedTableMovesBetweenDepthsAsRecorded() {
        try (Recorded r = new Recorded("vie_ema_shared_depth4", 4, false);
                Scope scope = torch.scope()) {
            NDArray z = r.vectors(scope, "z_e"); // [n,c]
            Quantized q = r.books.quantize(z, Key.of(0));
            assertArrayEquals(r.array("codes").longs(), q.codes().toLongArray());
            assertClose(r.array("z_q").floats(), q.last().toFloatArray());
            r.books.update(List.of(q), Key.of(0)); // nothing is left to do
            r.assertState("after_");
            assertArrayEquals(
                    r.array("codes_eval_after").longs(), r.quantizer.quantize(z, r.w).codes().toLongArray());
        }
    }

    private static NDArray clusters(Scope scope, int n, int width, int clusters, long seed) {
        Random random = new Random(seed);
        float[] z = new float[n * width];
        for (int i = 0; i < n; i++) {
            Random centre = new Random(1000 + random.nextInt(clusters));
            for (int c = 0; c < width; c++) {
                z[i * width + c] = (float) (5 + 3 * centre.nextGaussian() + 0.3 * random.nextGaussian());
            }
        }
        return scope.manager().create(z, new Shape(n, width));
    }

    @Test
    void oneUpdateAfterAllDepthsAndPartsCountsThemAll() {
        Residual residual = new Residual(true);
        CodeSpace space = CodeSpace.of(4, 3, 6);
        Weights w = Weights.start(torch, residual.weights(space), Precision.FLOAT32, true, Key.of(1));
        CodebookLearning learning =
                new CodebookLearning(0.9, null, "weights", false, null, null, null, null);
        try (Codebooks books = new Codebooks(new Quantizer(residual, space, 1), learning, w);
                Scope scope = torch.scope()) {
            NDArray first = clusters(scope, 20, 4, 5, 1);
            NDArray second = clusters(scope, 30, 4, 5, 2);
            books.start(first, Key.of(0));
            List<Quantized> parts = List.of(books.quantize(first, Key.of(1)), books.quantize(second, Key.of(1)));
            double[] sizes = new double[6];
            double[] sums = new double[24];
            Arrays.fill(sizes, 0.9);
            float[] table = w.values(TABLE);
            for (int i = 0; i < 24; i++) {
                sums[i] = 0.9 * table[i];
            }
            for (Quantized q : parts) {
                long[] codes = q.codes().toLongArray();
                for (int i = 0; i < codes.length; i++) {
                    float[] target = q.targets().get(i % 3).get(i / 3).toFloatArray();
                    sizes[(int) codes[i]] += 0.1;
                    for (int c = 0; c < 4; c++) {
                        sums[(int) codes[i] * 4 + c] += 0.1 * target[c];
                    }
                }
            }
            books.update(parts, Key.of(2));
            double n = Arrays.stream(sizes).sum();
            float[] moved = w.values(TABLE);
            for (int i = 0; i < 24; i++) {
                double smooth = n * (sizes[i / 4] + 1e-5) / (n + 6 * 1e-5);
                assertEquals(sums[i] / smooth, moved[i], 1e-4);
            }
        }
        w.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"false errors", "true errors", "false batch", "true batch"})
    void tablesStartAtTheLatentsAndStayInUse(String how) {
        Residual residual = new Residual(how.startsWith("true"));
        CodeSpace space = CodeSpace.of(4, 2, 16);
        Weights w = Weights.start(torch, residual.weights(space), Precision.FLOAT32, true, Key.of(1));
        CodebookLearning learning =
                new CodebookLearning(null, null, null, null, null, how.split(" ")[1], null, null);
        Quantizer quantizer = new Quantizer(residual, space, 1);
        double firstError = 0;
        double lastError = 0;
        try (Codebooks books = new Codebooks(quantizer, learning, w)) {
            for (int step = 0; step < 200; step++) {
                try (Scope scope = torch.scope()) {
                    NDArray z = clusters(scope, 64, 4, 16, step); // [n,c]
                    if (step == 0) {
                        books.start(z, Key.of(3));
                    }
                    Quantized q = books.quantize(z, Key.of(4).at(step));
                    lastError = q.last().sub(z).square().mean().getFloat();
                    firstError = step == 0 ? lastError : firstError;
                    books.update(List.of(q), Key.of(5).at(step));
                }
            }
            try (Scope scope = torch.scope()) {
                Quantized q = quantizer.quantize(clusters(scope, 512, 4, 16, 999), w);
                NDList perplexities = books.perplexities(q.codes());
                assertTrue(lastError < firstError, firstError + " → " + lastError);
                assertTrue(perplexities.get(0).getFloat() > (residual.shared() ? 4 : 10), perplexities.get(0) + how);
                assertTrue(perplexities.get(1).getFloat() > (residual.shared() ? 4 : 8), perplexities.get(1) + how);
            }
        }
        w.close();
    }

    @Test
    void unusedRowsRestartWhereVectorsAreWorstMet() {
        Residual residual = new Residual(true);
        CodeSpace space = CodeSpace.of(2, 1, 4);
        float[] rows = {0, 0, 1, 1, 90, 90, 95, 95}; // the last two are never hit
        Weights w = Weights.load(torch, residual.weights(space), Precision.FLOAT32, true, weight -> rows);
        CodebookLearning learning = new CodebookLearning(0.5, null, "weights", true, 0.4, null, null, null);
        try (Codebooks books = new Codebooks(new Quantizer(residual, space, 1), learning, w)) {
            for (int step = 0; step < 2; step++) {
                try (Scope scope = torch.scope()) {
                    NDArray z = scope.manager()
                            .create(new float[] {0, 0, 0, 0, 1, 1, 1, 1, 20, 20, 20, 21}, new Shape(6, 2));
                    if (step == 0) {
                        books.start(z, Key.of(1));
                    }
                    books.update(List.of(books.quantize(z, Key.of(2).at(step))), Key.of(3).at(step));
                }
                assertEquals(step * 2f, books.restarted().get(TABLE).toFloatArray()[0]);
            }
            float[] table = w.values(TABLE);
            for (int i : new int[] {4, 5, 6, 7}) {
                assertEquals(20, table[i], 1.1f);
            }
        }
        w.close();
    }

    @Test
    void aBeamAndTablesThatMoveBetweenDepthsExcludeEachOther() {
        Residual residual = new Residual(true);
        CodeSpace space = CodeSpace.of(2, 2, 4);
        Weights w = Weights.start(torch, residual.weights(space), Precision.FLOAT32, true, Key.of(1));
        Quantizer quantizer = new Quantizer(residual, space, 2);
        assertThrows(UserError.class, () -> new Codebooks(quantizer, CodebookLearning.published(true), w));
        w.close();
    }

    @Test
    void perplexityIsTheExponentialOfEntropy() {
        Residual residual = new Residual(false);
        CodeSpace space = CodeSpace.of(2, 2, 4);
        Weights w = Weights.start(torch, residual.weights(space), Precision.FLOAT32, true, Key.of(1));
        try (Codebooks books =
                        new Codebooks(new Quantizer(residual, space, 1), CodebookLearning.defaults(), w);
                Scope scope = torch.scope()) {
            long[] codes = {0, 3, 1, 3, 2, 3, 0, 3};
            NDList found = books.perplexities(scope.manager().create(codes, new Shape(4, 2)));
            assertEquals(Math.exp(0.5 * Math.log(2) + 0.5 * Math.log(4)), found.get(0).getFloat(), 1e-5);
            assertEquals(1, found.get(1).getFloat(), 1e-6);
        }
        w.close();
    }
}
