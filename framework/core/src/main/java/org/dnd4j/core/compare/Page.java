package org.dnd4j.core.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dnd4j.core.run.Report;

/** A comparison's tables as Markdown and as a page: of all depths in one, then each metric by depth. */
final class Page {
    /** One table; the first row is its head. */
    private record Sheet(String title, List<List<Cell>> rows) {}

    private record Cell(String text, boolean best) {
        static Cell of(String text) {
            return new Cell(text, false);
        }

        static Cell of(Entry entry) {
            return entry == null ? of("") : new Cell(entry.value() + (entry.close() ? " ≈" : ""), entry.best());
        }

        String markdown() {
            String plain = text.replace("|", "\\|");
            return best ? "**" + plain + "**" : plain;
        }

        String html() {
            String plain = Report.escape(text);
            return best ? "<b>" + plain + "</b>" : plain;
        }
    }

    private Page() {}

    /** The main table and the notes, for a terminal. */
    static String text(Comparison.Compared compared) {
        Sheet sheet = main(compared, metrics(compared.table()));
        return markdown(sheet) + "\n" + lines(compared.notes()) + "\n" + compared.page();
    }

    private static List<Metric> metrics(List<Entry> table) {
        return table.stream().map(Entry::metric).distinct().map(Metric::of).toList();
    }

    static String markdown(Comparison.Compared compared, List<Metric> metrics) {
        return "# " + compared.name() + "\n\n"
                + sheets(compared, metrics).stream()
                        .map(s -> (s.title().isEmpty() ? "" : "## " + s.title() + "\n\n") + markdown(s)
                                + (s.title().isEmpty() ? "\n" + lines(compared.notes()) : ""))
                        .collect(Collectors.joining("\n"));
    }

    private static String lines(List<String> notes) {
        return notes.stream().map(n -> "- " + n + "\n").collect(Collectors.joining());
    }

    static String html(Comparison.Compared compared, List<Metric> metrics, Path plots) {
        String title = Report.escape(compared.name());
        StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(title).append("</title><style>\n").append(Report.style()).append("</style></head><body>\n<h1>")
                .append(title).append("</h1>\n");
        for (Sheet sheet : sheets(compared, metrics)) {
            if (sheet.title().isEmpty()) {
                html(sheet, page);
                page.append("<ul>\n");
                compared.notes().forEach(n -> page.append("<li>").append(Report.escape(n)).append("</li>\n"));
                page.append("</ul>\n").append(Report.figure(plots, "Means over seeds."));
            } else {
                page.append("<h2>").append(Report.escape(sheet.title())).append("</h2>\n");
                html(sheet, page);
            }
        }
        return page.append("</body></html>\n").toString();
    }

    private static void html(Sheet sheet, StringBuilder page) {
        page.append("<table>\n");
        for (int i = 0; i < sheet.rows().size(); i++) {
            String tag = i == 0 ? "th" : "td";
            page.append("<tr>");
            sheet.rows().get(i).forEach(c ->
                    page.append('<').append(tag).append('>').append(c.html()).append("</").append(tag).append('>'));
            page.append("</tr>\n");
        }
        page.append("</table>\n");
    }

    private static String markdown(Sheet sheet) {
        List<List<String>> rows = sheet.rows().stream()
                .map(r -> r.stream().map(Cell::markdown).toList())
                .toList();
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(c -> rows.stream().mapToInt(r -> r.get(c).length()).max().orElseThrow())
                .toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            for (int c = 0; c < widths.length; c++) {
                text.append("| ").append(rows.get(i).get(c)).append(" ".repeat(widths[c] - rows.get(i).get(c).length() + 1));
            }
            text.append("|\n");
            if (i == 0) {
                IntStream.of(widths).forEach(w -> text.append("|").append("-".repeat(w + 2)));
                text.append("|\n");
            }
        }
        return text.toString();
    }

    private static List<Sheet> sheets(Comparison.Compared compared, List<Metric> metrics) {
        List<Sheet> sheets = new ArrayList<>(List.of(main(compared, metrics)));
        for (Metric metric : metrics) {
            List<Entry> entries = compared.table().stream()
                    .filter(e -> e.metric().equals(metric.name()) && e.depth() != null)
                    .toList();
            if (!entries.isEmpty()) {
                sheets.add(byDepth(metric, entries));
            }
        }
        return sheets;
    }

    /** A row for each variant, also for those that have no numbers yet. */
    private static Sheet main(Comparison.Compared compared, List<Metric> metrics) {
        List<Cell> head = new ArrayList<>(List.of(Cell.of("variant"), Cell.of("codes"), Cell.of("seeds")));
        metrics.forEach(m -> head.add(Cell.of(m.head())));
        List<List<Cell>> rows = new ArrayList<>(List.of(head));
        Result.byVariant(compared.cells().stream()).forEach((variant, cells) -> {
            long done = cells.stream().filter(Result::done).count();
            String seeds = done + (done < cells.size() ? " of " + cells.size() : "");
            List<Cell> row = new ArrayList<>(List.of(Cell.of(variant), Cell.of(cells.get(0).codes()), Cell.of(seeds)));
            metrics.forEach(m -> row.add(Cell.of(find(compared.table(), variant, m, null))));
            rows.add(row);
        });
        return new Sheet("", rows);
    }

    private static Sheet byDepth(Metric metric, List<Entry> entries) {
        Set<Integer> depths = entries.stream().map(Entry::depth).collect(Collectors.toCollection(LinkedHashSet::new));
        List<Cell> head = new ArrayList<>(List.of(Cell.of("variant")));
        depths.forEach(k -> head.add(Cell.of(Integer.toString(k))));
        List<List<Cell>> rows = new ArrayList<>(List.of(head));
        for (String variant : entries.stream().map(Entry::variant).collect(Collectors.toCollection(LinkedHashSet::new))) {
            List<Cell> row = new ArrayList<>(List.of(Cell.of(variant)));
            depths.forEach(k -> row.add(Cell.of(find(entries, variant, metric, k))));
            rows.add(row);
        }
        return new Sheet(metric.head() + " by depth", rows);
    }

    private static Entry find(Collection<Entry> entries, String variant, Metric metric, Integer depth) {
        return entries.stream()
                .filter(e -> e.variant().equals(variant) && e.metric().equals(metric.name())
                        && Objects.equals(e.depth(), depth))
                .findFirst()
                .orElse(null);
    }
}
