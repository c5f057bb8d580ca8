package org.dnd4j.core.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnd4j.core.Why;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Npy;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/**
 * One recorded case: a folder with {@code manifest.json} and the arrays it lists.
 *
 * @param folder where it lies
 * @param manifest what it says about itself
 */
record Case(Path folder, Map<String, Object> manifest) {

    /** How far a number may be from the recorded one, e: {@code absolute + relative · |e|}. */
    record Tolerance(double absolute, double relative) {
        /** For recorded fractions whose manifest gives none. */
        static final Tolerance DEFAULT = new Tolerance(2e-5, 1e-4);
    }

    static Case read(Path folder) {
        Path file = folder.resolve("manifest.json");
        try {
            return new Case(folder, object(Json.read(Files.readString(file), file.toString())));
        } catch (NoSuchFileException e) {
            throw new UserError(folder + ": is not a case: there is no manifest.json", e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        }
    }

    /** The name by which the case knows itself, else its folder's. */
    String name() {
        return folder.getFileName().toString();
    }

    /** The names of the arrays. */
    Set<String> arrays() {
        return object(manifest.get("arrays")).keySet();
    }

    boolean has(String... arrays) {
        return arrays().containsAll(List.of(arrays));
    }

    /** Whether some array's name matches as a whole. */
    boolean hasLike(String pattern) {
        return arrays().stream().anyMatch(a -> a.matches(pattern));
    }

    /** The names that match as a whole, in the manifest's order. */
    List<String> like(String pattern) {
        return arrays().stream().filter(a -> a.matches(pattern)).toList();
    }

    Stored array(String name) {
        Map<String, Object> entry = entry(name);
        return Npy.read(inside(entry.getOrDefault("file", name + ".npy").toString()));
    }

    Tolerance tolerance(String name) {
        Map<String, Object> given = object(entry(name).get("tolerance"));
        return given.isEmpty()
                ? Tolerance.DEFAULT
                : new Tolerance(number(given.get("atol"), 0), number(given.get("rtol"), 0));
    }

    /** The remark that stands beside an array, or an empty text. */
    String note(String name) {
        return String.valueOf(entry(name).getOrDefault("note", ""));
    }

    private Map<String, Object> entry(String name) {
        Map<String, Object> entry = object(object(manifest.get("arrays")).get(name));
        if (entry.isEmpty()) {
            throw new UserError(folder + ": has no array '" + name + "'");
        }
        return entry;
    }

    /** The model's sizes, as the reference names them; empty if there are none. */
    Map<String, Object> config() {
        return object(manifest.get("config"));
    }

    boolean hasFile(String name) {
        return Files.isRegularFile(inside(name));
    }

    /** A file of the case. */
    Path inside(String name) {
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder.normalize())) {
            throw new UserError(folder + ": the manifest names a file outside: " + name);
        }
        return file;
    }

    Container checkpoint(String name) {
        return Container.open(inside(name));
    }

    /** A map, empty for anything else. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** A number in an array's name, whose point is written {@code p} or {@code d}. */
    static double decimal(String text) {
        return Double.parseDouble(text.replaceAll("[pd]", "."));
    }

    static double number(Object value, double otherwise) {
        return value instanceof Number n ? n.doubleValue() : otherwise;
    }

    /** A whole number that must be there. */
    static int whole(Map<String, Object> map, String key) {
        if (map.get(key) instanceof Number n) {
            return n.intValue();
        }
        throw new UserError("the case gives no number '" + key + "', only " + map.keySet());
    }

    static List<Integer> wholes(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(n -> ((Number) n).intValue()).toList()
                : List.of();
    }
}
