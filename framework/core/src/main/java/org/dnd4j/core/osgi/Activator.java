package org.dnd4j.core.osgi;

import java.io.File;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.dnd4j.core.cli.Console;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.experiment.Plugins.Known;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Starts the plugins of the folders in {@code dnd4j.plugins}, of which the last is the user's, and offers two services: the
 * console, and for whoever stays longer the watch on those folders.
 */
public final class Activator implements BundleActivator {
    private static final String EVERY = "500"; // milliseconds

    @Override
    public void start(BundleContext context) {
        Shelf shelf = new Shelf(new Loader(context), folders(context.getProperty("dnd4j.plugins")));
        shelf.scan(jar -> true);
        shelf.all().stream().filter(k -> k.state().equals(Plugins.FAILED)).forEach(Activator::warn);
        ToIntFunction<String[]> console = new Console(() -> shelf, level -> log(context, level), new ConsoleShell(context));
        context.registerService(ToIntFunction.class, console, named("console"));
        String every = context.getProperty("dnd4j.plugins.every");
        context.registerService(
                Function.class, new Watch(shelf, Long.parseLong(every == null ? EVERY : every)), named("watch"));
    }

    private static List<Path> folders(String path) {
        return path == null
                ? List.of()
                : Stream.of(path.split(File.pathSeparator))
                        .filter(f -> !f.isEmpty())
                        .map(f -> Path.of(f).toAbsolutePath().normalize())
                        .distinct()
                        .toList();
    }

    private static Dictionary<String, Object> named(String name) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("dnd4j", name);
        return properties;
    }

    /** Logging is the launcher's, as its libraries are. */
    @SuppressWarnings("unchecked")
    private static void log(BundleContext context, String level) {
        Consumer<String> logging = ConsoleShell.offered(context, Consumer.class, "log");
        if (logging != null) {
            logging.accept(level);
        }
    }

    private static void warn(Known plugin) {
        System.err.println("dnd4j: warning: plugin " + plugin.identity() + " of " + plugin.bundle() + " " + plugin.state()
                + ": " + plugin.reason());
    }

    /** The framework ends with the process, and with it all that was started. */
    @Override
    public void stop(BundleContext context) {}
}
