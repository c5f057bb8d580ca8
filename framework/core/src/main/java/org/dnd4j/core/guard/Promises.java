package org.dnd4j.core.guard;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnd4j.spi.Tap;
import org.dnd4j.torch.Weight;

/**
 * What every result of a plugin is held to that can be told from the call alone; shapes and kinds of arrays are held to
 * {@link Law} where the runtime knows what it expects.
 */
final class Promises {
    /** The law of each interface that a plain number or an array breaks by not being there. */
    private static final Map<String, String> RESULTS = Map.of(
            "decomposition", "D2",
            "backbone", "B1",
            "autoencoder", "A1",
            "headtopology", "H1",
            "generator", "G2",
            "metric", "M1");

    /** The law of each interface about the names of weights. */
    private static final Map<String, String> NAMES =
            Map.of("decomposition", "D6", "backbone", "B7", "autoencoder", "A4", "generator", "G4");

    /** The law of each interface by which arguments stay as they were. */
    private static final Map<String, String> ARGUMENTS =
            Map.of("decomposition", "D5", "backbone", "B6", "autoencoder", "A3", "generator", "G3", "metric", "M4");

    /** The law of each interface by which no array outlives its step. */
    private static final Map<String, String> KEPT =
            Map.of("decomposition", "D9", "backbone", "B9", "autoencoder", "A6", "generator", "G5", "metric", "M4");

    /** May return nothing. */
    private static final Set<String> OPTIONAL = Set.of("lastLayer", "fit", "reach", "equals");

    /** Return a number that something is sized by. */
    private static final Set<String> SIZES = Set.of("factor", "width", "layers", "beamWidth");

    private Promises() {}

    /** The law about names of weights that a plugin of this interface is under, or null. */
    static String names(Identity plugin) {
        return NAMES.get(plugin.spi());
    }

    /** The law about arguments that a plugin of this interface is under, or null; topologies are given no arrays. */
    static String arguments(Identity plugin) {
        return ARGUMENTS.get(plugin.spi());
    }

    /** The law against keeping arrays that a plugin of this interface is under, or null. */
    static String kept(Identity plugin) {
        return KEPT.get(plugin.spi());
    }

    /**
     * Makes sure that a result can be worked with.
     *
     * @throws org.dnd4j.spi.UserError naming the law that it breaks
     */
    static void hold(Identity plugin, Method method, Object[] arguments, Object result) {
        String name = method.getName();
        if (arguments != null) {
            for (Object argument : arguments) {
                if (Guard.closed(argument)) {
                    throw Law.broken(arguments(plugin), plugin, name + " closed an array that it was lent");
                }
            }
        }
        String law = RESULTS.getOrDefault(plugin.spi(), "D2");
        if (result == null && !OPTIONAL.contains(name)) {
            throw Law.broken(of(name, plugin, law), plugin, name + " returned nothing");
        }
        if (SIZES.contains(name)) {
            if ((Integer) result < 1) {
                throw Law.broken(of(name, plugin, law), plugin, name + " returned " + result + ", not at least 1");
            }
        } else if (name.equals("weights")) {
            weights(plugin, (List<?>) result);
        } else if (name.equals("taps")) {
            taps(plugin, (List<?>) result, (Integer) arguments[0], (Integer) arguments[1]);
        }
    }

    private static String of(String method, Identity plugin, String otherwise) {
        return switch (method) {
            case "weights" -> NAMES.getOrDefault(plugin.spi(), otherwise);
            case "table", "beamWidth" -> "D6";
            case "nearest" -> "D3";
            case "loss" -> plugin.spi().equals("generator") ? "G1" : "D8";
            case "losses" -> "G7";
            case "predict" -> "G8";
            case "prepare" -> plugin.spi().equals("generator") ? "G8" : otherwise;
            default -> otherwise;
        };
    }

    private static void weights(Identity plugin, List<?> declared) {
        Set<String> names = new HashSet<>();
        for (Object each : declared) {
            if (!(each instanceof Weight weight)) {
                throw Law.broken(of("weights", plugin, "M1"), plugin, "weights returned a list with " + each + " in it");
            }
            if (!names.add(weight.name())) {
                throw Law.broken(of("weights", plugin, "M1"), plugin, "weights returned two that are called " + weight.name());
            }
        }
    }

    private static void taps(Identity plugin, List<?> taps, int layers, int depth) {
        if (taps.size() != depth) {
            String wanted = ", not one tap for each of the " + depth + " depths";
            throw Law.broken("H1", plugin, "taps returned " + taps + wanted);
        }
        int before = 0;
        for (int k = 0; k < depth; k++) {
            if (!(taps.get(k) instanceof Tap tap) || tap.depth() != k) {
                String where = " in place " + k + ", not the tap of that depth";
                throw Law.broken("H1", plugin, "taps returned " + taps.get(k) + where);
            }
            if (tap.layer() < before || tap.layer() >= layers || k == depth - 1 && tap.feedsBack()) {
                throw Law.broken("H2", plugin, "taps returned " + taps + " for " + layers
                        + " layers: layers must not decrease nor reach " + layers + ", and the last feeds nothing back");
            }
            before = tap.layer();
        }
    }
}
