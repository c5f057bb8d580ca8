package org.dnd4j.core.osgi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.experiment.Plugins.Known;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;

/** Turns started bundles into a {@link Catalog}, a new one whenever a bundle comes or goes. */
final class PluginTracker implements BundleTrackerCustomizer<List<Known>> {
    private final BundleTracker<List<Known>> tracker;
    private final Map<Long, List<Known>> started = new LinkedHashMap<>();
    private final List<Known> failed = new ArrayList<>();
    private volatile Catalog catalog = Catalog.of(List.of());

    PluginTracker(BundleContext context) {
        tracker = new BundleTracker<>(context, Bundle.ACTIVE, this);
    }

    void open() {
        tracker.open();
    }

    void close() {
        tracker.close();
    }

    /** The plugins of this moment. */
    Catalog catalog() {
        return catalog;
    }

    /** Keeps in the catalog what never became a started bundle. */
    synchronized void failed(List<Known> plugins) {
        failed.addAll(plugins);
        renew();
    }

    @Override
    public synchronized List<Known> addingBundle(Bundle bundle, BundleEvent event) {
        List<Known> plugins = PluginBundle.read(bundle);
        if (plugins.isEmpty()) {
            return null;
        }
        started.put(bundle.getBundleId(), plugins);
        renew();
        return plugins;
    }

    @Override
    public void modifiedBundle(Bundle bundle, BundleEvent event, List<Known> plugins) {}

    @Override
    public synchronized void removedBundle(Bundle bundle, BundleEvent event, List<Known> plugins) {
        started.remove(bundle.getBundleId());
        renew();
    }

    private void renew() {
        List<Known> all = new ArrayList<>(failed);
        started.values().forEach(all::addAll);
        catalog = Catalog.of(all);
    }
}
