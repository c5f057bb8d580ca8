package org.dnd4j.core.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.experiment.Plugins.Known;
import picocli.CommandLine.Command;

@Command(
        name = "plugins",
        description = {
            "Lists the plugins there are: what an experiment can name, as NAME or as NAME@VERSION.",
            "",
            "ready       runs that start now use it",
            "superseded  a newer version is ready; an experiment that asks for NAME@VERSION gets this one",
            "retired     its jar was overwritten or deleted; runs that use it keep it, and nobody else gets it",
            "failed      for the reason beside it; nobody can use it, and it stops nothing else",
            "",
            "'used by' are runs of this process. A superseded or retired one that nobody uses is not kept in memory."
        })
final class PluginsVerb implements Verb {
    /** One plugin, as scripts see it; {@code spi} is null where it could not be told. */
    record Row(
            String spi, String name, String version, String bundle, String state, List<String> users, String reason) {}

    private final Supplier<? extends Plugins> plugins;

    PluginsVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public List<Row> run(Progress progress) {
        return plugins.get().all().stream().map(PluginsVerb::row).toList();
    }

    @Override
    public String text(Object answer) {
        return Table.of(((List<?>) answer).stream().map(r -> line((Row) r)).toList());
    }

    private static Map<String, Object> line(Row row) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("spi", row.spi);
        line.put("name", row.name);
        line.put("version", row.version);
        line.put("bundle", row.bundle);
        line.put("state", row.state);
        line.put("used by", row.users);
        line.put("reason", row.reason);
        return line;
    }

    private static Row row(Known known) {
        String spi = known.spi() == null ? null : known.spi().getSimpleName().toLowerCase(Locale.ROOT);
        return new Row(spi, known.name(), known.version(), known.bundle(), known.state(), known.users(), known.reason());
    }
}
