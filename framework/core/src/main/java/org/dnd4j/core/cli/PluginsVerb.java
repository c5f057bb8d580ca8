package org.dnd4j.core.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.experiment.Plugins.Known;
import picocli.CommandLine.Command;

@Command(
        name = "plugins",
        description = {
            "Lists the plugins there are: what an experiment can name.",
            "State 'failed' stands beside the reason; such a plugin can be named by nobody and stops nothing else."
        })
final class PluginsVerb implements Verb {
    /** One plugin, as scripts see it; {@code spi} is null where it could not be told. */
    record Row(String spi, String name, String version, String bundle, String state, String reason) {}

    private final Supplier<? extends Plugins> plugins;

    PluginsVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public List<Row> run(Progress progress) {
        return plugins.get().all().stream().map(PluginsVerb::row).toList();
    }

    private static Row row(Known known) {
        String spi = known.spi() == null ? null : known.spi().getSimpleName().toLowerCase(Locale.ROOT);
        return new Row(spi, known.name(), known.version(), known.bundle(), known.state(), known.reason());
    }
}
