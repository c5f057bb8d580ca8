package org.dnd4j.core.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.dnd4j.core.guard.Guard;
import org.dnd4j.core.guard.Identity;
import org.dnd4j.core.guard.Worker;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.core.json.RecordWriter;
import org.dnd4j.spi.UserError;

/**
 * Makes records from JSON: an object's fields are a record's components. Strict, because a field that is read by nobody
 * is a mistake by somebody; every complaint names its place. A class of a plugin is only ever reached through
 * {@link Plugins}, and nothing here remembers one (decision 0001).
 */
final class RecordReader {
    private final Plugins plugins;
    /** Whether a plugin's record is being made, or one that is part of it. */
    private boolean making;

    /** What a plugin's constructor threw. */
    private static final class Unmade extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unmade(Throwable cause) {
            super(cause);
        }
    }

    RecordReader(Plugins plugins) {
        this.plugins = plugins;
    }

    /** The record of this type that {@code node} describes; {@code place} is its path, for messages. */
    <T> T record(JsonNode node, Class<T> type, String place) {
        if (!node.isObject()) {
            throw complaint(place, "must be an object { … }, not " + node);
        }
        RecordComponent[] components = type.getRecordComponents();
        List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
        node.fieldNames().forEachRemaining(field -> {
            if (!names.contains(field)) {
                throw complaint(place, "unknown field '" + field + "'" + Nearest.among(field, names));
            }
        });
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            JsonNode value = node.get(components[i].getName());
            values[i] = value == null || value.isNull()
                    ? null
                    : value(value, components[i].getGenericType(), below(place, components[i].getName()));
        }
        return create(type, components, values, place);
    }

    private <T> T create(Class<T> type, RecordComponent[] components, Object[] values, String place) {
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof UserError || e.getCause() instanceof IllegalArgumentException) {
                throw complaint(place, e.getCause().getMessage());
            }
            if (making) {
                throw new Unmade(e.getCause());
            }
            throw complaint(place, type.getSimpleName() + " cannot be made: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new UserError(place + ": " + type.getSimpleName() + " cannot be made: " + e, e);
        }
    }

    private Object value(JsonNode node, Type type, String place) {
        if (type instanceof ParameterizedType generic) {
            Type inner = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == List.class) {
                return list(node, inner, place);
            }
            if (generic.getRawType() == Map.class && node.isObject()) {
                Map<String, Object> map = new LinkedHashMap<>();
                node.properties().forEach(e -> map.put(e.getKey(), value(e.getValue(), inner, below(place, e.getKey()))));
                return map;
            }
            if (generic.getRawType() == Plugged.class) {
                return plugged(node, (Class<?>) inner, place);
            }
        } else if (type instanceof Class<?> plain) {
            return value(node, plain, place);
        }
        throw new IllegalArgumentException(place + ": an experiment cannot hold a " + type);
    }

    private Object value(JsonNode node, Class<?> type, String place) {
        if (type == Integer.class || type == int.class) {
            return expect(node.isIntegralNumber() && node.canConvertToInt(), node, place, whole(node, Integer.MAX_VALUE))
                    .intValue();
        }
        if (type == Long.class || type == long.class) {
            return expect(node.isIntegralNumber() && node.canConvertToLong(), node, place, whole(node, Long.MAX_VALUE))
                    .longValue();
        }
        if (type == Double.class || type == double.class) {
            return expect(node.isNumber() && Double.isFinite(node.doubleValue()), node, place, "a number that is finite")
                    .doubleValue();
        }
        if (type == Boolean.class || type == boolean.class) {
            return expect(node.isBoolean(), node, place, "true or false").booleanValue();
        }
        if (type == String.class) {
            return expect(node.isTextual(), node, place, "a text in quotes").textValue();
        }
        if (type == Object.class) {
            return Json.read(node.toString(), place);
        }
        if (type.isEnum()) {
            return constant(node, type, place);
        }
        if (type.isSealed()) {
            return choice(node, type, place);
        }
        if (type.isRecord()) {
            return record(node, type, place);
        }
        throw new IllegalArgumentException(place + ": an experiment cannot hold a " + type.getName());
    }

    /** One value stands for a list of one. */
    private List<Object> list(JsonNode node, Type inner, String place) {
        List<Object> list = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(n -> list.add(value(n, inner, place + "[" + list.size() + "]")));
        } else {
            list.add(value(node, inner, place));
        }
        return list;
    }

    <T> Plugged<T> plugged(JsonNode node, Class<T> spi, String place) {
        Map.Entry<String, JsonNode> only = only(node, place, "plugin");
        Plugins.Known known;
        try {
            known = plugins.find(spi, only.getKey());
        } catch (UserError e) {
            throw complaint(place, e.getMessage());
        }
        Identity identity = Identity.of(spi, known.name(), known.version());
        T plugin = spi.cast(made(identity, only.getValue(), known.type(), below(place, known.name())));
        String pin = only.getKey().contains("@") ? only.getKey().replaceFirst(".*@", "") : null;
        return new Plugged<>(known.name(), pin, known.version(), Guard.around(spi, identity, plugin));
    }

    /** What a plugin's constructor objects to is about its settings, and said as such; all else it throws is a fault. */
    private Object made(Identity identity, JsonNode settings, Class<? extends Record> type, String place) {
        making = true;
        try {
            return Guard.during(identity, "its constructor", () -> record(settings, type, place));
        } catch (UserError | Worker.Left e) {
            throw e;
        } catch (Throwable e) {
            Throwable cause = e instanceof Unmade ? e.getCause() : e;
            throw complaint(place, Guard.told(identity, "its constructor", cause).getMessage());
        } finally {
            making = false;
        }
    }

    private Object choice(JsonNode node, Class<?> sealed, String place) {
        Map.Entry<String, JsonNode> only = only(node, place, "kind");
        Map<String, Class<?>> kinds = new LinkedHashMap<>();
        Stream.of(sealed.getPermittedSubclasses()).forEach(c -> kinds.put(RecordWriter.kind(c), c));
        Class<?> kind = kinds.get(only.getKey());
        if (kind == null) {
            throw complaint(
                    place, "unknown kind '" + only.getKey() + "'" + Nearest.among(only.getKey(), kinds.keySet()));
        }
        return record(only.getValue(), kind, below(place, only.getKey()));
    }

    private static Object constant(JsonNode node, Class<?> type, String place) {
        List<String> names = Stream.of(type.getEnumConstants())
                .map(c -> c.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        int index = names.indexOf(node.asText());
        if (index < 0) {
            throw complaint(place, node + " is not known" + Nearest.among(node.asText(), names));
        }
        return type.getEnumConstants()[index];
    }

    private static Map.Entry<String, JsonNode> only(JsonNode node, String place, String what) {
        if (!node.isObject() || node.size() != 1) {
            throw complaint(place, "must be one " + what + " with its settings, {\"name\": {…}}, not " + node);
        }
        return node.properties().iterator().next();
    }

    private static JsonNode expect(boolean right, JsonNode node, String place, String wanted) {
        if (!right) {
            throw complaint(place, node + " is not " + wanted);
        }
        return node;
    }

    private static String whole(JsonNode node, long most) {
        return node.isIntegralNumber() ? "within ±" + most : "a whole number";
    }

    private static String below(String place, String name) {
        return place.isEmpty() || place.endsWith(": ") ? place + name : place + "." + name;
    }

    private static UserError complaint(String place, String message) {
        return new UserError(place.isEmpty() || place.endsWith(": ") ? place + message : place + ": " + message);
    }
}
