package org.dnd4j.core.osgi;

import java.io.File;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.function.ToIntFunction;
import org.dnd4j.core.cli.Console;
import org.dnd4j.core.experiment.Plugins.Known;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Starts the plugins of the folders in {@code dnd4j.plugins} and offers the console to the launcher. */
public final class Activator implements BundleActivator {
    private PluginTracker tracker;

    @Override
    public void start(BundleContext context) {
        tracker = new PluginTracker(context);
        tracker.open();
        PluginFolder installer = new PluginFolder(context);
        String folders = context.getProperty("dnd4j.plugins");
        if (folders != null && !folders.isEmpty()) {
            for (String folder : folders.split(File.pathSeparator)) {
                tracker.failed(installer.start(Path.of(folder)));
            }
        }
        tracker.catalog().all().stream().filter(k -> k.state().equals("failed")).forEach(Activator::warn);
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("dnd4j", "console");
        ToIntFunction<String[]> console = new Console(tracker::catalog);
        context.registerService(ToIntFunction.class, console, properties);
    }

    private static void warn(Known plugin) {
        String version = plugin.version().isEmpty() ? "" : "@" + plugin.version();
        System.err.println("dnd4j: warning: plugin " + plugin.name() + version + " of " + plugin.bundle() + " "
                + plugin.state() + ": " + plugin.reason());
    }

    @Override
    public void stop(BundleContext context) {
        tracker.close();
    }
}
