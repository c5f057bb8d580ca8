package org.dnd4j.core.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dnd4j.core.Why;
import org.dnd4j.spi.UserError;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads the {@code config.yaml} that lies beside a published tokenizer. */
public final class Yaml {
    private static final long MOST = 1 << 20;

    private Yaml() {}

    /**
     * Reads a mapping: maps, lists, texts, numbers, booleans and nothing else.
     *
     * @throws UserError if the file cannot be read or is not a YAML mapping
     */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> read(Path file) {
        LoadSettings settings =
                LoadSettings.builder().setLabel(file.toString()).setAllowRecursiveKeys(false).build();
        try {
            if (Files.size(file) > MOST) {
                throw new UserError(file + ": has more than " + MOST + " bytes, too many for settings");
            }
            if (new Load(settings).loadFromString(Files.readString(file)) instanceof Map<?, ?> map) {
                Tree.check(map); // anchors may refer to each other until there is no end of them
                return (Map<String, Object>) map;
            }
            throw new UserError(file + ": is not a YAML mapping");
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        } catch (YamlEngineException e) {
            throw new UserError(file + ": is not YAML: " + e.getMessage().replaceAll("\\s+", " "), e);
        } catch (IllegalArgumentException | StackOverflowError e) {
            throw new UserError(file + ": has values that nest too deeply or contain themselves", e);
        }
    }
}
