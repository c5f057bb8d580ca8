package org.dnd4j.core.osgi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.dnd4j.core.Why;

/** What comes to the shelf from the folders. Used by one thread at a time. */
final class Intake {
    private final Shelf shelf;
    private final Loader loader;
    private final List<PluginFolder> folders;
    private final Arrivals arrivals = new Arrivals();
    private final Set<PluginFolder> closed = new HashSet<>();

    Intake(Shelf shelf, Loader loader, List<PluginFolder> folders) {
        this.shelf = shelf;
        this.loader = loader;
        this.folders = folders;
    }

    /**
     * Takes notice of what lies in the folders.
     *
     * @param sure which jars are known to be whole; any other that has just appeared may still be under way, and is left
     *     for the next time
     */
    void scan(Predicate<Path> sure) {
        for (int i = 0; i < folders.size(); i++) {
            PluginFolder folder = folders.get(i);
            try {
                scan(i, folder.jars(), sure);
                closed.remove(folder);
            } catch (IOException e) {
                if (closed.add(folder)) { // said once; what came from there stays
                    shelf.say("plugins: " + folder.path() + " cannot be looked into: " + Why.of(e));
                }
            }
        }
    }

    private void scan(int folder, Map<Path, Stamp> jars, Predicate<Path> sure) {
        Map<Path, Edition> known = shelf.there(folder);
        known.forEach((jar, edition) -> {
            if (!jars.containsKey(jar)) {
                shelf.gone(edition);
            }
        });
        jars.forEach((jar, stamp) -> {
            Edition before = known.get(jar);
            boolean same = before != null && before.stamp().equals(stamp);
            if (!same && (sure.test(jar) || arrivals.arrived(jar, stamp))) {
                Loader.Loaded loaded = loader.load(jar, stamp);
                if (loaded != null) {
                    shelf.put(folder, jar, stamp, loaded, before);
                }
            }
        });
        arrivals.forgetOthers(folders.get(folder).path(), jars.keySet());
    }
}
