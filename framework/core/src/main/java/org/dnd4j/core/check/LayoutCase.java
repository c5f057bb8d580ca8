package org.dnd4j.core.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnd4j.core.Why;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.published.StateDict;
import org.dnd4j.spi.UserError;

/**
 * A tokenizer's trainer's checkpoint (REFERENCE I.4): arrays of the state dict to the bit, which of them are one, the
 * optimiser's groups and moments, and where the schedule has come to.
 */
final class LayoutCase implements Check.Kind {
    private static final String CHECKPOINT = "checkpoint.pt";
    private static final String EXPECTED = "expected.json";
    private static final Pattern SHARED = Pattern.compile("(\\S+) and (\\S+) share storage");

    @Override
    public String name() {
        return "trainer-layout";
    }

    @Override
    public boolean fits(Case c) {
        return c.hasFile(CHECKPOINT) && c.hasFile(EXPECTED) && c.hasLike("exp_.+");
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        try (Container file = c.checkpoint(CHECKPOINT)) {
            Map<String, Stored> state = StateDict.in(file).tensors();
            for (String array : c.like("exp_.+")) {
                String key = array.substring("exp_".length());
                Stored expected = c.array(array);
                findings.holds(array, state.entrySet().stream()
                        .anyMatch(e -> e.getKey().replace('.', '_').equals(key) && expected.same(e.getValue())));
            }
            shared(c, state, findings);
            trained(file, expected(c.inside(EXPECTED)), findings);
        }
    }

    /** Which tables are one stands in a remark: "a and b share storage". */
    private static void shared(Case c, Map<String, Stored> state, Findings findings) {
        Matcher said = SHARED.matcher(String.valueOf(c.manifest().get("note")));
        while (said.find()) {
            for (String name : state.keySet().stream().filter(n -> n.startsWith(said.group(1) + ".")).toList()) {
                Stored other = state.get(said.group(2) + name.substring(said.group(1).length()));
                findings.holds(name + " shared", other != null && state.get(name).sharesWith(other));
            }
        }
    }

    private static void trained(Container file, Map<String, Object> expected, Findings findings) {
        if (expected.containsKey("scheduler")) {
            findings.holds("scheduler", Values.same(expected.get("scheduler"), file.at("scheduler")));
        }
        Object groups = file.at("optimizer", "param_groups");
        if (expected.containsKey("optimizer_param_groups")) {
            findings.holds("optimizer.param_groups", Values.same(expected.get("optimizer_param_groups"), groups));
        }
        if (expected.get("lr_now") instanceof Number rate) {
            findings.holds("lr", groups instanceof List<?> list && Values.same(rate, Case.object(list.get(0)).get("lr")));
        }
        if (expected.get("adam_state_keys") instanceof List<?> keys) {
            Map<String, Object> moments = Case.object(file.at("optimizer", "state"));
            boolean all = !moments.isEmpty();
            for (Object moment : moments.values()) {
                all &= List.copyOf(new TreeSet<>(Case.object(moment).keySet())).equals(keys);
            }
            findings.holds("optimizer.state", all);
        }
    }

    private static Map<String, Object> expected(Path file) {
        try {
            return Case.object(Json.read(Files.readString(file), file.toString()));
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        }
    }
}
