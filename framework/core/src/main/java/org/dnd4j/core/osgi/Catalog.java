package org.dnd4j.core.osgi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.experiment.Plugins.Known;
import org.osgi.framework.Version;

/** How the plugins of one moment stand to each other: by SPI and name, the newest first, which is the one that is ready. */
record Catalog(List<Row> rows) {
    /** A plugin, and the edition of a jar that brings it. */
    record Row(Edition edition, Known known, boolean loaded) {
        /** Whether it is the same plugin of the same edition as another, in whatever state. */
        boolean sameAs(Row other) {
            return edition == other.edition
                    && known.spi() == other.known.spi()
                    && known.name().equals(other.known.name());
        }
    }

    /** A name that only one plugin can have. */
    private record Place(Class<?> spi, String name) {}

    private static final Comparator<Row> ORDER = Comparator.comparing(
                    (Row r) -> r.known.spi() == null ? "~" : r.known.spi().getSimpleName())
            .thenComparing(r -> r.known.name())
            .thenComparing(r -> Version.parseVersion(r.known.version()), Comparator.reverseOrder())
            .thenComparing(Row::edition, Edition.PRECEDENCE.reversed());

    static Catalog of(Collection<Edition> editions) {
        List<Row> sorted = new ArrayList<>();
        editions.forEach(e -> e.plugins().forEach(k -> sorted.add(new Row(e, k, e.isLoaded()))));
        sorted.sort(ORDER);
        Set<Place> taken = new LinkedHashSet<>();
        return new Catalog(sorted.stream()
                .map(r -> new Row(r.edition, r.known.standing(state(r, taken), r.edition.users()), r.loaded))
                .toList());
    }

    private static String state(Row row, Set<Place> taken) {
        if (row.known.state().equals(Plugins.FAILED)) {
            return Plugins.FAILED; // and keeps nobody from the name
        } else if (!row.edition.there()) {
            return Plugins.RETIRED;
        }
        boolean first = taken.add(new Place(row.known.spi(), row.known.name()));
        return first ? Plugins.READY : Plugins.SUPERSEDED;
    }

    List<Known> all() {
        return rows.stream().map(Row::known).toList();
    }

    /** The row of one of {@link #all}. */
    Row row(Known known) {
        return rows.stream().filter(r -> r.known == known).findFirst().orElseThrow();
    }

    /** Whether an edition brings anything that an experiment gets without asking for its version, or nothing that works. */
    boolean wanted(Edition edition) {
        return rows.stream()
                .filter(r -> r.edition == edition)
                .anyMatch(r -> !r.known.state().equals(Plugins.SUPERSEDED) && !r.known.state().equals(Plugins.FAILED)
                        || r.known.spi() == null);
    }

    /** Whoever is ready under the same name. */
    String instead(Row row) {
        return rows.stream()
                .filter(r -> r.known.spi() == row.known.spi()
                        && r.known.name().equals(row.known.name())
                        && r.known.state().equals(Plugins.READY))
                .map(r -> r.known.identity())
                .findFirst()
                .orElse("");
    }
}
