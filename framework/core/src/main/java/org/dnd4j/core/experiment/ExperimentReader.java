package org.dnd4j.core.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Why;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.json.RecordWriter;
import org.dnd4j.spi.UserError;

/** Reads experiments against a snapshot of the plugins, and writes them with every default filled in. */
public final class ExperimentReader {
    private final RecordReader records;

    public ExperimentReader(Plugins plugins) {
        this.records = new RecordReader(plugins);
    }

    /**
     * The experiment in a file, with settings changed from outside.
     *
     * @param settings {@code path.to.field=value} each, the value in JSON or a bare word; a number in the path is an
     *     element of a list
     * @throws UserError naming file, field and what would be right
     */
    public Experiment read(Path file, List<String> settings) {
        return parse(text(file), file.toString(), settings);
    }

    /** A file's text. */
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UserError(file + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw new UserError(file + ": is not UTF-8 text");
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        }
    }

    /** The experiment in a text; {@code where} names it in messages. */
    public Experiment parse(String json, String where, List<String> settings) {
        JsonNode tree = Json.tree(json, where);
        if (!(tree instanceof ObjectNode root)) {
            throw new UserError(where + ": must be an object { … }");
        }
        settings.forEach(s -> set(root, s));
        defaults(root.path("tokenizer").path("training"), Experiment.TokenizerPlan.TRAINING);
        return records.record(root, Experiment.class, where + ": ");
    }

    /** Every component, also where a default stands; reads back to the same experiment. */
    public static String write(Experiment experiment) {
        return Json.write(experiment);
    }

    /** One plugin with settings given as plain values, as {@code check} makes them. */
    public <T> T plugin(Class<T> spi, String reference, Map<String, ?> settings) {
        JsonNode node = RecordWriter.node(Map.of(reference, settings));
        return spi.cast(records.plugged(node, spi, reference).plugin());
    }

    private static void defaults(JsonNode node, Map<String, Object> values) {
        if (node instanceof ObjectNode object) {
            values.forEach((k, v) -> {
                if (!object.has(k)) {
                    object.set(k, RecordWriter.node(v));
                }
            });
        }
    }

    private static void set(ObjectNode root, String setting) {
        int equals = setting.indexOf('=');
        String[] path = setting.substring(0, Math.max(0, equals)).split("\\.", -1);
        if (equals < 1 || List.of(path).contains("")) {
            throw new UserError("--set " + setting + ": must be path=value, as in --set seed=1");
        }
        ObjectNode node = root;
        for (int i = 0; i < path.length - 1; i++) {
            JsonNode next = node.get(path[i]);
            if (next instanceof ArrayNode list && i == path.length - 2) {
                element(list, path[i + 1], setting);
                return;
            }
            if (next == null || next.isNull()) {
                next = node.putObject(path[i]);
            }
            if (!(next instanceof ObjectNode inner)) {
                throw new UserError("--set " + setting + ": " + path[i] + " is " + next + ", which has no fields");
            }
            node = inner;
        }
        node.set(path[path.length - 1], value(setting.substring(equals + 1)));
    }

    /** One element of a list that is there, counted from 0. */
    private static void element(ArrayNode list, String index, String setting) {
        if (!index.matches("[0-9]{1,4}") || Integer.parseInt(index) >= list.size()) {
            throw new UserError("--set " + setting + ": " + list + " has the elements 0 to " + (list.size() - 1)
                    + ", and no " + index);
        }
        list.set(Integer.parseInt(index), value(setting.substring(setting.indexOf('=') + 1)));
    }

    private static JsonNode value(String text) {
        try {
            JsonNode node = new ObjectMapper().readTree(text);
            return node.isMissingNode() ? RecordWriter.node(text) : node;
        } catch (JsonProcessingException bareWord) {
            return RecordWriter.node(text);
        }
    }
}
