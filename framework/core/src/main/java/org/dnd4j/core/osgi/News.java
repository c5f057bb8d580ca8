package org.dnd4j.core.osgi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.experiment.Plugins.Known;
import org.dnd4j.core.osgi.Catalog.Row;

/** What is different between two moments, in words: a line for each plugin that came, went, or means something else now. */
final class News {
    private News() {}

    /** Lines; what is new first. */
    static List<String> of(Catalog before, Catalog after) {
        List<String> lines = new ArrayList<>();
        for (Row row : after.rows()) {
            Optional<Row> was = same(before, row);
            String what = was.isEmpty() ? came(row, after) : changed(was.get(), row, after);
            if (!what.isEmpty()) {
                lines.add(line(row.known(), what));
            }
        }
        for (Row row : before.rows()) {
            if (same(after, row).isEmpty()) {
                lines.add(line(row.known(), row.known().type() == null ? "is gone" : "is unloaded"));
            }
        }
        return lines;
    }

    private static Optional<Row> same(Catalog catalog, Row row) {
        return catalog.rows().stream().filter(row::sameAs).findFirst();
    }

    private static String came(Row row, Catalog after) {
        return switch (row.known().state()) {
            case Plugins.READY -> "is ready; runs that start now use it";
            case Plugins.FAILED -> "failed: " + row.known().reason();
            default -> "is here for those that ask for it; others use " + after.instead(row);
        };
    }

    private static String changed(Row was, Row row, Catalog after) {
        String state = row.known().state();
        if (!state.equals(was.known().state())) {
            return switch (state) {
                case Plugins.READY -> "is ready again; runs that start now use it";
                case Plugins.SUPERSEDED -> "is superseded by " + after.instead(row)
                        + (row.loaded() ? used(row) : " and unloaded");
                case Plugins.RETIRED -> "is retired" + used(row);
                default -> "failed: " + row.known().reason();
            };
        } else if (was.loaded() != row.loaded()) {
            return !row.loaded() ? "is unloaded" : state.equals(Plugins.READY) ? "" : "is loaded again";
        }
        return "";
    }

    private static String used(Row row) {
        List<String> users = row.known().users();
        return users.isEmpty()
                ? ""
                : ", still used by run" + (users.size() > 1 ? "s " : " ") + String.join(", ", users);
    }

    private static String line(Known plugin, String what) {
        return "plugins: " + plugin.identity() + " of " + plugin.file() + " " + what;
    }
}
