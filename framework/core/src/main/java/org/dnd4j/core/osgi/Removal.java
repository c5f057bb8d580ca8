package org.dnd4j.core.osgi;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;

/** Which jar is meant by the name of a plugin. */
final class Removal {
    private Removal() {}

    /**
     * The edition in the user's folder that brings it.
     *
     * @throws UserError if there is none, if there are several, or if it is not the user's
     */
    static Edition chosen(Catalog catalog, Path folder, String reference) {
        Plugins.Reference asked = Plugins.Reference.of(reference);
        List<Catalog.Row> there =
                catalog.rows().stream().filter(r -> r.edition().there()).toList();
        List<Catalog.Row> named = there.stream()
                .filter(r -> asked.fits(r.known()))
                .toList();
        if (named.isEmpty()) {
            throw new UserError("there is no plugin '" + reference + "'" + Nearest.among(reference, there.stream()
                    .map(r -> asked.version().isEmpty() ? r.known().name() : r.known().identity())
                    .distinct()
                    .toList()));
        }
        List<Catalog.Row> own = named.stream()
                .filter(r -> r.edition().jar().getParent().equals(folder))
                .toList();
        if (own.isEmpty()) {
            Catalog.Row shipped = named.get(0);
            throw new UserError("plugin '" + shipped.known().identity() + "' is not yours to remove: it comes with the"
                    + " program, in " + shipped.edition().jar() + "; a newer version in " + folder + " takes its place");
        }
        if (own.stream().map(Catalog.Row::edition).distinct().count() > 1) {
            throw new UserError("plugin '" + reference + "' is here several times: say which one of "
                    + own.stream()
                            .map(r -> r.known().identity() + " (" + r.known().file() + ")")
                            .collect(Collectors.joining(", ")));
        }
        return own.get(0).edition();
    }
}
