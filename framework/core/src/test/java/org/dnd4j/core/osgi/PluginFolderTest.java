package org.dnd4j.core.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.endsWith;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipOutputStream;
import org.dnd4j.core.experiment.Plugins.Known;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.InOrder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/** What the folder does with jars that a framework would not have; what it does with good ones is tried in Felix. */
class PluginFolderTest {
    @TempDir
    Path folder;

    private final BundleContext context = mock(BundleContext.class);

    private void jar(String name) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        new JarOutputStream(Files.newOutputStream(folder.resolve(name)), manifest).close();
    }

    private List<String> start() {
        return new PluginFolder(context)
                .start(folder).stream().map(known -> known.name() + ": " + known.reason()).toList();
    }

    private static Bundle named(String name) {
        Bundle bundle = mock(Bundle.class);
        when(bundle.getSymbolicName()).thenReturn(name);
        BundleRevision revision = mock(BundleRevision.class);
        when(revision.getDeclaredCapabilities(PluginBundle.CAPABILITY)).thenReturn(List.of(mock(BundleCapability.class)));
        when(bundle.adapt(BundleRevision.class)).thenReturn(revision);
        return bundle;
    }

    @Test
    void whatIsNoBundleIsNotInstalled() throws IOException {
        Files.writeString(folder.resolve("a.jar"), "not a zip");
        new ZipOutputStream(Files.newOutputStream(folder.resolve("b.jar"))).close();
        Files.writeString(folder.resolve("readme.txt"), "no jar");
        List<Known> failed = new PluginFolder(context).start(folder);
        assertEquals(List.of("a", "b"), failed.stream().map(Known::name).toList());
        assertEquals(List.of("failed", "failed"), failed.stream().map(Known::state).toList());
        assertEquals("not a bundle: it has no manifest", failed.get(1).reason());
        verifyNoInteractions(context);
    }

    @Test
    void aFolderThatIsNotThereHoldsNothing() {
        assertEquals(List.of(), new PluginFolder(context).start(folder.resolve("none")));
        verifyNoInteractions(context);
    }

    @Test
    void aJarWithoutANameIsUninstalledAgain() throws Exception {
        jar("plain.jar");
        Bundle nameless = named(null);
        when(context.installBundle(endsWith("/plain.jar"), any())).thenReturn(nameless);
        assertEquals(List.of("plain: not a bundle: its manifest has no Bundle-SymbolicName"), start());
        verify(nameless).uninstall();
    }

    @Test
    void oneThatCannotBeInstalledStopsNothingButItself() throws Exception {
        for (String name : List.of("c.jar", "a.jar", "b.jar")) {
            jar(name);
        }
        Bundle first = named("first");
        Bundle last = named("last");
        when(context.installBundle(endsWith("/a.jar"), any())).thenReturn(first);
        when(context.installBundle(endsWith("/b.jar"), any())).thenThrow(new BundleException("the same name twice\nat x"));
        when(context.installBundle(endsWith("/c.jar"), any())).thenReturn(last);
        assertEquals(List.of("b: cannot be installed: the same name twice"), start());
        InOrder order = inOrder(first, last);
        order.verify(first).start();
        order.verify(last).start();
    }
}
