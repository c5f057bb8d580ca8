package org.dnd4j.core.guard;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The threads that were left to themselves because a plugin did not return. */
public final class Strays {
    /** How many that have come back are remembered. */
    private static final int REMEMBERED = 50;

    private static final Deque<Entry> ENTRIES = new ArrayDeque<>();

    private Strays() {}

    /**
     * One of them.
     *
     * @param method where the plugin has stayed
     * @param job the run or the work that it was part of, which has failed
     * @param since when the call began
     * @param there whether it is still at it; afterwards its memory is free again
     */
    public record Stray(
            String plugin, String version, String spi, String method, String job, Instant since, boolean there) {}

    private record Entry(Thread thread, Stray stray) {}

    /** All of them, the last first; of those that have come back, the last few. */
    public static synchronized List<Stray> all() {
        return ENTRIES.stream().map(Entry::stray).toList();
    }

    static synchronized void add(Worker worker, String job, Worker.Call late) {
        Identity plugin = late.plugin();
        Instant since = Instant.now().minusNanos(System.nanoTime() - late.since());
        ENTRIES.push(new Entry(
                worker, new Stray(plugin.name(), plugin.version(), plugin.spi(), late.method(), job, since, true)));
    }

    /** A worker has ended; if it was a stray, it no longer is. */
    static synchronized void back(Worker worker) {
        List<Entry> known = List.copyOf(ENTRIES);
        ENTRIES.clear();
        int remembered = 0;
        for (Entry entry : known) {
            Stray s = entry.stray();
            Entry now = entry.thread() == worker
                    ? new Entry(null, new Stray(s.plugin(), s.version(), s.spi(), s.method(), s.job(), s.since(), false))
                    : entry;
            if (now.stray().there() || remembered++ < REMEMBERED) {
                ENTRIES.add(now);
            }
        }
    }
}
