package org.dnd4j.core.osgi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipFile;
import org.dnd4j.core.experiment.Plugins.Known;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Installs and starts the jars of a folder. One that is broken stops nothing but itself. */
final class PluginFolder {
    private final BundleContext context;

    PluginFolder(BundleContext context) {
        this.context = context;
    }

    /** Starts every jar in {@code folder}, in order of name, and returns what did not start. */
    List<Known> start(Path folder) {
        List<Known> failed = new ArrayList<>();
        for (Path jar : jars(folder)) {
            failed.addAll(startOne(jar));
        }
        return failed;
    }

    private static List<Path> jars(Path folder) {
        List<Path> jars = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*.jar")) {
                stream.forEach(jars::add);
            } catch (IOException e) {
                return List.of();
            }
        }
        Collections.sort(jars);
        return jars;
    }

    private List<Known> startOne(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            if (zip.getEntry("META-INF/MANIFEST.MF") == null) {
                return failed(jar, "not a bundle: it has no manifest");
            }
        } catch (IOException e) {
            return failed(jar, "not a jar: " + e.getMessage());
        }
        Bundle bundle = null;
        // copied by the framework, so that overwriting the file does not pull the ground from under a running plugin
        try (InputStream in = Files.newInputStream(jar)) {
            bundle = context.installBundle(jar.toUri().toString(), in);
            if (bundle.getSymbolicName() == null) {
                bundle.uninstall();
                return failed(jar, "not a bundle: its manifest has no Bundle-SymbolicName");
            }
            bundle.start();
            return bundle.adapt(org.osgi.framework.wiring.BundleRevision.class)
                            .getDeclaredCapabilities(PluginBundle.CAPABILITY)
                            .isEmpty()
                    ? PluginBundle.failed(bundle, "holds no plugin: no dnd4j.plugin capability in its manifest")
                    : List.of();
        } catch (BundleException | IOException e) {
            if (bundle == null) {
                return failed(jar, "cannot be installed: " + oneLine(e));
            }
            String missing = Missing.of(bundle, context);
            return PluginBundle.failed(bundle, missing.isEmpty() ? "does not start: " + oneLine(e) : missing);
        }
    }

    private static List<Known> failed(Path jar, String reason) {
        String file = jar.getFileName().toString();
        return List.of(new Known(null, file.replaceFirst("\\.jar$", ""), "", null, file, "failed", reason));
    }

    private static String oneLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
