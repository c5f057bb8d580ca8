package org.dnd4j.core.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.heads.Dnd;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {
    private static final Preset TINY = new Preset("tiny", 3, 32, 2, 40, 4);
    private static final Plugins PLUGINS =
            Plugins.of("1.0.0", Llama.class, Dnd.class, RqVae.class, Residual.class);
    private static final ExperimentReader READER = new ExperimentReader(PLUGINS);
    private static final List<Precision> PLAIN = List.of(Precision.FLOAT32);
    private static final List<Precision> TRAINABLE = List.of(Precision.FLOAT32, Precision.BFLOAT16);

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    private static Bench.Order order(String work, List<Precision> precisions, int batch, int heads, boolean linear) {
        return new Bench.Order(work, List.of(TINY), precisions, List.of(batch), List.of(heads), 2, linear, 3, 2);
    }

    /** Rates that are whole numbers, so that shares can be told by hand. */
    private List<Row> rows(Bench.Order order) {
        Map<Precision, Double> rates = new EnumMap<>(Map.of(Precision.FLOAT32, 2., Precision.BFLOAT16, 4.));
        return Bench.rows(order, new Machine(8, rates), PLUGINS, torch, Progress.NONE);
    }

    /** A whole picture from the first position on: the fused program is right if the two agree, and codes vary. */
    @ParameterizedTest
    @CsvSource({
        "FLOAT32, true, 1, 2, 2", "FLOAT32, false, 1, 2, 2", "BFLOAT16, true, 1, 2, 2", "BFLOAT16, false, 1, 2, 2",
        "INT8, true, 1, 2, 2", "INT8, false, 1, 2, 2", "FLOAT32, false, 3, 3, 2", "FLOAT32, false, 3, 1, 1",
        "INT8, false, 3, 3, 1"
    })
    void theFusedProgramDrawsTheSameCodes(Precision precision, boolean greedy, int batch, int depth, double guidance) {
        Decode decode = new Decode(TINY, depth, batch, guidance, READER, torch, 1, 1);
        try (Decode.Pair pair = decode.pair(precision, false, greedy)) {
            for (int p = 0; p < TINY.positions(); p++) {
                pair.assembled().position(p);
                pair.fused().position(p);
            }
            long[] codes = pair.assembled().codes().toLongArray();
            assertArrayEquals(codes, pair.fused().codes().toLongArray());
            long different = Arrays.stream(codes).distinct().count();
            assertTrue(different >= 5, "only " + different + " different codes");
        }
    }

    @Test
    void theAnswerSaysWhatWasMeasured() {
        Map<String, Object> fields = new Bench.Result(
                        Machine.measure(torch, 1 << 22, 256), 2, List.of("a note"), rows(order("quantize", PLAIN, 5, 2, false)))
                .fields();
        assertEquals(
                List.of("bandwidth_gbs", "matrix_gflops", "threads", "notes", "rows"), List.copyOf(fields.keySet()));
        double bandwidth = (Double) fields.get("bandwidth_gbs");
        assertTrue(bandwidth > 0.1 && bandwidth < 1e5, bandwidth + " GB/s");
        Map<?, ?> matrix = (Map<?, ?>) fields.get("matrix_gflops");
        assertEquals(List.of("float32", "bfloat16"), List.copyOf(matrix.keySet()));
        List<?> rows = (List<?>) fields.get("rows");
        assertEquals(
                List.of("work", "preset", "precision", "batch", "ms", "share"),
                ((Map<?, ?>) rows.get(0)).keySet().stream().limit(6).toList());
    }

    @Test
    void decodingIsHeldAgainstWhatMustBeRead() {
        List<Row> rows = rows(order("decode", List.of(Precision.FLOAT32, Precision.BFLOAT16, Precision.INT8), 3, 2, true));
        assertEquals(List.of("float32", "bfloat16", "int8"), rows.stream().map(Row::precision).toList());
        // by hand: 3 layers of 32·(3·32 + 32) + 3·32·256, two outputs of 40·32
        double elements = 3 * (32 * 128 + 3 * 32 * 256) + 2 * 40 * 32;
        double outputs = 3 * (3 * 32 + 32 + 256 + 256 + 32) + 2 * 40;
        boolean halves = torch.computed(Precision.BFLOAT16) == Precision.BFLOAT16;
        double[] bytes = {4 * elements, halves ? 2 * elements : 4 * elements, elements + 2 * outputs};
        for (int i = 0; i < 3; i++) {
            Row row = rows.get(i);
            assertEquals(bytes[i] / (row.ms() * 1e6 * 8), row.share(), 1e-12);
            assertEquals(bytes[i] / (row.ms() * 1e6), (Double) row.more().get("gbs"), 1e-12);
            assertEquals(6, row.more().get("rows"));
            assertEquals(1.0, row.more().get("equal_codes"));
            double linear = (Double) row.more().get("linear_ms");
            assertTrue(linear > 0);
            assertEquals(linear / (Double) row.more().get("fused_ms"), row.more().get("times_linear"));
        }
    }

    @Test
    void scalesAreBytesToo() {
        List<Weight> declared = List.of(Weight.matrix("m", 10, 300), Weight.of("table", 1000, 300));
        assertEquals(4 * 3000, Floor.bytes(declared, Precision.FLOAT32));
        assertEquals(2 * 3000, Floor.bytes(declared, Precision.BFLOAT16));
        assertEquals(3000 + 10 * 2, Floor.bytes(declared, Precision.INT8));
        assertEquals(1500 + 10 * 3 * 4, Floor.bytes(declared, Precision.INT4));
    }

    @Test
    void trainingIsHeldAgainstItsProducts() {
        List<Row> rows = rows(order("train", TRAINABLE, 3, 2, false));
        double elements = 3 * (32 * 128 + 3 * 32 * 256) + 2 * 40 * 32;
        double operations = 6 * elements * 3 * 16; // 16 tokens: the class and 15 positions
        for (Row row : rows) {
            boolean half = row.precision().equals("bfloat16") && torch.computed(Precision.BFLOAT16) == Precision.BFLOAT16;
            assertEquals(operations / (row.ms() * 1e6 * (half ? 4 : 2)), row.share(), 1e-12);
        }
        assertEquals(rows.get(0).ms() / rows.get(1).ms(), rows.get(1).more().get("times_float32"));
    }

    /** One more tap is so many more calls, whichever it is, and a step ends in one call however many weights there are. */
    @Test
    void aTapTakesAFixedNumberOfCalls() {
        double[] calls = new double[3];
        for (int depth = 1; depth <= 3; depth++) {
            calls[depth - 1] = (Double) rows(order("train", PLAIN, 2, depth, false)).get(0).more().get("calls");
        }
        assertEquals(calls[1] - calls[0], calls[2] - calls[1]);
        assertTrue(calls[1] - calls[0] <= 5, Arrays.toString(calls));
        assertTrue(calls[0] <= 12, Arrays.toString(calls));
    }

    @Test
    void tokenizersAreHeldAgainstTheirConvolutions() {
        List<Row> rows = rows(order("tokenizer", TRAINABLE, 2, 2, false));
        assertEquals(
                List.of("encode", "decode", "step", "encode", "decode", "step"),
                rows.stream().map(r -> r.more().get("part")).toList());
        // by hand, for 32×32 pixels: the encoder's products an element of a kernel, at 32² and at 16² places
        double high = 3 * 32 * 9 + 2 * 32 * 32 * 9;
        double low = 32 * 32 * 9 + 32 * 64 * 9 + 64 * 64 * 9 + 32 * 64 + 4 * 64 * 64; // down; a block; its attention
        low += 2 * 2 * 64 * 64 * 9 + 4 * 64 * 64 + 64 * 16 * 9 + 16 * 16; // the middle, conv_out and quant_conv
        double operations = 2 * 2 * (high * 32 * 32 + low * 16 * 16);
        Row encode = rows.get(0);
        assertEquals(operations / (encode.ms() * 1e6 * 2), encode.share(), 1e-9);
        assertEquals(0.0, rows.get(1).more().get("psnr_change"));
        assertTrue(Math.abs((Double) rows.get(4).more().get("psnr_change")) < 0.5, rows.get(4).toString());
    }

    @Test
    void beamsAreHeldAgainstTheirProducts() {
        List<Row> rows = rows(order("quantize", PLAIN, 5, 3, false));
        assertEquals(List.of(1, 4, 16), rows.stream().map(r -> r.more().get("beam")).toList());
        double product = 2 * 5 * 16 * 40;
        assertEquals(3 * product / (rows.get(0).ms() * 1e6 * 2), rows.get(0).share(), 1e-12);
        assertEquals(9 * product / (rows.get(1).ms() * 1e6 * 2), rows.get(1).share(), 1e-12);
        assertEquals(rows.get(2).ms() / rows.get(0).ms(), rows.get(2).more().get("times_greedy"));
    }

    @Test
    void mediansAreMedians() {
        assertEquals(2, Turns.median(new double[] {9, 1, 2}));
        assertEquals(1.5, Turns.median(new double[] {2, 1, 1, 9}));
    }

    private static String refused(Runnable what) {
        return assertThrows(UserError.class, what::run).getMessage();
    }

    @Test
    void whatCannotBeMeasuredIsNamed() {
        assertEquals(
                "unknown work 'decoding': one of decode, codes, train, quantize, swap, tokenizer",
                refused(() -> Bench.known("decoding")));
        assertEquals("batch is 0: must be at least 1", refused(() -> order("decode", PLAIN, 0, 2, false)));
        assertEquals("heads is 0: must be at least 1", refused(() -> order("decode", PLAIN, 1, 0, false)));
        assertEquals(
                "train in int8: only float32 and bfloat16 can be trained in",
                refused(() -> rows(order("train", List.of(Precision.INT8), 1, 1, false))));
        assertEquals("unknown preset 'c': one of b, l, xl, toy, xxl", refused(() -> Preset.of("c")));
        assertEquals(
                "16 positions: the cache of preset tiny holds 16, of which 1 to 15 can be measured",
                refused(() -> new Decode(TINY, 2, 1, 2, READER, torch, 16, 1)));
    }
}
