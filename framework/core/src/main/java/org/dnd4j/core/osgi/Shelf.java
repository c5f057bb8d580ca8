package org.dnd4j.core.osgi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.spi.UserError;
import org.osgi.framework.Bundle;

/**
 * The plugins of this process: what lies in the folders, which bundle came of it, who uses it, and when it may go
 * (decision 0006).
 *
 * <p>Bundles are made by one thread at a time, which may take as long as a plugin's classes take to start; meanwhile
 * everybody else can list, hold and give back, for that only needs the short lock on this object.
 */
final class Shelf implements Plugins {
    private final Loader loader;
    private final Intake intake;
    private final Installer installer;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Object loading = new Object();
    private final Set<Edition> editions = new HashSet<>(); // guarded by this, as all below
    private Catalog catalog = new Catalog(List.of());
    private long count;

    /** An empty shelf; the last of the folders is the user's. */
    Shelf(Loader loader, List<Path> folders) {
        this.loader = loader;
        this.intake = new Intake(this, loader, folders.stream().map(PluginFolder::new).toList());
        this.installer = new Installer(this, loader, folders.isEmpty() ? null : folders.get(folders.size() - 1));
    }

    @Override
    public List<Known> all() {
        return catalog().all();
    }

    synchronized Catalog catalog() {
        return catalog;
    }

    @Override
    public Held hold(String user) {
        return new Lease(this, user);
    }

    @Override
    public Known find(Class<?> spi, String reference) {
        try (Held moment = hold("")) {
            return moment.find(spi, reference); // whose classes are all there already
        }
    }

    @Override
    public Installed install(Path jar) {
        return installer.install(jar);
    }

    @Override
    public Removed remove(String reference) {
        return installer.remove(reference);
    }

    /** Has {@code listener} told of every change, a line each. */
    AutoCloseable listen(Consumer<String> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void say(String line) {
        listeners.forEach(l -> l.accept(line));
    }

    /** Takes notice of what lies in the folders, as {@link Intake#scan} does. */
    void scan(Predicate<Path> sure) {
        synchronized (loading) {
            intake.scan(sure);
            wake();
        }
    }

    /** What lies in the folder of that index, as far as it was noticed. */
    synchronized Map<Path, Edition> there(int folder) {
        return editions.stream()
                .filter(e -> e.there() && e.folder() == folder)
                .collect(Collectors.toMap(Edition::jar, e -> e));
    }

    /** A jar has become something, perhaps in place of what it was. */
    void put(int folder, Path jar, Stamp stamp, Loader.Loaded loaded, Edition before) {
        change(() -> {
            if (before != null) {
                before.leave();
            }
            editions.add(new Edition(count++, jar, folder, stamp, loaded));
        });
    }

    /** A jar has gone. */
    void gone(Edition edition) {
        change(edition::leave);
    }

    /** Finds a plugin and holds it for {@code lease} in one act. */
    Known take(Lease lease, Class<?> spi, String reference) {
        Known there = taken(lease, spi, reference);
        if (there != null) {
            return there;
        }
        synchronized (loading) { // a newer version has superseded it, and nobody used it until now
            there = taken(lease, spi, reference);
            return there != null ? there : reloaded(lease, spi, reference);
        }
    }

    /** The same; null if it is not loaded. */
    private synchronized Known taken(Lease lease, Class<?> spi, String reference) {
        Catalog.Row row = catalog.row(Plugins.find(catalog.all(), spi, reference));
        if (!row.loaded()) {
            return null;
        }
        row.edition().take(lease);
        catalog = Catalog.of(editions);
        return row.known();
    }

    private Known reloaded(Lease lease, Class<?> spi, String reference) {
        Catalog before = catalog();
        Edition edition = before.row(Plugins.find(before.all(), spi, reference)).edition();
        if (!reload(edition, () -> edition.take(lease))) {
            throw new UserError(edition.jar() + ": has just been changed; try again");
        }
        return Plugins.find(edition.plugins(), spi, reference);
    }

    /** Makes a bundle of an edition once more, if its jar is still the same. */
    private boolean reload(Edition edition, Runnable and) {
        Loader.Loaded loaded = loader.load(edition.jar(), edition.stamp());
        if (loaded == null) {
            return false;
        }
        change(() -> {
            edition.load(loaded);
            and.run();
        });
        return true;
    }

    /** What is ready once more, as a newer one has gone, is loaded before anybody asks. */
    private void wake() {
        catalog().rows().stream()
                .filter(r -> r.known().state().equals(READY) && !r.loaded())
                .map(Catalog.Row::edition)
                .distinct()
                .forEach(e -> reload(e, () -> {}));
    }

    /** A user has another name. */
    void renamed() {
        change(() -> {});
    }

    /** Takes back whatever a lease holds. */
    void give(Lease lease) {
        change(() -> editions.forEach(e -> e.leave(lease)));
    }

    private void change(Runnable change) {
        List<Bundle> leaving = new ArrayList<>();
        List<String> news;
        synchronized (this) {
            Catalog before = catalog;
            change.run();
            settle(leaving);
            news = News.of(before, catalog);
        }
        leaving.forEach(Loader::unload);
        news.forEach(this::say);
    }

    /** Whatever nobody uses or could get without asking for it goes; what lies in a folder is remembered. */
    private void settle(List<Bundle> leaving) {
        catalog = Catalog.of(editions);
        for (Edition edition : List.copyOf(editions)) {
            if (!edition.isHeld() && !edition.there()) {
                editions.remove(edition);
                leaving.add(edition.unload());
            } else if (!edition.isHeld() && edition.isLoaded() && !catalog.wanted(edition)) {
                leaving.add(edition.unload());
            }
        }
        catalog = Catalog.of(editions);
    }
}
