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

    private static final List<String> RAW = List.of("model", "state_dict", "module");
    private static final List<String> AVERAGED = List.of("ema", "state_dict_ema", "model_ema");
    private static final String COMPILED = "_orig_mod.";
    private static final String WRAPPED = "module.";

    /** The state dict of a checkpoint, under whichever key its trainer keeps it (REFERENCE I.4). */
    public static StateDict in(Container file) {
        return in(file, false);
    }

    /**
     * The state dict of a checkpoint, with the prefixes taken off that wrappers put before names.
     *
     * @param averaged whether the moving average of the weights is meant, not the weights as they were last moved
     * @throws UserError if the file holds no average
     */
    public static StateDict in(Container file, boolean averaged) {
        String key = key(file, averaged);
        return new StateDict(unwrapped(key.isEmpty() ? file.tensors() : file.tensors(key)));
    }

    /**
     * The key that a trainer keeps the state dict under; empty if the file holds nothing else.
     *
     * @throws UserError if the file holds no average, and that is what is {@code averaged}
     */
    public static String key(Container file, boolean averaged) {
        if (file.content() instanceof Map<?, ?> map) {
            for (String key : averaged ? AVERAGED : RAW) {
                if (map.get(key) instanceof Map<?, ?>) {
                    return key;
                }
            }
            if (averaged) {
                throw new UserError(file.path() + ": holds no moving average of its weights (no key "
                        + String.join(", ", AVERAGED) + "): import --weights raw");
            }
        }
        return "";
    }

    /** {@code torch.compile} puts a prefix anywhere, data parallelism one before all names. */
    private static Map<String, Stored> unwrapped(Map<String, Stored> tensors) {
        Map<String, Stored> plain = new LinkedHashMap<>();
        tensors.forEach((name, stored) -> plain.put(name.replace(COMPILED, ""), stored));
        if (plain.isEmpty() || !plain.keySet().stream().allMatch(n -> n.startsWith(WRAPPED))) {
            return plain;
        }
        Map<String, Stored> bare = new LinkedHashMap<>();
        plain.forEach((name, stored) -> bare.put(name.substring(WRAPPED.length()), stored));
        return bare;
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
