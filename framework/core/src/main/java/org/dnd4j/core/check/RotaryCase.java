package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.Pass;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * Rotary places in two dimensions (REFERENCE B.2): the tables of cosines and sines that the backbone {@code llama}
 * prepares, and the rotation itself. The rotation is seen through the cache: with an identity for the key matrix, the
 * keys in the cache are the rotated inputs over their root mean square. Condition tokens have zero rows, as published;
 * always in float32, since no precision touches the tables.
 */
final class RotaryCase implements Check.Kind {
    private static final Pattern TABLE = Pattern.compile("grid(\\d+)_hd(\\d+)_cls(\\d+)");

    /** The numbers in a table's name. */
    private record Table(int grid, int head, int conditions) {
        static Table of(String name) {
            Matcher m = TABLE.matcher(name);
            return m.find() ? new Table(number(m, 1), number(m, 2), number(m, 3)) : null;
        }

        private static int number(Matcher m, int group) {
            return Integer.parseInt(m.group(group));
        }

        int tokens() {
            return conditions + grid * grid;
        }
    }

    @Override
    public String name() {
        return "rope";
    }

    @Override
    public boolean fits(Case c) {
        return c.hasLike(TABLE.pattern());
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        List<String> tables = c.like(TABLE.pattern());
        for (String name : tables) {
            Table table = Table.of(name);
            Weights w = weights(backbone(machine, table.head(), 1), machine);
            findings.fractions(name, backbone(machine, table.head(), 1).prepare(places(table, machine), 0, w).head().toFloatArray());
            w.close();
        }
        if (c.has("apply_in", "apply_out")) {
            Stored in = c.array("apply_in"); // [b,t,heads,head]
            Table named = Table.of(c.note("apply_out"));
            Table table = named != null
                    ? named
                    : tables.stream()
                            .map(Table::of)
                            .filter(t -> t.tokens() == in.size(1) && t.head() == in.size(3))
                            .findFirst()
                            .orElseThrow();
            findings.fractions("apply_out", rotated(in, table, machine));
        }
    }

    private static Backbone backbone(Check.Machine machine, int head, int heads) {
        return machine.plugins()
                .plugin(
                        Backbone.class,
                        "llama",
                        Map.of("dim", head * heads, "blocks", 1, "heads", heads, "multipleOf", 4, "condition", "zero"));
    }

    private static NDArray places(Table table, Check.Machine machine) {
        long[] places = new long[2 * table.tokens()];
        for (int i = 0; i < table.tokens(); i++) {
            int p = i - table.conditions();
            places[2 * i] = p < 0 ? -1 : p / table.grid();
            places[2 * i + 1] = p < 0 ? -1 : p % table.grid();
        }
        return machine.torch().manager().create(places, new Shape(table.tokens(), 2)); // [s,2]
    }

    /** Norms of 1, the identity where keys are made, zero everywhere else. */
    private static Weights weights(Backbone backbone, Check.Machine machine) {
        int d = backbone.width();
        return Weights.load(machine.torch(), backbone.weights(1, 1), Precision.FLOAT32, false, (Weight weight) -> {
            float[] values = new float[(int) weight.size()];
            for (int i = 0; i < d; i++) {
                if (weight.name().endsWith("wqkv.weight")) {
                    values[(d + i) * d + i] = 1;
                } else if (weight.name().endsWith("norm.weight")) {
                    values[i] = 1;
                }
            }
            return values;
        });
    }

    private static float[] rotated(Stored in, Table table, Check.Machine machine) {
        int rows = in.size(0);
        int tokens = in.size(1);
        int heads = in.size(2);
        int head = in.size(3);
        int d = heads * head;
        Backbone backbone = backbone(machine, head, heads);
        Weights w = weights(backbone, machine);
        float[] x = in.floats();
        NDArray h = machine.torch().manager().create(x, new Shape(rows, tokens, d)); // [b,t,d]
        NDList state = backbone.prepare(places(table, machine), rows, w);
        backbone.run(h, 0, 1, new Pass(0, true, null, state, false, Key.of(0), w));
        float[] keys = state.get(1).get("0,0").transpose(0, 2, 1, 3).toFloatArray(); // [b,t,heads,head]
        for (int token = 0; token < rows * tokens; token++) {
            double squares = 0;
            for (int i = 0; i < d; i++) {
                squares += (double) x[token * d + i] * x[token * d + i];
            }
            double size = Math.sqrt(squares / d + 1e-5);
            for (int i = 0; i < d; i++) {
                keys[token * d + i] = (float) (keys[token * d + i] * size);
            }
        }
        w.close();
        return keys;
    }
}
