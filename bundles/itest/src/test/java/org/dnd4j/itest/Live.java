package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.dnd4j.launcher.Nest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;

/** A nest that stays, with its eye on a folder of plugins: what a console is. */
final class Live implements AutoCloseable {
    private static final Path HOME = Path.of(System.getProperty("launcher")).toAbsolutePath().normalize();
    private static final long HANGING = 120_000; // milliseconds, after which nothing more will come

    final Path plugins;
    final ToIntFunction<String[]> console;
    private final BundleContext context;
    private final AutoCloseable watch;
    private final List<String> news = new ArrayList<>();
    private int read;

    /** Boots it and starts watching an empty folder below {@code folder}. */
    @SuppressWarnings("unchecked")
    Live(Path folder) throws Exception {
        System.setProperty("dnd4j.plugins.every", "20");
        plugins = Files.createDirectories(folder.resolve("plugins"));
        console = Nest.boot(HOME, HOME.resolve("plugins") + File.pathSeparator + plugins);
        context = FrameworkUtil.getBundle(console.getClass()).getBundleContext();
        ServiceReference<?> watching = context.getServiceReferences(Function.class, "(dnd4j=watch)").iterator().next();
        watch = ((Function<Consumer<String>, AutoCloseable>) context.getService(watching)).apply(this::heard);
    }

    private void heard(String line) {
        synchronized (news) {
            news.add(line);
            news.notifyAll();
        }
    }

    /** Waits for a line that was not waited for before, and passes over those before it. */
    void says(String line) throws InterruptedException {
        long end = System.currentTimeMillis() + HANGING;
        synchronized (news) {
            int from = read;
            while (true) {
                while (read < news.size()) {
                    if (news.get(read++).equals(line)) {
                        return;
                    }
                }
                if (System.currentTimeMillis() > end) {
                    fail("did not say '" + line + "' but " + news.subList(from, news.size()));
                }
                news.wait(100);
            }
        }
    }

    /** Puts a jar into the folder in one go. */
    Path put(String name, byte[] jar) throws IOException {
        return Jars.put(plugins.resolve(name), jar);
    }

    /** What a verb says that goes well. */
    String done(String... arguments) {
        return Said.by(console, arguments).done();
    }

    /** How {@code plugins} shows one. */
    String row(String name, String version) {
        return done("plugins").lines()
                .filter(l -> l.matches("\\S+ +" + name + " +" + version + " .*"))
                .map(l -> l.replaceAll(" +", " "))
                .findFirst()
                .orElse("");
    }

    /** Works in a thread of its own; a verb that fails is found when it is joined. */
    Thread start(List<String> failures, String... arguments) {
        Thread thread = new Thread(() -> {
            int code = console.applyAsInt(arguments);
            if (code != 0) {
                failures.add(String.join(" ", arguments) + " ended with " + code);
            }
        });
        thread.start();
        return thread;
    }

    /** The class loader of a bundle of this name and version that is there now. */
    WeakReference<ClassLoader> loader(String name, String version) {
        return Stream.of(context.getBundles())
                .filter(b -> b.getState() == Bundle.ACTIVE)
                .filter(b -> name.equals(b.getSymbolicName()) && version.equals(b.getVersion().toString()))
                .map(b -> new WeakReference<>(b.adapt(BundleWiring.class).getClassLoader()))
                .findFirst()
                .orElseThrow();
    }

    int bundles() {
        return context.getBundles().length;
    }

    static void collected(WeakReference<ClassLoader> loader) throws InterruptedException {
        until("the class loader is collected", () -> {
            System.gc();
            return loader.get() == null;
        });
    }

    /** Waits for something that comes about sooner or later. */
    static void until(String what, BooleanSupplier so) throws InterruptedException {
        long end = System.currentTimeMillis() + HANGING;
        while (!so.getAsBoolean()) {
            if (System.currentTimeMillis() > end) {
                fail("it never came about that " + what);
            }
            Thread.sleep(20);
        }
    }

    static void join(List<String> failures, Thread... threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
    }

    @Override
    public void close() throws Exception {
        watch.close();
        context.getBundle(0).stop();
    }
}
