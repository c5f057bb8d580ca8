package org.dnd4j.core.experiment;

import java.util.List;

/** Plugins that never go, so that nothing is to be done to hold them. */
record Unhurried(Plugins plugins) implements Plugins.Held {
    @Override
    public List<Known> all() {
        return plugins.all();
    }

    @Override
    public Known find(Class<?> spi, String reference) {
        return plugins.find(spi, reference);
    }

    @Override
    public void by(String run) {
        // nobody asks
    }

    @Override
    public void close() {
        // nothing was taken
    }
}
