package org.dnd4j.core.osgi;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Jars that are perhaps still being written: a copy is not done in one go. */
final class Arrivals {
    /** How often a file that is no whole jar is found unchanged before it is taken for what it is. */
    private static final int PATIENCE = 4;

    private record Seen(Stamp stamp, int times) {}

    private final Map<Path, Seen> seen = new HashMap<>();

    /** Whether a file has been the same since the last time, and is whole or will not become so. */
    boolean arrived(Path jar, Stamp stamp) {
        Seen before = seen.get(jar);
        if (before == null || !before.stamp.equals(stamp)) {
            seen.put(jar, new Seen(stamp, 1));
            return false;
        }
        if (before.times < PATIENCE && !Loader.whole(jar)) {
            seen.put(jar, new Seen(stamp, before.times + 1));
            return false;
        }
        seen.remove(jar);
        return true;
    }

    /** Forgets what is no longer in a folder. */
    void forgetOthers(Path folder, Set<Path> there) {
        seen.keySet().removeIf(jar -> folder.equals(jar.getParent()) && !there.contains(jar));
    }
}
