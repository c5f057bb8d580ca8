package org.dnd4j.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The JSON of records, lists, maps and plain values; what the reader of experiments reads back to the same. */
public final class RecordWriter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private RecordWriter() {}

    /** The tree of a value. */
    public static JsonNode node(Object value) {
        if (value == null) {
            return NODES.nullNode();
        } else if (value instanceof JsonNode node) {
            return node;
        } else if (value instanceof Labelled labelled) {
            return NODES.objectNode().set(labelled.label(), labelled.reading(() -> components(labelled.settings())));
        } else if (value instanceof Record record) {
            Class<?> choice = choice(record.getClass());
            return choice == null
                    ? components(record)
                    : NODES.objectNode().set(kind(record.getClass()), components(record));
        } else if (value instanceof Map<?, ?> map) {
            ObjectNode node = NODES.objectNode();
            map.forEach((k, v) -> node.set(k.toString(), node(v)));
            return node;
        } else if (value instanceof Iterable<?> list && !(value instanceof Path)) {
            ArrayNode node = NODES.arrayNode();
            list.forEach(v -> node.add(node(v)));
            return node;
        } else if (value instanceof Integer || value instanceof Long) {
            return NODES.numberNode(((Number) value).longValue());
        } else if (value instanceof Number number) {
            double d = number.doubleValue();
            return Double.isFinite(d) ? NODES.numberNode(d) : NODES.nullNode();
        } else if (value instanceof Boolean b) {
            return NODES.booleanNode(b);
        } else if (value instanceof Enum<?> e) {
            return NODES.textNode(e.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        } else if (value instanceof Class<?> type) {
            return NODES.textNode(type.getSimpleName().toLowerCase(Locale.ROOT));
        }
        return NODES.textNode(value.toString());
    }

    static ObjectNode components(Record record) {
        ObjectNode node = NODES.objectNode();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                node.set(component.getName(), node(component.getAccessor().invoke(record)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }
        return node;
    }

    /** The sealed interface that a record is one choice of, or null. */
    private static Class<?> choice(Class<?> type) {
        for (Class<?> i : type.getInterfaces()) {
            if (i.isSealed()) {
                return i;
            }
        }
        return null;
    }

    /** What a choice is called in JSON: {@code Glyphs} is {@code glyphs}. */
    public static String kind(Class<?> type) {
        return type.getSimpleName().toLowerCase(Locale.ROOT);
    }
}
