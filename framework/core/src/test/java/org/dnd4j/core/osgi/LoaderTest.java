package org.dnd4j.core.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.InOrder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;

/** What becomes of jars that a framework would not have; what becomes of good ones is tried in Felix. */
class LoaderTest {
    @TempDir
    Path folder;

    private final BundleContext context = mock(BundleContext.class);

    private Path jar(String name) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        new JarOutputStream(Files.newOutputStream(folder.resolve(name)), manifest).close();
        return folder.resolve(name);
    }

    private List<String> start() {
        Shelf shelf = new Shelf(new Loader(context), List.of(folder));
        shelf.scan(jar -> true);
        return shelf.all().stream().map(known -> known.name() + ": " + known.reason()).toList();
    }

    private static Bundle named(String name) {
        Bundle bundle = mock(Bundle.class);
        when(bundle.getSymbolicName()).thenReturn(name);
        when(bundle.getVersion()).thenReturn(Version.emptyVersion);
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
        List<String> failed = start();
        assertEquals(2, failed.size());
        assertTrue(failed.get(0).startsWith("a: not a jar: "), failed.get(0));
        assertEquals("b: not a bundle: it has no manifest", failed.get(1));
        verifyNoInteractions(context);
    }

    @Test
    void aFolderThatIsNotThereHoldsNothing() {
        Shelf shelf = new Shelf(new Loader(context), List.of(folder.resolve("none")));
        shelf.scan(jar -> true);
        assertEquals(List.of(), shelf.all());
        verifyNoInteractions(context);
    }

    @Test
    void aJarWithoutANameIsUninstalledAgain() throws Exception {
        jar("plain.jar");
        Bundle nameless = named(null);
        when(context.installBundle(contains("/plain.jar"), any())).thenReturn(nameless);
        assertEquals(List.of("plain: not a bundle: its manifest has no Bundle-SymbolicName"), start());
        verify(nameless).uninstall();
    }

    @Test
    void oneThatCannotBeInstalledStopsNothingButItself() throws Exception {
        when(context.getBundles()).thenReturn(new Bundle[0]);
        for (String name : List.of("c.jar", "a.jar", "b.jar")) {
            jar(name);
        }
        Bundle first = named("first");
        Bundle last = named("last");
        for (Bundle bundle : List.of(first, last)) {
            doThrow(new BundleException("not today")).when(bundle).start();
        }
        when(context.installBundle(contains("/a.jar"), any())).thenReturn(first);
        when(context.installBundle(contains("/b.jar"), any())).thenThrow(new BundleException("the same name twice\nat x"));
        when(context.installBundle(contains("/c.jar"), any())).thenReturn(last);
        List<String> failed = start();
        assertEquals(3, failed.size());
        assertTrue(failed.contains("b: cannot be installed: the same name twice"), failed.toString());
        InOrder order = inOrder(first, last);
        order.verify(first).start();
        order.verify(first).uninstall();
        order.verify(last).start();
        order.verify(last).uninstall();
    }

    /** Not an exception, which the virtual machine would wrap. */
    record Erring() {
        static final int NEVER = never();

        private static int never() {
            throw new AssertionError("not on this machine");
        }
    }

    @Test
    void anErrorInAStaticInitialiserFailsItsPluginAlone() throws Exception {
        jar("erring.jar");
        Bundle erring = named("erring");
        BundleCapability declared = erring.adapt(BundleRevision.class)
                .getDeclaredCapabilities(PluginBundle.CAPABILITY)
                .get(0);
        when(declared.getAttributes()).thenReturn(Map.of("name", "erring", "class", Erring.class.getName()));
        BundleWiring wiring = mock(BundleWiring.class);
        when(wiring.getClassLoader()).thenReturn(getClass().getClassLoader());
        when(erring.adapt(BundleWiring.class)).thenReturn(wiring);
        when(context.installBundle(contains("/erring.jar"), any())).thenReturn(erring);
        assertEquals(
                List.of("erring: " + Erring.class.getName()
                        + " fails as it starts: AssertionError not on this machine"),
                start());
    }

    @Test
    void whyAManifestCannotBeReadIsSaid() throws Exception {
        jar("odd.jar");
        Throwable odd = new IllegalArgumentException("invalid version \"1.x\"");
        when(context.installBundle(any(), any())).thenThrow(new BundleException("Could not create bundle object.", odd));
        assertEquals(List.of("odd: cannot be installed: invalid version \"1.x\""), start());
    }

    @Test
    void whatIsCutShortOrDamagedIsNotWhole() throws IOException {
        Path jar = jar("x.jar");
        assertTrue(Loader.whole(jar));
        byte[] bytes = Files.readAllBytes(jar);
        for (int length = 0; length < bytes.length; length += 7) {
            assertFalse(Loader.whole(Files.write(folder.resolve("y.jar"), Arrays.copyOf(bytes, length))));
        }
        bytes[60] ^= 1; // of the manifest
        assertFalse(Loader.whole(Files.write(folder.resolve("y.jar"), bytes)));
    }
}
