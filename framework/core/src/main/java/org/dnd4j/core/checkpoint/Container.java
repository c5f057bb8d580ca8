package org.dnd4j.core.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.dnd4j.spi.UserError;

/**
 * An open file of tensors, whichever program wrote it: its structure is read, elements stay in the file. A torch.save file,
 * old or new, may hold what it likes; a safetensors file is a flat map of arrays.
 */
public interface Container extends AutoCloseable {

    /**
     * Opens a file; its first bytes tell of which format it is.
     *
     * @throws UserError if it is of none that is known, damaged, or asks for anything but data
     */
    static Container open(Path path) {
        return Format.open(path, null);
    }

    /**
     * Opens a file that may hold, besides data, objects of classes that nobody here knows or would run: settings, paths,
     * what a trainer needed. They become {@link Skipped} values where they are harmless.
     *
     * @param skip below which keys of the outermost map there may be such objects; weights are not among them
     * @throws UserError as {@link #open(Path)} does, and if there is such an object elsewhere
     */
    static Container open(Path path, Predicate<String> skip) {
        return Format.open(path, Objects.requireNonNull(skip));
    }

    /** The file. */
    Path path();

    /** The object that was saved: maps, lists, plain values, {@link Stored} arrays, and {@link Skipped} ones if allowed. */
    Object content();

    /** The texts that a file keeps beside its arrays; none but in safetensors. */
    default Map<String, String> metadata() {
        return Map.of();
    }

    /**
     * What stands at a path of keys, from the outermost map inwards.
     *
     * @throws UserError if there is nothing, or something that was skipped
     */
    default Object at(Object... keys) {
        Object here = content();
        for (Object key : keys) {
            if (!(here instanceof Map<?, ?> map) || !map.containsKey(key)) {
                throw new UserError(path() + ": holds nothing under '" + key + "'"
                        + (here instanceof Map<?, ?> m ? ", only " + Shown.of(m.keySet().toString()) : ""));
            }
            here = map.get(key);
            refuse(key, here);
        }
        return here;
    }

    private void refuse(Object key, Object value) {
        if (value instanceof Skipped skipped) {
            throw new UserError(path() + ": holds no data under '" + key + "' but " + skipped + ", which was skipped");
        }
    }

    /**
     * The arrays of the map at a path of keys, a state dict.
     *
     * @throws UserError if there is nothing, or something that was skipped, there or in it
     */
    default Map<String, Stored> tensors(Object... keys) {
        Map<String, Stored> tensors = new LinkedHashMap<>();
        if (at(keys) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                refuse(name, value);
                if (name instanceof String s && value instanceof Stored stored) {
                    tensors.put(s, stored);
                }
            });
        }
        return tensors;
    }

    @Override
    void close();
}
