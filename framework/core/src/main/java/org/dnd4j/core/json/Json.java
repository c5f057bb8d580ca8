package org.dnd4j.core.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.spi.UserError;

/** Records, lists and maps as JSON text, and JSON text as lists and maps; for everyone else in the runtime. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private Json() {}

    /** JSON over several lines. Numbers that JSON has no word for (NaN, infinities) become null. */
    public static String write(Object value) {
        return text(RecordWriter.node(value));
    }

    /** JSON on one line. */
    public static String line(Object value) {
        return RecordWriter.node(value).toString();
    }

    /**
     * Objects as maps in order, arrays as lists, and plain values.
     *
     * @param where names the text in messages
     * @throws UserError if it is not JSON
     */
    public static Object read(String json, String where) {
        return plain(tree(json, where));
    }

    static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The tree of a text; {@code where} names it in messages.
     *
     * @throws UserError if it is not JSON
     */
    public static JsonNode tree(String json, String where) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node.isMissingNode()) {
                throw new UserError(where + ": is empty, not JSON");
            }
            return node;
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw new UserError(where + ": not JSON: " + reason(e) + place, e);
        }
    }

    /** What is wrong, without the advice to those who program with the parser. */
    private static String reason(JsonProcessingException e) {
        String first = e.getOriginalMessage().lines().findFirst().orElse("");
        return first.replaceFirst(": enable `.*", "")
                .replaceFirst(" \\(start marker at \\[.*?]\\)", "")
                .replaceAll("(, from)? `StreamReadConstraints[^`]*`", "");
    }

    private static Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.properties().forEach(e -> map.put(e.getKey(), plain(e.getValue())));
            return map;
        } else if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(n -> list.add(plain(n)));
            return list;
        } else if (node.isNull()) {
            return null;
        } else if (node.isBoolean()) {
            return node.booleanValue();
        } else if (node.isIntegralNumber()) {
            return node.longValue();
        }
        return node.isNumber() ? (Object) node.doubleValue() : node.textValue();
    }
}
