package org.dnd4j.core.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dnd4j.core.Why;
import org.dnd4j.spi.UserError;

/** An open file of tensors, whichever program wrote it: its structure is read, elements stay in the file. */
public interface Container extends AutoCloseable {

    /**
     * Opens a file; its first bytes tell of which format it is.
     *
     * @throws UserError if it is of none that is known, damaged, or asks for anything but data
     */
    static Container open(Path path) {
        return beginsLikeZip(path) ? TorchFile.open(path) : SafetensorsFile.open(path);
    }

    private static boolean beginsLikeZip(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new UserError(path + ": there is no such file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] first = in.readNBytes(2);
            return first.length < 2 || first[0] == 'P' && first[1] == 'K';
        } catch (IOException e) {
            throw new UserError(path + ": cannot be read: " + Why.of(e), e);
        }
    }

    /** The texts that a file keeps beside its arrays; none but in safetensors. */
    default Map<String, String> metadata() {
        return Map.of();
    }

    /** The file. */
    Path path();

    /** The object that was saved: maps, lists, plain values and {@link Stored} arrays. */
    Object content();

    /** What stands at a path of keys, from the outermost map inwards. */
    default Object at(Object... keys) {
        Object here = content();
        for (Object key : keys) {
            if (!(here instanceof Map<?, ?> map) || !map.containsKey(key)) {
                throw new UserError(path() + ": holds nothing under '" + key + "'"
                        + (here instanceof Map<?, ?> m ? ", only " + m.keySet() : ""));
            }
            here = map.get(key);
        }
        return here;
    }

    /** The arrays of the map at a path of keys, a state dict. */
    default Map<String, Stored> tensors(Object... keys) {
        Map<String, Stored> tensors = new LinkedHashMap<>();
        if (at(keys) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
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
