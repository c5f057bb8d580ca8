package org.dnd4j.core.published;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fixed table between a family's published names and those of this house. In both of a row's texts {@code #} stands for a
 * number and {@code *} for the rest; the first number of a row that mirrors counts from the other end. What no row fits has
 * the same name on both sides.
 */
record Names(List<Row> rows) {

    /** One row: what is published, what it is called here, and whether its first number counts from the other end. */
    record Row(String published, String here, boolean mirrors) {
        private static String translated(String name, String from, String to, boolean mirrors, int last) {
            String pattern = from.replace(".", "\\.").replace("#", "(\\d{1,9})").replace("*", "(.+)");
            Matcher m = Pattern.compile(pattern).matcher(name);
            if (!m.matches()) {
                return null;
            }
            String text = to;
            for (int i = 1; i <= m.groupCount(); i++) {
                String group = mirrors && i == 1 ? String.valueOf(last - Integer.parseInt(m.group(1))) : m.group(i);
                text = text.replaceFirst("[#*]", Matcher.quoteReplacement(group));
            }
            return text;
        }
    }

    static Row row(String published, String here) {
        return new Row(published, here, false);
    }

    static Row mirrored(String published, String here) {
        return new Row(published, here, true);
    }

    /**
     * What a published name is called here.
     *
     * @param last the largest number of a row that mirrors
     */
    String here(String published, int last) {
        return first(rows.stream().map(r -> Row.translated(published, r.published, r.here, r.mirrors, last)), published);
    }

    /** The published name of what is called {@code here}. */
    String published(String here, int last) {
        return first(rows.stream().map(r -> Row.translated(here, r.here, r.published, r.mirrors, last)), here);
    }

    private static String first(Stream<String> found, String otherwise) {
        return found.filter(n -> n != null).findFirst().orElse(otherwise);
    }
}
