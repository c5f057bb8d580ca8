package org.dnd4j.core.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;

/** Measures the machine, and on it what the runtime does. */
public final class Bench {
    /** What can be measured. */
    public static final List<String> WORKS = List.of("decode", "train", "tokenizer", "quantize", "swap", "codes");
    /** Drawing from a code file, which {@link Draws} measures without a device. */
    public static final String CODES = "codes";

    private Bench() {}

    /**
     * What to measure: each preset with each number of heads, batch and precision.
     *
     * @param batches how many pictures are worked on at once, or vectors
     * @param depths D, how many codes a position or vector has
     * @param guidance of decoding; above 1 each picture takes two rows
     * @param linear whether decoding by {@code torch.linear} in float32 is measured first, to compare with
     * @param positions how many are decoded in a turn
     * @param repeats how many turns each side has
     */
    public record Order(
            String work,
            List<Preset> presets,
            List<Precision> precisions,
            List<Integer> batches,
            List<Integer> depths,
            double guidance,
            boolean linear,
            int positions,
            int repeats) {
        public Order {
            known(work);
            atLeastOne("repeats", List.of(repeats));
            atLeastOne("batch", batches);
            atLeastOne("heads", depths);
            if (work.equals("train") || work.equals("tokenizer")) {
                precisions.forEach(p -> Train.trainable(work, p)); // before the first of them is measured
            }
            presets = List.copyOf(presets);
            precisions = List.copyOf(precisions);
            batches = List.copyOf(batches);
            depths = List.copyOf(depths);
        }

        private static void atLeastOne(String what, List<Integer> values) {
            for (int value : values) {
                if (value < 1) {
                    throw new UserError(what + " is " + value + ": must be at least 1");
                }
            }
        }
    }

    /**
     * Refuses a work that there is not.
     *
     * @throws UserError naming those there are
     */
    public static void known(String work) {
        if (!WORKS.contains(work)) {
            throw new UserError("unknown work '" + work + "'" + Nearest.among(work, WORKS));
        }
    }

    /** The machine and the rows. */
    record Result(Machine machine, int threads, List<String> notes, List<Row> rows) {
        /** {@code {bandwidth_gbs, matrix_gflops: {…}, threads, notes, rows: […]}}, as {@code bench --json} prints it. */
        Map<String, Object> fields() {
            Map<String, Object> rates = new LinkedHashMap<>();
            machine.matrix().forEach((precision, rate) -> rates.put(precision.label(), rate));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("bandwidth_gbs", machine.bandwidth());
            fields.put("matrix_gflops", rates);
            fields.put("threads", threads);
            fields.put("notes", notes);
            fields.put("rows", rows.stream().map(Row::fields).toList());
            return fields;
        }
    }

    /**
     * Measures the machine first, then the work.
     *
     * @param plugins to put models together from; {@code swap} installs one of them again, under another version, and
     *     removes it
     * @return what {@code bench --json} prints
     */
    public static Map<String, Object> run(Order order, Plugins plugins, Torch torch, Progress progress) {
        progress.stage("this machine", 1, "measurement");
        Machine machine = Machine.measure(torch);
        return new Result(machine, Torch.threads(), notes(torch), rows(order, machine, plugins, torch, progress)).fields();
    }

    /** What a reader of the figures must know of the processor. */
    private static List<String> notes(Torch torch) {
        return torch.computed(Precision.BFLOAT16) == Precision.BFLOAT16
                ? List.of()
                : List.of("this processor has no bfloat16 instructions: bfloat16 is computed in float32, and its share is of"
                        + " what float32 must read and compute; int4 saves memory and no time");
    }

    static List<Row> rows(Order order, Machine machine, Plugins plugins, Torch torch, Progress progress) {
        ExperimentReader reader = new ExperimentReader(plugins);
        List<Row> rows = new ArrayList<>();
        if (order.work().equals("swap")) {
            return List.of(new Swap(plugins, order.repeats()).measure(progress));
        }
        for (Preset preset : order.presets()) {
            for (int batch : order.batches()) {
                switch (order.work()) {
                    case "decode" -> order.depths().forEach(depth -> rows.addAll(
                            Decode.of(order, preset, depth, batch, reader, torch).rows(order, machine, progress)));
                    case "train" -> order.depths().forEach(depth -> rows.addAll(
                            new Train(preset, depth, batch, reader, torch).rows(order, machine, progress)));
                    case "tokenizer" -> rows.addAll(
                            new Tokenizing(preset, batch, reader, torch).rows(order, machine, progress));
                    case "quantize" -> order.depths().forEach(depth -> rows.addAll(
                            new Search(preset, depth, batch, reader, torch).rows(order, machine, progress)));
                    default -> throw new IllegalArgumentException(order.work() + " has no rows");
                }
            }
        }
        return rows;
    }
}
