package org.dnd4j.history;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The parts of the fit against plain loops. */
class AdditiveFitTest {
    private static final CodeSpace SPACE = new CodeSpace(3, List.of(4, 4, 4)); // c, then K of each depth

    private final Torch torch = Torch.open("cpu");
    private final Additive additive = new Additive(null, null, null, null);
    private final Weights w = started(additive);

    @AfterEach
    void close() {
        torch.close();
    }

    private Weights started(Additive additive) {
        return Weights.start(torch, additive.weights(SPACE), Precision.FLOAT32, true, Key.of(1));
    }

    private NDArray normal(long seed, int rows) {
        Random random = new Random(seed);
        float[] values = new float[rows * SPACE.width()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return torch.manager().create(values, new Shape(rows, SPACE.width())); // [n,c]
    }

    private NDList tables() {
        return new NDList(normal(11, 4), normal(12, 4).div(2), normal(13, 4).div(4));
    }

    private static float[][] rows(NDArray array) {
        float[] flat = array.toFloatArray();
        int c = (int) array.getShape().get(1);
        float[][] rows = new float[flat.length / c][c];
        for (int i = 0; i < flat.length; i++) {
            rows[i / c][i % c] = flat[i];
        }
        return rows;
    }

    private static double error(float[] x, float[][][] tables, int... codes) {
        double error = 0;
        for (int j = 0; j < x.length; j++) {
            double rest = x[j];
            for (int k = 0; k < codes.length; k++) {
                rest -= tables[k][codes[k]][j];
            }
            error += rest * rest;
        }
        return error;
    }

    private static float[][][] plain(NDList tables) {
        return tables.stream().map(AdditiveFitTest::rows).toArray(float[][][]::new);
    }

    @Test
    void aBeamThatHoldsEveryPathFindsTheBestCodes() {
        NDArray x = normal(1, 20);
        NDList tables = tables();
        float[][][] t = plain(tables);
        long[] codes = w.run(Additive.PROGRAM, "search", x, tables, 16).toLongArray(); // [20·3]
        float[][] z = rows(x);
        for (int i = 0; i < 20; i++) {
            double best = Double.MAX_VALUE;
            for (int code = 0; code < 64; code++) {
                best = Math.min(best, error(z[i], t, code / 16, code / 4 % 4, code % 4));
            }
            assertEquals(best, error(z[i], t, (int) codes[3 * i], (int) codes[3 * i + 1], (int) codes[3 * i + 2]), 1e-4);
        }
    }

    @Test
    void aBeamOfOneIsGreedy() {
        NDArray x = normal(1, 20);
        NDList tables = tables();
        NDArray rest = x;
        NDArray codes = w.run(Additive.PROGRAM, "search", x, tables, 1); // [20,3]
        for (int k = 0; k < 3; k++) {
            NDArray chosen = additive.nearest(rest, rest, 0, 1, loaded(tables.get(k))).codes(); // [20,1]
            assertArrayEquals(chosen.toLongArray(), codes.get(":," + k).toLongArray(), "depth " + k);
            rest = rest.sub(additive.codeword(chosen.squeeze(1), rest, 0, loaded(tables.get(k))));
        }
    }

    @Test
    void aBeamOfTwoKeepsTwoPaths() {
        NDArray x = normal(1, 200);
        float[][][] t = plain(tables());
        double[] errors = new double[3];
        for (int beam = 1; beam <= 2; beam++) {
            long[] codes = w.run(Additive.PROGRAM, "search", x, tables(), beam).toLongArray(); // [200·3]
            float[][] z = rows(x);
            for (int i = 0; i < z.length; i++) {
                errors[beam] += error(z[i], t, (int) codes[3 * i], (int) codes[3 * i + 1], (int) codes[3 * i + 2]);
            }
        }
        assertTrue(errors[2] < errors[1], errors[2] + " is not below " + errors[1]);
    }

    private Weights loaded(NDArray table) {
        Weights loaded = started(additive);
        loaded.set("codebooks.0.weight", table);
        return loaded;
    }

    @Test
    void manyLatentsAreSearchedInPartsWithEqualCodes() {
        int n = 4194304 / (512 * 4) + 3; // more than one part
        NDArray x = normal(1, n);
        long[] all = w.run(Additive.PROGRAM, "search", x, tables(), 512).toLongArray();
        long[] last = w.run(Additive.PROGRAM, "search", x.get(n - 3 + ":"), tables(), 512).toLongArray();
        assertEquals(3 * n, all.length);
        assertArrayEquals(last, Arrays.copyOfRange(all, 3 * (n - 3), 3 * n));
    }

    @Test
    void leastSquaresLeaveNoSlope() {
        int n = 40;
        double ridge = 0.7;
        double prefix = 0.3;
        NDArray x = normal(1, n);
        NDList before = tables();
        NDArray codes = w.run(Additive.PROGRAM, "search", x, before, 2); // [n,3]
        float[][][] old = plain(before);
        float[][][] now = plain(w.call(Additive.PROGRAM, "solve", x, codes, before, ridge, prefix));
        double[][][] slope = new double[3][4][3];
        for (int k = 0; k < 3; k++) {
            for (int row = 0; row < 4; row++) {
                for (int j = 0; j < 3; j++) {
                    slope[k][row][j] = ridge * (now[k][row][j] - old[k][row][j]);
                }
            }
        }
        long[] chosen = codes.toLongArray();
        float[][] z = rows(x);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < 3; j++) {
                double rest = z[i][j];
                for (int k = 0; k < 3; k++) { // the prefix of codes 0 to k
                    rest -= now[k][(int) chosen[3 * i + k]][j];
                    for (int said = 0; said <= k; said++) {
                        slope[said][(int) chosen[3 * i + said]][j] -= (k < 2 ? prefix : 1) * rest;
                    }
                }
            }
        }
        for (double[][] table : slope) {
            for (double[] row : table) {
                assertArrayEquals(new double[3], row, 1e-3);
            }
        }
    }

    @Test
    void depthsThatSayMoreComeFirstIfTheirTablesAreOfOneSize() {
        NDArray x = normal(1, 200);
        NDList turned = new NDList(tables().get(2), tables().get(0), tables().get(1));
        NDList moved = w.call(Additive.PROGRAM, "round", 1, x, turned, 16, 1e6, 0.5);
        for (int k = 0; k < 3; k++) {
            float[] expected = tables().get(k).toFloatArray();
            float[] seen = moved.get(k).toFloatArray(); // a ridge of a million latents lets nothing move but revived rows
            assertArrayEquals(expected, seen, 0.01f, "table " + k);
        }
        NDList uneven = new NDList(tables().get(2).get(":3"), tables().get(0));
        NDList kept = w.call(Additive.PROGRAM, "round", 1, x, uneven, 16, 1e6, 0.5);
        assertArrayEquals(tables().get(0).toFloatArray(), kept.get(1).toFloatArray(), 0.01f);
    }

    @Test
    void aRowThatNothingChoosesGoesWhereItIsMissed() {
        NDArray x = normal(1, 50).mul(0.1f).concat(normal(2, 1).mul(0).add(50)); // [51,c], one of them far away
        NDList tables = tables();
        tables.get(1).set(new NDIndex("2"), 1e4f);
        NDArray codes = w.run(Additive.PROGRAM, "search", x, tables, 4); // [51,3]
        float[][][] t = plain(w.call(Additive.PROGRAM, "revive", 1, x, codes, tables));
        long[] chosen = codes.toLongArray();
        float missed = 50 - t[0][(int) chosen[150]][0] - t[2][(int) chosen[152]][0];
        assertEquals(missed, t[1][2][0], 1e-3f, "the row stands where the others leave the far one");
    }

    @Test
    void aLaterFitGoesOnFromTheOneBefore() {
        NDArray x = normal(1, 300);
        additive.fit(x, SPACE, Key.of(1), w);
        NDList once = new NDList(w.get("codebooks.0.weight").duplicate(), w.get("codebooks.1.weight").duplicate(),
                w.get("codebooks.2.weight").duplicate());
        additive.fit(x, SPACE, Key.of(2), w);
        double before = mean(x, once);
        double after = mean(x, new NDList(
                w.get("codebooks.0.weight"), w.get("codebooks.1.weight"), w.get("codebooks.2.weight")));
        assertTrue(after < before * 1.02, "from " + before + " to " + after);
        assertEquals(2, w.values("fits")[0]);
    }

    @Test
    void aFirstFitTakesAllRoundsAndALaterOneAnother() {
        NDArray x = normal(1, 8); // fewer than rows, some of which are therefore drawn anew
        Additive three = new Additive(4, 3, 0.5, 0.25);
        Weights fitted = started(three);
        Key first = Key.of(3);
        NDList tables = w.call(Additive.PROGRAM, "start", first, x, new long[] {4, 4, 4});
        for (int round = 0; round < 3; round++) {
            tables = w.call(Additive.PROGRAM, "round", first.at(round), x, tables, 4, 0.5, 0.25);
        }
        three.fit(x, SPACE, first, fitted);
        equal(tables, fitted);
        Key later = Key.of(4);
        three.fit(x, SPACE, later, fitted);
        equal(w.call(Additive.PROGRAM, "round", later.at(0), x, tables, 4, 0.5, 0.25), fitted);
    }

    private static void equal(NDList tables, Weights fitted) {
        for (int k = 0; k < tables.size(); k++) {
            assertArrayEquals(tables.get(k).toFloatArray(), fitted.values("codebooks." + k + ".weight"));
        }
    }

    @Test
    void whatAFitComputedOnceItComputesStill() {
        NDArray x = normal(5, 60); // [60,c]
        NDList begun = w.call(Additive.PROGRAM, "start", 3, x, new long[] {16, 16});
        assertArrayEquals(new float[] {-7.6721f, 41.7675f, 41.3429f, -4.4562f, 5.8445f, 0.3347f}, sums(begun), 0.01f);
        NDList turned = new NDList(copy(begun.get(1)), begun.get(0)); // the coarse one last, and rows that nobody chooses
        turned.get(0).set(new NDIndex("2:5"), 40f);
        float[] moved = sums(w.call(Additive.PROGRAM, "round", 4, x, turned, 4, 0.5, 0.5));
        assertArrayEquals(new float[] {-11.0846f, 45.2553f, 38.4609f, -3.5609f, 0.1689f, 6.8206f}, moved, 0.01f);
        assertEquals(1, w.call(Additive.PROGRAM, "round", 4, x, new NDList(begun.get(0)), 4, 0.5, 0.5).size());
    }

    /** A row that nothing chooses goes where latents are missed, until it is of use: in the end each of thirty has its own. */
    @Test
    void asManyRowsAsDifferentLatentsLeaveNothing() {
        NDArray thirty = normal(5, 30);
        NDArray x = thirty.concat(thirty).concat(thirty).concat(thirty); // [120,c]
        for (int seed = 1; seed <= 8; seed++) {
            NDArray table = w.call(Additive.PROGRAM, "start", seed, x, new long[] {30}).head(); // [30,c]
            assertEquals(0, mean(x, new NDList(table)), 1e-6, "seed " + seed);
        }
    }

    private NDArray copy(NDArray table) {
        return torch.manager().create(table.toFloatArray(), table.getShape()); // [K,c]
    }

    /** Of each table and column, the sum of its numbers, each times the number of its row. */
    private static float[] sums(NDList tables) {
        float[] sums = new float[3 * tables.size()];
        for (int k = 0; k < tables.size(); k++) {
            float[][] rows = rows(tables.get(k));
            for (int row = 0; row < rows.length; row++) {
                for (int j = 0; j < 3; j++) {
                    sums[3 * k + j] += (row + 1) * rows[row][j];
                }
            }
        }
        return sums;
    }

    private double mean(NDArray x, NDList tables) {
        long[] codes = w.run(Additive.PROGRAM, "search", x, tables, 16).toLongArray();
        float[][][] t = plain(tables);
        float[][] z = rows(x);
        double sum = 0;
        for (int i = 0; i < z.length; i++) {
            int at = i * t.length;
            sum += error(z[i], t, IntStream.range(at, at + t.length).map(k -> (int) codes[k]).toArray());
        }
        return sum / z.length;
    }

    @Test
    void fewerLatentsThanRowsCanBeFitted() {
        additive.fit(normal(1, 2), SPACE, Key.of(1), w);
        for (float value : w.values("codebooks.2.weight")) {
            assertTrue(Float.isFinite(value));
        }
    }

    @Test
    void tooManyRowsAreRefused() {
        assertEquals(
                "additive: 9 depths have 9216 codes in all, and the least squares over all of them need a matrix of 9216²:"
                        + " must be at most 8192 in all",
                assertThrows(UserError.class, () -> additive.weights(CodeSpace.of(4, 9, 1024))).getMessage());
        assertThrows(UserError.class, () -> additive.weights(CodeSpace.of(4, 1, 8193)));
        additive.weights(CodeSpace.of(4, 8, 1024));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertEquals("additive: beam is 0: must be at least 1", refused(0, 1, 1.0, 0.0));
        assertEquals("additive: rounds is 0: must be at least 1", refused(1, 0, 1.0, 0.0));
        assertEquals("additive: ridge is 0.0: must be above 0 and finite", refused(1, 1, 0.0, 0.0));
        assertEquals("additive: ridge is NaN: must be above 0 and finite", refused(1, 1, Double.NaN, 0.0));
        assertEquals("additive: ridge is Infinity: must be above 0 and finite", refused(1, 1, Double.POSITIVE_INFINITY, 0.0));
        assertEquals("additive: prefix is -1.0: must be at least 0 and finite", refused(1, 1, 1.0, -1.0));
        assertEquals("additive: prefix is Infinity: must be at least 0 and finite", refused(1, 1, 1.0, Double.POSITIVE_INFINITY));
        assertEquals(7, new Additive(1, 1, 7.0, 0.0).ridge());
        assertEquals(7, new Additive(1, 1, 1.0, 7.0).prefix());
        assertEquals(new Additive(16, 12, 1.0, 0.5), additive);
    }

    private static String refused(Integer beam, Integer rounds, Double ridge, Double prefix) {
        return assertThrows(UserError.class, () -> new Additive(beam, rounds, ridge, prefix)).getMessage();
    }
}
