package org.dnd4j.core.published;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Npy;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;

class StateDictTest {
    private static Path recorded(String name) {
        try {
            return Path.of(StateDictTest.class.getResource("/check/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final Stored ANY = Npy.read(recorded("xi_rope2d/apply_in.npy"));

    /** A file that holds this. */
    private static Container holding(Map<String, Object> content) {
        return new Container() {
            @Override
            public Path path() {
                return Path.of("some.pt");
            }

            @Override
            public Object content() {
                return content;
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    @Test
    void trainersKeepItUnderSomeKeyOrNone() {
        Map<String, Object> weights = Map.of("norm.0.weight", ANY);
        for (String key : new String[] {"model", "state_dict", "module"}) {
            assertTrue(StateDict.in(holding(Map.of(key, weights, "steps", 3L))).tensors().containsKey("norm.0.weight"), key);
            assertEquals(key, StateDict.key(holding(Map.of(key, weights)), false));
        }
        assertTrue(StateDict.in(holding(weights)).tensors().containsKey("norm.0.weight"));
        for (String key : new String[] {"ema", "state_dict_ema"}) {
            assertEquals(key, StateDict.key(holding(Map.of(key, weights, "model", Map.of())), true));
        }
        String none = assertThrows(UserError.class, () -> StateDict.in(holding(Map.of("model", weights)), true)).getMessage();
        assertTrue(none.startsWith("some.pt: holds no moving average"), none);
    }

    @Test
    void prefixesOfWrappersAreTakenOff() {
        Map<String, Object> compiled = new LinkedHashMap<>();
        compiled.put("module._orig_mod.norm.0.weight", ANY);
        compiled.put("module.layers.0._orig_mod.ffn_norm.weight", ANY);
        assertEquals(
                java.util.Set.of("norm.0.weight", "layers.0.ffn_norm.weight"),
                StateDict.in(holding(Map.of("model", compiled))).tensors().keySet());
        Map<String, Object> partly = new LinkedHashMap<>(compiled);
        partly.put("bare", ANY);
        assertTrue(StateDict.in(holding(partly)).tensors().containsKey("module.norm.0.weight"), "it is part of a name there");
    }

    @Test
    void theAverageIsAnotherThanTheWeights() {
        try (Container file = Container.open(recorded("xii_grad_adamw/after.pt"))) {
            float[] raw = StateDict.in(file, false).tensors().get("norm.1.weight").floats();
            float[] averaged = StateDict.in(file, true).tensors().get("norm.1.weight").floats();
            assertEquals(raw.length, averaged.length);
            assertFalse(java.util.Arrays.equals(raw, averaged));
            assertArrayEquals(raw, averaged, 1e-2f);
        }
    }
}
