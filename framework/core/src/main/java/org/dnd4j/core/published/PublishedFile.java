package org.dnd4j.core.published;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/**
 * A file that a model is imported from, open.
 *
 * @param file stays in use until it is closed
 * @param key that its weights stand under; empty if there is nothing else in it
 * @param dict its weights, under the names of this house
 * @param args what its training was called with; empty if it does not say
 * @param said the texts in it, as {@code export} leaves them; empty in all other files
 * @param family whose names it uses: LlamaGen's, or those that DnD-Transformers and RQ-VAEs have in common
 */
public record PublishedFile(
        Container file, String key, StateDict dict, Map<?, ?> args, Map<String, String> said, Family family)
        implements AutoCloseable {
    private static final int SOME = 5;

    /** The key of the experiment in a file that was exported. */
    public static final String EXPERIMENT = "dnd4j.experiment";

    /** The key of the family. */
    public static final String FAMILY = "dnd4j.family";

    /** The key of the side of the code grid. */
    public static final String GRID = "dnd4j.grid";

    /** The key of the classes' names, a JSON list. */
    public static final String CLASSES = "dnd4j.classes";

    /**
     * Opens a file.
     *
     * @param averaged whether the moving average of the weights is meant
     * @param skip keys of the file below which there may be more than data, which is left out
     * @throws UserError if it cannot be read, or has no average
     */
    public static PublishedFile open(Path path, boolean averaged, List<String> skip) {
        Container file = skip.isEmpty() ? Container.open(path) : Container.open(path, skip::contains);
        try {
            String key = StateDict.key(file, averaged);
            StateDict published = StateDict.in(file, averaged);
            Family family = family(published);
            StateDict dict = family == Family.LLAMAGEN ? LlamaGenNames.here(published) : published;
            Object args = file.content() instanceof Map<?, ?> all ? all.get("args") : null;
            Map<?, ?> given = args instanceof Map<?, ?> map ? map : Map.of();
            return new PublishedFile(file, key, dict, given, file.metadata(), family);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static Family family(StateDict published) {
        boolean theirs = published.tensors().containsKey("output.weight")
                || published.tensors().containsKey("quantize.embedding.weight");
        return theirs ? Family.LLAMAGEN : Family.DND;
    }

    /** Whether it holds a transformer. */
    public boolean isTransformer() {
        return PublishedTransformer.in(dict);
    }

    /**
     * The experiment that {@code export} wrote, as a map that can be changed.
     *
     * @throws UserError if it is none
     */
    Map<String, Object> experiment() {
        Object read = Json.read(said.getOrDefault(EXPERIMENT, "null"), where());
        if (!(read instanceof Map<?, ?>)) {
            throw new UserError(where() + ": is damaged: " + EXPERIMENT + " is no experiment");
        }
        return object(read);
    }

    /** The names of the classes that {@code export} wrote. */
    List<String> classes() {
        return Json.read(said.getOrDefault(CLASSES, "[]"), where()) instanceof List<?> names
                ? names.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** A copy of a map that can be changed; an empty one of anything else. */
    static Map<String, Object> object(Object value) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((k, v) -> copy.put(String.valueOf(k), v));
        }
        return copy;
    }

    /** Some of what is in it, for messages. */
    String some() {
        List<String> names = dict.tensors().keySet().stream().limit(SOME).toList();
        return names.isEmpty() ? "no tensors" : String.join(", ", names) + (dict.tensors().size() > SOME ? ", …" : "");
    }

    /** The file and the key, for people. */
    public String where() {
        return file.path() + (key.isEmpty() ? "" : " (key '" + key + "')");
    }

    @Override
    public void close() {
        file.close();
    }
}
