package org.dnd4j.core.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Why;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.experiment.Plugins.Known;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.UserError;

/**
 * A plugin put beside itself under a newer version while the program runs: how long until the catalog offers it, until one
 * who asks for it has it, and until it has gone again. It is {@code residual}'s own class in a jar of its own.
 */
record Swap(Plugins plugins, int repeats) {
    private static final String PLUGIN = "residual";

    Row measure(Progress progress) {
        double[] offered = new double[repeats];
        double[] opened = new double[repeats];
        double[] removed = new double[repeats];
        progress.stage("swap", repeats, "swap");
        for (int r = 0; r < repeats; r++) {
            if (progress.stopped()) {
                throw new Stopped("nothing was kept");
            }
            turn(r, offered, opened, removed);
            progress.at(r + 1, "");
        }
        return new Row("swap", "", "", 1, Turns.median(offered), Double.NaN, Row.more(
                "plugin", PLUGIN, "open_ms", Turns.median(opened), "remove_ms", Turns.median(removed)));
    }

    private void turn(int r, double[] offered, double[] opened, double[] removed) {
        Path folder = null;
        Path jar = null;
        try {
            folder = Files.createTempDirectory("dnd4j-swap");
            jar = folder.resolve("bench-" + ProcessHandle.current().pid() + ".jar");
            String version = write(plugins.find(Decomposition.class, PLUGIN), jar, r);
            long start = System.nanoTime();
            plugins.install(jar);
            try {
                Known newest = plugins.find(Decomposition.class, PLUGIN);
                offered[r] = Turns.since(start);
                if (!newest.version().equals(version)) {
                    throw new UserError("swap: " + PLUGIN + "@" + version + " was installed, but " + newest.identity()
                            + " is newer: remove it first");
                }
                start = System.nanoTime();
                try (Plugins.Held held = plugins.hold("bench")) {
                    new ExperimentReader(held).plugin(Decomposition.class, PLUGIN, Map.of());
                    opened[r] = Turns.since(start);
                }
            } finally {
                start = System.nanoTime();
                plugins.remove(PLUGIN + "@" + version);
                removed[r] = Turns.since(start);
            }
        } catch (IOException e) {
            throw new UserError("swap: no jar can be written for the purpose: " + Why.of(e), e);
        } finally {
            delete(jar);
            delete(folder);
        }
    }

    /** A jar of the plugin's class with its own manifest but for the version, which is returned. */
    static String write(Known known, Path jar, int number) throws IOException {
        String type = "/" + known.type().getName().replace('.', '/') + ".class";
        String version = known.version().matches("\\d+\\.\\d+\\.\\d+\\..*")
                ? known.version() + "-bench" + number
                : known.version() + ".bench" + number;
        try (InputStream own = known.type().getResourceAsStream("/META-INF/MANIFEST.MF");
                InputStream bytes = known.type().getResourceAsStream(type);
                OutputStream file = Files.newOutputStream(jar)) {
            Manifest manifest = new Manifest(own);
            manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
            try (JarOutputStream out = new JarOutputStream(file, manifest)) {
                out.putNextEntry(new ZipEntry(type.substring(1)));
                bytes.transferTo(out);
            }
        }
        return version;
    }

    private static void delete(Path path) {
        try {
            if (path != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UserError(path + ": cannot be removed: " + Why.of(e), e);
        }
    }
}
