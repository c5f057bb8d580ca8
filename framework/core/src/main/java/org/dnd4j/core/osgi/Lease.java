package org.dnd4j.core.osgi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.dnd4j.core.experiment.Plugins;

/**
 * What one user found on the shelf. Finding and holding are one act, so that nothing goes in between; whoever asks twice
 * gets the same.
 */
final class Lease implements Plugins.Held {
    private record Asked(Class<?> spi, String reference) {}

    private final Shelf shelf;
    private final Map<Asked, Known> found = new ConcurrentHashMap<>();
    private volatile String user;

    Lease(Shelf shelf, String user) {
        this.shelf = shelf;
        this.user = user;
    }

    String user() {
        return user;
    }

    /** What is held first, for it is that whose faults it may be; then all else. */
    @Override
    public List<Known> all() {
        List<Known> all = new ArrayList<>(found.values());
        all.addAll(shelf.all());
        return all;
    }

    @Override
    public Known find(Class<?> spi, String reference) {
        return found.computeIfAbsent(new Asked(spi, reference), a -> shelf.take(this, spi, reference));
    }

    @Override
    public void by(String run) {
        user = run;
        shelf.renamed();
    }

    @Override
    public void close() {
        found.clear();
        shelf.give(this);
    }
}
