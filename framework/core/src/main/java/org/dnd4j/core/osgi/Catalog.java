package org.dnd4j.core.osgi;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.dnd4j.core.experiment.Plugins;
import org.osgi.framework.Version;

/** The plugins of one moment: by SPI and name, the newest first. */
record Catalog(List<Known> all) implements Plugins {
    private static final Comparator<Known> ORDER = Comparator.comparing(
                    (Known k) -> k.spi() == null ? "~" : k.spi().getSimpleName())
            .thenComparing(Known::name)
            .thenComparing(k -> Version.parseVersion(k.version()), Comparator.reverseOrder());

    static Catalog of(Collection<Known> known) {
        return new Catalog(known.stream().sorted(ORDER).toList());
    }
}
