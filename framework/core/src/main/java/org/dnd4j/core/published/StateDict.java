package org.dnd4j.core.published;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/** Weights under their published names, from a checkpoint of the reference. */
public record StateDict(Map<String, Stored> tensors) {

    /** The state dict of a checkpoint, under whichever key its trainer keeps it (REFERENCE I.4). */
    public static StateDict in(Container file) {
        if (file.content() instanceof Map<?, ?> map) {
            for (String key : List.of("model", "state_dict", "module")) {
                if (map.get(key) instanceof Map<?, ?>) {
                    return new StateDict(file.tensors(key));
                }
            }
        }
        return new StateDict(file.tensors());
    }

    /** The weights below a prefix, without it; all of them if none has it. */
    public StateDict below(String prefix) {
        Map<String, Stored> below = new LinkedHashMap<>();
        tensors.forEach((name, stored) -> {
            if (name.startsWith(prefix)) {
                below.put(name.substring(prefix.length()), stored);
            }
        });
        return below.isEmpty() ? this : new StateDict(below);
    }

    /** The same weights under other names. */
    public StateDict renamed(UnaryOperator<String> name) {
        Map<String, Stored> renamed = new LinkedHashMap<>();
        tensors.forEach((published, stored) -> renamed.put(name.apply(published), stored));
        return new StateDict(renamed);
    }

    /** Whether two weights are one, tied. */
    public boolean tied(String one, String other) {
        return tensors.containsKey(one) && tensors.containsKey(other) && tensors.get(one).sharesWith(tensors.get(other));
    }

    /**
     * The elements for each declared weight. Tables of codes are published with a row more, for padding, which is left
     * out (REFERENCE A.2).
     */
    public Weights.Source source() {
        return this::values;
    }

    private float[] values(Weight weight) {
        Stored stored = tensors.get(weight.name());
        if (stored == null) {
            throw new UserError("the checkpoint has no weight '" + weight.name() + "'");
        }
        long[] wanted = weight.shape().stream().mapToLong(n -> n).toArray();
        long[] there = stored.shape();
        if (weight.name().contains("codebooks.") && there.length == 2 && there[0] == wanted[0] + 1) {
            there[0] = wanted[0];
        }
        if (!Arrays.equals(wanted, there)) {
            throw new UserError("weight '" + weight.name() + "' is " + Arrays.toString(stored.shape())
                    + " in the checkpoint, not " + weight.shape());
        }
        return Arrays.copyOf(stored.floats(), (int) weight.size());
    }
}
