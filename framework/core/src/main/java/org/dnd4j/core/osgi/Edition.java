package org.dnd4j.core.osgi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.dnd4j.core.experiment.Plugins.Known;
import org.osgi.framework.Bundle;

/**
 * One state of one jar: what was written over a jar is another edition. It is loaded while somebody may want it, and held
 * by leases. Guarded by the {@link Shelf} that it stands on.
 */
final class Edition {
    /** Of editions that bring the same version, the last wins: the user's folder over the shipped one, the later jar. */
    static final Comparator<Edition> PRECEDENCE = Comparator.comparingInt((Edition e) -> e.folder)
            .thenComparing(e -> e.stamp.modified())
            .thenComparing(e -> e.jar)
            .thenComparing(e -> e.number);

    private final long number;
    private final Path jar;
    private final int folder;
    private final Stamp stamp;
    private final List<Lease> leases = new ArrayList<>();
    private Loader.Loaded loaded;
    private boolean there = true;

    /** What a jar, in the folder of that index, has become. */
    Edition(long number, Path jar, int folder, Stamp stamp, Loader.Loaded loaded) {
        this.number = number;
        this.jar = jar;
        this.folder = folder;
        this.stamp = stamp;
        this.loaded = loaded;
    }

    Path jar() {
        return jar;
    }

    int folder() {
        return folder;
    }

    Stamp stamp() {
        return stamp;
    }

    /** Whether its jar lies in the folder as it was. */
    boolean there() {
        return there;
    }

    /** Its jar was deleted, or something else was written in its place. */
    void leave() {
        there = false;
    }

    /** What it brings, as it was read: the state says no more than whether it failed. */
    List<Known> plugins() {
        return loaded.plugins();
    }

    boolean isLoaded() {
        return loaded.bundle() != null;
    }

    void load(Loader.Loaded again) {
        loaded = again;
    }

    /** Forgets its classes; returns the bundle that had them. */
    Bundle unload() {
        Bundle bundle = loaded.bundle();
        loaded = new Loader.Loaded(null, plugins().stream().map(Known::unloaded).toList());
        return bundle;
    }

    void take(Lease lease) {
        if (!leases.contains(lease)) {
            leases.add(lease);
        }
    }

    void leave(Lease lease) {
        leases.remove(lease);
    }

    boolean isHeld() {
        return !leases.isEmpty();
    }

    List<String> users() {
        return leases.stream().map(Lease::user).filter(u -> !u.isEmpty()).distinct().sorted().toList();
    }
}
