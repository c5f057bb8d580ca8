package org.dnd4j.launcher;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * A Felix of its own for this process. What lies in {@code bundles/N} starts at level N, DJL lowest: its native libraries
 * load once in a JVM's life, so nothing that it needs may ever be refreshed. Plugins are the console's business.
 */
public final class Nest {
    /** The nest is not whole. */
    public static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }

    private static final int LEVELS = 4;

    /** What the launcher's class path offers to bundles. */
    private static final String OFFERED = String.join(
            ",",
            "org.slf4j;version=2.0.17",
            "org.slf4j.event;version=2.0.17",
            "org.slf4j.helpers;version=2.0.17",
            "org.slf4j.spi;version=2.0.17",
            "com.twelvemonkeys.imageio.color;version=3.14.0",
            "com.twelvemonkeys.imageio.plugins.jpeg;version=3.14.0");

    private Nest() {}

    /**
     * Boots the bundles under {@code home} and returns the console that one of them offers.
     *
     * @param plugins the folders to take plugin jars from, as in a class path
     * @throws Broken naming what does not start
     */
    public static ToIntFunction<String[]> boot(Path home, String plugins) {
        Path cache = cache();
        Map<String, String> settings = new HashMap<>();
        settings.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        settings.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(LEVELS));
        settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, OFFERED);
        settings.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        settings.put(Constants.FRAMEWORK_BOOTDELEGATION, "sun.misc"); // where the console finds Ctrl-C
        settings.put("felix.log.level", "0");
        settings.put("felix.cache.locking", "false");
        settings.put("dnd4j.plugins", plugins);
        try {
            Framework framework = new org.apache.felix.framework.Felix(settings);
            framework.init();
            for (int level = 1; level <= LEVELS; level++) {
                install(framework.getBundleContext(), home.resolve("bundles").resolve(Integer.toString(level)), level);
            }
            offer(framework.getBundleContext(), home);
            framework.start();
            return console(framework.getBundleContext());
        } catch (BundleException e) {
            throw new Broken("cannot start what is in " + home + ": " + e.getMessage());
        }
    }

    /** What bundles may ask of the launcher, under types of the JDK. */
    private static void offer(BundleContext context, Path home) {
        Consumer<String> log = Logs::level;
        context.registerService(Consumer.class, log, new Hashtable<>(Map.of("dnd4j", "log")));
        Runnable shell = () -> shell(context, home.resolve("bundles").resolve("shell"));
        context.registerService(Runnable.class, shell, new Hashtable<>(Map.of("dnd4j", "shell")));
    }

    /** A console's bundles start last, when one is opened, so that a single verb is not slower for them. */
    private static void shell(BundleContext context, Path folder) {
        try {
            install(context, folder, LEVELS);
        } catch (BundleException | Broken e) {
            throw new IllegalStateException("the console does not start: " + e.getMessage(), e);
        }
    }

    private static void install(BundleContext context, Path folder, int level) throws BundleException {
        File[] files = folder.toFile().listFiles();
        if (files == null) {
            throw new Broken("there is no folder " + folder + "; build again");
        }
        Arrays.sort(files);
        List<Bundle> bundles = new ArrayList<>();
        for (File file : files) {
            Bundle bundle = context.installBundle("reference:" + file.toURI());
            bundle.adapt(BundleStartLevel.class).setStartLevel(level);
            bundles.add(bundle);
        }
        for (Bundle bundle : bundles) {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static ToIntFunction<String[]> console(BundleContext context) {
        try {
            for (ServiceReference<?> reference : context.getServiceReferences(ToIntFunction.class, "(dnd4j=console)")) {
                return (ToIntFunction<String[]>) context.getService(reference);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        throw new Broken("no bundle offers a console" + trouble(context));
    }

    /** Why the first of the bundles that did not start does not. */
    private static String trouble(BundleContext context) {
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
            if (!fragment && bundle.getState() != Bundle.ACTIVE) {
                try {
                    bundle.start();
                } catch (BundleException e) {
                    return ": " + e.getMessage();
                }
            }
        }
        return "";
    }

    /** Two frameworks would share a cache silently, so each process has its own, for as long as it lives. */
    private static Path cache() {
        try {
            Path cache = Files.createTempDirectory("dnd4j-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(cache)));
            return cache;
        } catch (IOException e) {
            throw new Broken("cannot write to " + System.getProperty("java.io.tmpdir")
                    + "; choose another folder with -Djava.io.tmpdir: " + e.getMessage());
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // what is left lies among temporary files
        }
    }
}
