package org.dnd4j.core.osgi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.dnd4j.core.Why;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.experiment.Plugins.Known;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/**
 * Makes bundles of jars and lets them go. Every jar, and every state of a jar, becomes a bundle of its own beside all
 * others: nothing is ever updated, so that nobody's classes are taken from under them. One that is broken stops nothing but
 * itself.
 */
final class Loader {
    /**
     * What a jar became.
     *
     * @param bundle null if it became none
     * @param plugins what it brings, failed ones too; never empty
     */
    record Loaded(Bundle bundle, List<Known> plugins) {}

    private final BundleContext context;
    private final AtomicLong count = new AtomicLong();

    Loader(BundleContext context) {
        this.context = context;
    }

    /** Installs and starts a jar, if it is still the same afterwards; otherwise null. */
    Loaded load(Path jar, Stamp stamp) {
        Loaded loaded = load(jar);
        if (!stamp.equals(Stamp.of(jar))) {
            unload(loaded.bundle());
            return null;
        }
        return loaded;
    }

    /** Installs and starts a jar. */
    Loaded load(Path jar) {
        String trouble = trouble(jar);
        if (!trouble.isEmpty()) {
            return failed(jar, trouble);
        }
        Bundle bundle = null;
        // copied by the framework, so that overwriting the file does not pull the ground from under a running plugin
        try (InputStream in = Files.newInputStream(jar)) {
            bundle = context.installBundle(jar.toUri() + "#" + count.incrementAndGet(), in);
            if (bundle.getSymbolicName() == null) {
                unload(bundle);
                return failed(jar, "not a bundle: its manifest has no Bundle-SymbolicName");
            }
            bundle.start();
        } catch (BundleException | IOException e) {
            if (bundle == null) {
                return failed(jar, "cannot be installed: " + Why.of(e.getCause() instanceof Exception cause ? cause : e));
            }
            String missing = Missing.of(bundle, context);
            List<Known> plugins = PluginBundle.failed(bundle, missing.isEmpty() ? "does not start: " + Why.of(e) : missing);
            unload(bundle);
            return new Loaded(null, in(jar, plugins));
        }
        List<Known> plugins = PluginBundle.read(bundle);
        return new Loaded(
                bundle,
                in(jar, plugins.isEmpty()
                        ? PluginBundle.failed(bundle, "holds no plugin: no dnd4j.plugin capability in its manifest")
                        : plugins));
    }

    /** Lets a bundle go, if there is one, and with it its classes, once nobody holds an object of theirs. */
    static void unload(Bundle bundle) {
        try {
            if (bundle != null) {
                bundle.uninstall();
            }
        } catch (BundleException | IllegalStateException e) {
            return; // gone already, or the framework is closing
        }
    }

    /** Whether a file is all there, as far as a jar tells: a copy under way lacks the end, or the middle. */
    static boolean whole(Path jar) {
        return trouble(jar).isEmpty();
    }

    /** What is wrong with the file, before it is anybody's bundle; empty if nothing is. */
    private static String trouble(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (checksum(zip, entry) != entry.getCrc()) {
                    return "not a whole jar: " + entry.getName() + " is damaged";
                }
            }
            return zip.getEntry("META-INF/MANIFEST.MF") == null ? "not a bundle: it has no manifest" : "";
        } catch (IOException | IllegalArgumentException e) {
            return "not a jar: " + Why.of(e);
        }
    }

    private static long checksum(ZipFile zip, ZipEntry entry) throws IOException {
        try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
            in.transferTo(OutputStream.nullOutputStream());
            return in.getChecksum().getValue();
        }
    }

    private static Loaded failed(Path jar, String reason) {
        String file = jar.getFileName().toString();
        String name = file.replaceFirst("\\.jar$", "");
        return new Loaded(
                null, List.of(new Known(null, name, "", null, file, file, Plugins.FAILED, List.of(), reason)));
    }

    private static List<Known> in(Path jar, List<Known> plugins) {
        String file = jar.getFileName().toString();
        return plugins.stream().map(k -> k.from(file)).toList();
    }
}
