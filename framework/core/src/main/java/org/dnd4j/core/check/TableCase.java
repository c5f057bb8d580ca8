package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.code.CodebookLearning;
import org.dnd4j.core.code.Codebooks;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.code.Quantizer.Quantized;
import org.dnd4j.core.train.TokenizerObjective;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weights;

/**
 * A table of codes that follows its vectors by moving average, in the reference's order (REFERENCE A.2): several updates
 * of one, with the recorded draws where rows restart, or one that all depths share and that moves between them. Always in
 * float32, as tables are kept in at every precision.
 */
final class TableCase implements Check.Kind {
    private static final String TABLE = "codebooks.0.weight";

    @Override
    public String name() {
        return "ema-tables";
    }

    @Override
    public boolean fits(Case c) {
        return c.has("before_weight", "before_embed_ema", "before_cluster_size_ema")
                && (c.has("inputs_0", "codes_0") || c.has("z_e", "codes"));
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        try (Table table = Table.of(c, machine)) {
            if (c.has("inputs_0")) {
                updates(c, table, findings);
            } else {
                depths(c, table, findings);
            }
        }
    }

    /** A table in the state a case starts from, alone in its decomposition. */
    private record Table(Case c, Quantizer quantizer, Weights w, Codebooks books, int size, int width)
            implements AutoCloseable {

        static Table of(Case c, Check.Machine machine) {
            Stored sums = c.array("before_embed_ema"); // [K,c]
            int size = sums.size(0);
            int width = sums.size(1);
            int depth = c.has("inputs_0") ? 1 : c.array("codes").size(-1);
            Map<String, Object> said = c.manifest();
            Decomposition residual = machine.plugins().plugin(Decomposition.class, "residual", Map.of("shared", true));
            Quantizer quantizer = new Quantizer(residual, CodeSpace.of(width, depth, size), 1);
            Weights w = Weights.load(
                    machine.torch(),
                    residual.weights(quantizer.space()),
                    Precision.FLOAT32,
                    true,
                    weight -> Arrays.copyOf(c.array("before_weight").floats(), size * width)); // no padding row
            CodebookLearning learning = new CodebookLearning(
                    Case.number(said.get("decay"), 0.99),
                    Case.number(said.get("eps"), 1e-5),
                    "published",
                    Boolean.TRUE.equals(said.get("restart")),
                    1.0,
                    "batch",
                    "each-depth",
                    null);
            Table table = new Table(c, quantizer, w, new Codebooks(quantizer, learning, w), size, width);
            table.begin("cluster_size_ema");
            table.begin("embed_ema");
            return table;
        }

        private void begin(String name) {
            NDArray to = state(name);
            to.subi(to).addi(w.torch().manager().create(c.array("before_" + name).floats(), to.getShape()));
        }

        private NDArray state(String name) {
            return books.state().get("quantizer." + TABLE.replace("weight", name));
        }

        /** Vectors {@code [n,c]}. */
        NDArray rows(String name) {
            float[] values = c.array(name).floats();
            return w.torch().manager().create(values, new Shape(values.length / width, width));
        }

        /** What an update has left; the padding row, which no update touches, is put back. */
        void compare(String prefix, Findings findings) {
            findings.fractions(prefix + "cluster_size_ema", state("cluster_size_ema").toFloatArray());
            findings.fractions(prefix + "embed_ema", state("embed_ema").toFloatArray());
            float[] table = c.array("before_weight").floats();
            System.arraycopy(w.values(TABLE), 0, table, 0, size * width);
            findings.fractions(prefix + "weight", table);
        }

        @Override
        public void close() {
            books.close();
            w.close();
        }
    }

    private static void updates(Case c, Table t, Findings findings) {
        for (int step = 0; c.has("inputs_" + step); step++) {
            NDArray z = t.rows("inputs_" + step); // [n,c]
            Quantized q = t.quantizer().quantize(z, t.w());
            findings.codes("codes_" + step, q.codes().toLongArray());
            if (c.has("embeds_" + step)) {
                findings.fractions("embeds_" + step, q.last().toFloatArray());
            }
            NDArray candidates = t.w().torch().manager().zeros(new Shape(0, t.width())); // [0,c]: no restart
            String order = "randperm_" + step + "_0";
            String noise = "noise_" + step + "_0";
            if (c.has(order)) {
                NDArray drawn = t.w().torch().manager().create(c.array(order).longs());
                candidates = t.books().candidates(z, drawn, c.has(noise) ? t.rows(noise) : z, t.size()); // [K,c]
            }
            t.books().update(TABLE, q.targets().get(0), q.codes().reshape(-1), candidates);
            t.compare("after_" + step + "_", findings);
        }
    }

    private static void depths(Case c, Table t, Findings findings) {
        NDArray z = t.rows("z_e"); // [n,c]
        Quantized q = t.books().quantize(z, Key.of(0));
        t.books().update(List.of(q), Key.of(0));
        findings.codes("codes", q.codes().toLongArray());
        if (c.has("z_q")) {
            findings.fractions("z_q", q.last().toFloatArray());
        }
        if (c.has("quant_loss")) {
            NDList decoded = q.decoded();
            findings.fractions("quant_loss", TokenizerObjective.commitment(z, decoded).toFloatArray());
        }
        t.compare("after_", findings);
        if (c.has("codes_eval_after")) {
            findings.codes("codes_eval_after", t.quantizer().quantize(z, t.w()).codes().toLongArray());
        }
    }
}
