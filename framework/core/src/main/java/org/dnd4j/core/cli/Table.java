package org.dnd4j.core.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dnd4j.core.json.Json;

/** Answers for people: a list of records as a table, one record as a line per component. */
final class Table {
    /** A cell with more values than this shows the first few; JSON has them all. */
    private static final int MANY = 16;

    private static final int FIRST = 3;

    private Table() {}

    /** The text of an answer, without a line end after the last line. */
    static String of(Object answer) {
        if (answer instanceof String text) {
            return text;
        }
        Object plain = Json.read(Json.line(answer), "answer");
        return String.join(System.lineSeparator(), lines(plain));
    }

    private static List<String> lines(Object plain) {
        if (plain instanceof List<?> list) {
            return list.isEmpty() ? List.of("none") : rows(list);
        } else if (plain instanceof Map<?, ?> map) {
            return fields(map);
        }
        return List.of(cell(plain));
    }

    private static List<String> rows(List<?> list) {
        Set<Object> columns = new LinkedHashSet<>();
        list.forEach(row -> columns.addAll(row instanceof Map<?, ?> map ? map.keySet() : Set.of()));
        if (columns.isEmpty()) {
            return list.stream().map(Table::cell).toList();
        }
        List<List<String>> cells = new ArrayList<>();
        cells.add(columns.stream().map(c -> c.toString().toUpperCase(Locale.ROOT)).toList());
        for (Object row : list) {
            cells.add(columns.stream().map(c -> row instanceof Map<?, ?> map ? cell(map.get(c)) : "").toList());
        }
        return aligned(cells);
    }

    /** A line per field; tables inside follow indented below their name. */
    private static List<String> fields(Map<?, ?> map) {
        int width = map.keySet().stream().mapToInt(k -> k.toString().length()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        map.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner && !inner.isEmpty()
                    || value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Map<?, ?>) {
                lines.add(key.toString());
                lines(value).forEach(l -> lines.add("  " + l));
            } else {
                lines.add(pad(key.toString(), width) + "  " + cell(value));
            }
        });
        return lines;
    }

    private static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(pad(row.get(i), widths[i] + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static String cell(Object value) {
        if (value == null) {
            return "-";
        } else if (value instanceof Double d) {
            return number(d);
        } else if (value instanceof Collection<?> list) {
            String shown = list.stream().limit(list.size() > MANY ? FIRST : MANY).map(Table::cell).collect(Collectors.joining(" "));
            return list.size() > MANY ? shown + " … " + list.size() + " in all" : shown;
        } else if (value instanceof Map<?, ?>) {
            return Json.line(value);
        }
        return value.toString();
    }

    /** Five significant digits tell people enough; JSON has them all. */
    private static String number(double d) {
        if (d == Math.rint(d) && Math.abs(d) < 1e9) {
            return Long.toString((long) d);
        }
        String text = String.format(Locale.ROOT, "%.5g", d);
        return text.contains("e") ? text : text.replaceFirst("(\\.\\d*?)0+$", "$1").replaceFirst("\\.$", "");
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
