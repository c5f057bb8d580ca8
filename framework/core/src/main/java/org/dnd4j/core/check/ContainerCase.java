package org.dnd4j.core.check;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Npy;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.spi.UserError;

/**
 * One small state in every container (REFERENCE I): each file holds the recorded arrays to the bit and, where it can, the
 * recorded values and the arrays that share a storage; files that ask for more than data are refused.
 */
final class ContainerCase implements Check.Kind {
    private static final String EXPECTED = "exp_(.+)\\.npy";

    @Override
    public String name() {
        return "containers";
    }

    @Override
    public boolean fits(Case c) {
        return !refused(c).isEmpty() && files(c).stream().anyMatch(f -> f.matches(EXPECTED));
    }

    private static Set<String> files(Case c) {
        return Case.object(c.manifest().get("files")).keySet();
    }

    private static List<String> refused(Case c) {
        return texts(c.manifest().get("must_refuse"));
    }

    private static List<String> texts(Object value) {
        return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        Map<String, Stored> expected = new LinkedHashMap<>();
        for (String file : files(c)) {
            if (file.matches(EXPECTED)) {
                expected.put(file.replaceFirst(EXPECTED, "$1"), Npy.read(c.inside(file)));
            }
        }
        for (String file : files(c)) {
            if (refused(c).contains(file)) {
                findings.holds(file + " is refused", refuses(c.inside(file)));
            } else if (!file.matches(EXPECTED)) {
                compare(c, file, expected, findings);
            }
        }
    }

    private static boolean refuses(Path file) {
        try (Container open = Container.open(file)) {
            return false;
        } catch (UserError e) {
            return e.getMessage().lines().count() == 1;
        }
    }

    private static void compare(Case c, String name, Map<String, Stored> expected, Findings findings) {
        try (Container file = c.checkpoint(name)) {
            Map<String, Object> all = Case.object(file.content());
            boolean flat = all.values().stream().allMatch(v -> v instanceof Stored);
            Map<String, Object> state = flat ? all : state(all, expected.keySet());
            expected.forEach((key, array) ->
                    findings.holds(key + " in " + name, state.get(key) instanceof Stored s && equal(array, s)));
            if (!flat) { // safetensors hold arrays, and each its own
                Case.object(c.manifest().get("expected_objects")).forEach((key, value) ->
                        findings.holds(
                                "'" + key + "' in " + name, all.containsKey(key) && Values.same(value, all.get(key))));
                shared(c, name, state, findings);
            }
        }
    }

    /** The map of arrays, whichever key the trainer keeps it under. */
    private static Map<String, Object> state(Map<String, Object> all, Set<String> names) {
        return all.values().stream()
                .map(Case::object)
                .filter(m -> m.keySet().containsAll(names))
                .findFirst()
                .orElse(all);
    }

    /** The manifest lists the names; the last of them begins a sentence. */
    private static void shared(Case c, String name, Map<String, Object> state, Findings findings) {
        List<String> names = texts(c.manifest().get("shared")).stream().map(s -> s.replaceFirst(" .*", "")).toList();
        for (String one : names) {
            for (Map.Entry<String, Object> other : state.entrySet()) {
                boolean share =
                        state.get(one) instanceof Stored a && other.getValue() instanceof Stored b && a.sharesWith(b);
                findings.holds(one + " and " + other.getKey() + " in " + name, share == names.contains(other.getKey()));
            }
        }
    }

    /** Equal to the bit, which comparing NaN as a number would not see. */
    private static boolean equal(Stored expected, Stored found) {
        return expected.same(found)
                && Arrays.equals(expected.doubles(), found.doubles())
                && Arrays.equals(expected.longs(), found.longs());
    }
}
