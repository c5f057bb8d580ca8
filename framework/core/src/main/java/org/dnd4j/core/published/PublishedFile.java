package org.dnd4j.core.published;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.checkpoint.Container;

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
     * @throws org.dnd4j.spi.UserError if it cannot be read, or has no average
     */
    public static PublishedFile open(Path path, boolean averaged) {
        Container file = Container.open(path);
        try {
            String key = StateDict.key(file, averaged);
            StateDict published = StateDict.in(file, averaged);
            Family family = family(published);
            StateDict dict = family == Family.LLAMAGEN ? LlamaGenNames.here(published) : published;
            Map<?, ?> args = file.content() instanceof Map<?, ?> all && all.get("args") instanceof Map<?, ?> given ? given : Map.of();
            return new PublishedFile(file, key, dict, args, file.metadata(), family);
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
