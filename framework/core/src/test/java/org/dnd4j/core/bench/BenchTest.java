package org.dnd4j.core.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.heads.Dnd;
import org.dnd4j.llama.Llama;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {
    private static final Preset TINY = new Preset("tiny", 3, 32, 2, 40, 4);
    private static final ExperimentReader PLUGINS = new ExperimentReader(Plugins.of("1.0.0", Llama.class, Dnd.class));

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    /** A whole picture from the first position on: the fused program is right if the two agree, and codes vary. */
    @ParameterizedTest
    @CsvSource({"FLOAT32, true", "FLOAT32, false", "BFLOAT16, true", "BFLOAT16, false", "INT8, true", "INT8, false"})
    void theFusedProgramDrawsTheSameCodes(Precision precision, boolean greedy) {
        Decode.Pair pair = Decode.Pair.of(TINY, PLUGINS, torch, precision, greedy);
        for (int p = 0; p < TINY.positions(); p++) {
            pair.assembled().position(p);
            pair.fused().position(p);
        }
        long[] codes = pair.assembled().codes().toLongArray();
        assertArrayEquals(codes, pair.fused().codes().toLongArray());
        long different = Arrays.stream(codes).distinct().count();
        assertTrue(different >= 5, "only " + different + " different codes");
    }

    @Test
    void aRowSaysWhatWasMeasured() {
        Bench.Order order = new Bench.Order("decode", List.of(TINY), List.of(Precision.FLOAT32, Precision.BFLOAT16), 3, 2);
        Map<String, Object> fields = Bench.run(order, PLUGINS, torch, Progress.NONE).fields();
        assertEquals(List.of("bandwidth_gbs", "matrix_gflops", "rows"), List.copyOf(fields.keySet()));
        double bandwidth = (Double) fields.get("bandwidth_gbs");
        assertTrue(bandwidth > 0.1 && bandwidth < 1e5, bandwidth + " GB/s");
        Map<?, ?> matrix = (Map<?, ?>) fields.get("matrix_gflops");
        assertEquals(List.of("float32", "bfloat16"), List.copyOf(matrix.keySet()));
        List<?> rows = (List<?>) fields.get("rows");
        assertEquals(2, rows.size());
        Map<?, ?> row = (Map<?, ?>) rows.get(1);
        assertEquals("bfloat16", row.get("precision"));
        assertEquals(1.0, row.get("equal_codes"));
        // by hand: 3 layers of 32·(3·32 + 32) + 3·32·256, two outputs of 40·32
        int each = torch.computed(Precision.BFLOAT16) == Precision.BFLOAT16 ? 2 : 4;
        double bytes = each * (3 * (32 * 128 + 3 * 32 * 256) + 2 * 40 * 32);
        assertEquals(bytes / ((Double) row.get("ms") * 1e6 * bandwidth), (Double) row.get("share"), 1e-9);
    }

    @Test
    void mediansAreMedians() {
        assertEquals(2, Decode.median(new double[] {9, 1, 2}));
        assertEquals(1.5, Decode.median(new double[] {2, 1, 1, 9}));
    }

    @Test
    void whatCannotBeMeasuredIsNamed() {
        List<Precision> plain = List.of(Precision.FLOAT32);
        assertEquals("unknown work 'decoding': one of decode, codes", assertThrows(UserError.class,
                () -> new Bench.Order("decoding", List.of(TINY), plain, 1, 1)).getMessage());
        assertEquals("unknown preset 'c': one of b, toy",
                assertThrows(UserError.class, () -> Preset.of("c")).getMessage());
        assertEquals("16 positions: the cache of preset tiny holds 16, of which 1 to 15 can be measured",
                assertThrows(UserError.class, () -> new Decode(PLUGINS, torch, 16, 1)
                        .measure(TINY, Precision.FLOAT32, Progress.NONE)).getMessage());
    }
}
