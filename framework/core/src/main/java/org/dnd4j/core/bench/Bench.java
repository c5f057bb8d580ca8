package org.dnd4j.core.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;

/** Measures the machine, and on it what the runtime does. */
public final class Bench {
    /** What can be measured. */
    public static final List<String> WORKS = List.of("decode", "codes");
    /** Drawing from a code file, which {@link Draws} measures without a device. */
    public static final String CODES = WORKS.get(1);

    private static final long FLOATS = 1L << 26;
    private static final int SIDE = 2048;

    private Bench() {}

    /**
     * What to measure.
     *
     * @param positions how many are decoded in a turn
     * @param repeats how many turns each side has
     */
    public record Order(String work, List<Preset> presets, List<Precision> precisions, int positions, int repeats) {
        public Order {
            if (!WORKS.contains(work)) {
                throw new UserError("unknown work '" + work + "'" + Nearest.among(work, WORKS));
            }
            if (repeats < 1) {
                throw new UserError("repeats is " + repeats + ": must be at least 1");
            }
            presets = List.copyOf(presets);
            precisions = List.copyOf(precisions);
        }
    }

    /**
     * One model at one precision.
     *
     * @param batch rows of a walk, guidance's included
     * @param ms milliseconds of a position, assembled from plugins: the median
     * @param share of the memory bandwidth that reading the matrices takes up in that time
     * @param fusedMs milliseconds of a position by one fused program: the median
     * @param seam the median of ms/fusedMs − 1, turn by turn
     * @param equal share of the codes that both drew alike
     */
    public record Row(String work, String preset, String precision, int batch, double ms, double share, double fusedMs,
            double seam, double equal) {
        /** The row as {@code bench --json} prints it. */
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("work", work);
            fields.put("preset", preset);
            fields.put("precision", precision);
            fields.put("batch", batch);
            fields.put("ms", ms);
            fields.put("share", share);
            fields.put("fused_ms", fusedMs);
            fields.put("seam", seam);
            fields.put("equal_codes", equal);
            return fields;
        }
    }

    /** The machine and the rows. */
    public record Result(double bandwidth, Map<Precision, Double> matrix, List<Row> rows) {
        /** {@code {bandwidth_gbs, matrix_gflops: {…}, rows: […]}}, as {@code bench --json} prints it. */
        public Map<String, Object> fields() {
            Map<String, Object> rates = new LinkedHashMap<>();
            matrix.forEach((precision, rate) -> rates.put(precision.label(), rate));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("bandwidth_gbs", bandwidth);
            fields.put("matrix_gflops", rates);
            fields.put("rows", rows.stream().map(Row::fields).toList());
            return fields;
        }
    }

    /** Measures the machine first, then every preset at every precision. */
    public static Result run(Order order, ExperimentReader plugins, Torch torch, Progress progress) {
        Machine machine = Machine.measure(torch, FLOATS, SIDE);
        Decode decode = new Decode(plugins, torch, order.positions(), order.repeats());
        List<Row> rows = new ArrayList<>();
        for (Preset preset : order.presets()) {
            for (Precision precision : order.precisions()) {
                progress.stage(preset.name() + " in " + precision.label(), order.repeats(), "turn");
                Decode.Times t = decode.measure(preset, precision, progress);
                double share = t.bytes() / (t.assembled() * 1e6 * machine.bandwidth());
                rows.add(new Row(order.work(), preset.name(), precision.label(), Decode.ROWS, t.assembled(), share, t.fused(),
                        t.seam(), t.equal()));
            }
        }
        return new Result(machine.bandwidth(), machine.matrix(), List.copyOf(rows));
    }
}
