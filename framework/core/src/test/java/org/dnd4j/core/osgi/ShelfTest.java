package org.dnd4j.core.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.experiment.Plugins.Held;
import org.dnd4j.core.experiment.Plugins.Known;
import org.dnd4j.residual.Residual;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Who gets which version and when it goes, over bundles that are none; a text file's first word is the version it brings. */
class ShelfTest {
    @TempDir
    Path folder;

    private final Loader loader = mock(Loader.class);
    private final Map<String, Bundle> bundles = new HashMap<>();
    private final List<String> news = new ArrayList<>();
    private Path shipped;
    private Path own;
    private Shelf shelf;

    @BeforeEach
    void open() throws IOException {
        shipped = Files.createDirectory(folder.resolve("shipped"));
        own = Files.createDirectory(folder.resolve("own"));
        when(loader.load(any(), any())).thenAnswer(call -> loaded(call.getArgument(0)));
        shelf = new Shelf(loader, List.of(shipped, own));
        shelf.listen(news::add);
    }

    private Loader.Loaded loaded(Path jar) throws IOException {
        String version = Files.readString(jar).replaceFirst(" .*", "");
        String file = jar.getFileName().toString();
        if (version.equals("bad")) {
            return new Loader.Loaded(
                    null, List.of(new Known(null, "residual", "", null, file, file, Plugins.FAILED, List.of(), "it is bad")));
        }
        Bundle bundle = mock(Bundle.class);
        bundles.put(version, bundle);
        return new Loader.Loaded(
                bundle,
                List.of(new Known(
                        Decomposition.class, "residual", version, Residual.class, "r", file, Plugins.READY, List.of(), "")));
    }

    private Path put(Path where, String name, String text) throws IOException {
        Path jar = Files.writeString(where.resolve(name), text);
        shelf.scan(j -> true);
        return jar;
    }

    private void delete(Path jar) throws IOException {
        Files.delete(jar);
        shelf.scan(j -> true);
    }

    private List<String> states() {
        return shelf.all().stream().map(k -> k.version() + " " + k.state() + k.users()).toList();
    }

    private Known find(String reference) {
        return shelf.find(Decomposition.class, reference);
    }

    @Test
    void theNewestIsReadyAndTheOthersGo() throws Exception {
        put(shipped, "a.jar", "1.0.0");
        put(own, "b.jar", "2.0.0");
        assertEquals(List.of("2.0.0 ready[]", "1.0.0 superseded[]"), states());
        verify(bundles.get("1.0.0")).uninstall();
        verify(bundles.get("2.0.0"), never()).uninstall();
        assertEquals("2.0.0", find("residual").version());
        assertNull(shelf.all().get(1).type());
        assertEquals(
                List.of(
                        "plugins: residual@1.0.0 of a.jar is ready; runs that start now use it",
                        "plugins: residual@2.0.0 of b.jar is ready; runs that start now use it",
                        "plugins: residual@1.0.0 of a.jar is superseded by residual@2.0.0 and unloaded"),
                news);
    }

    @Test
    void ofEqualVersionsTheUsersIsReady() throws Exception {
        put(own, "a.jar", "1.0.0");
        put(shipped, "b.jar", "1.0.0");
        assertEquals("a.jar", find("residual").file());
        assertEquals(List.of("1.0.0 ready[]", "1.0.0 superseded[]"), states());
    }

    @Test
    void whatIsHeldStaysWhateverBecomesOfItsJar() throws Exception {
        Path jar = put(own, "a.jar", "1.0.0");
        try (Held held = shelf.hold("")) {
            Known known = held.find(Decomposition.class, "residual");
            held.by("glyphs");
            put(own, "a.jar", "2.0.0 longer");
            assertEquals(List.of("2.0.0 ready[]", "1.0.0 retired[glyphs]"), states());
            assertEquals(known, held.find(Decomposition.class, "residual"));
            assertThrows(UserError.class, () -> find("residual@1"));
            delete(jar);
            assertEquals(List.of("1.0.0 retired[glyphs]"), states());
            verify(bundles.get("1.0.0"), never()).uninstall();
            assertTrue(news.contains("plugins: residual@1.0.0 of a.jar is retired, still used by run glyphs"), news.toString());
        }
        assertEquals(List.of(), states());
        verify(bundles.get("1.0.0")).uninstall();
    }

    @Test
    void anOlderVersionIsLoadedForThoseThatAskAndComesBackWhenTheNewerGoes() throws Exception {
        put(own, "a.jar", "1.0.0");
        Path newer = put(own, "b.jar", "2.0.0");
        Bundle before = bundles.get("1.0.0");
        try (Held held = shelf.hold("old"); Held other = shelf.hold("new")) {
            assertNotNull(held.find(Decomposition.class, "residual@1").type());
            other.find(Decomposition.class, "residual");
            assertEquals(List.of("2.0.0 ready[new]", "1.0.0 superseded[old]"), states());
            assertTrue(bundles.get("1.0.0") != before);
        }
        verify(bundles.get("1.0.0")).uninstall();
        assertEquals(List.of("2.0.0 ready[]", "1.0.0 superseded[]"), states());
        delete(newer);
        assertEquals(List.of("1.0.0 ready[]"), states());
        assertNotNull(shelf.all().get(0).type());
    }

    @Test
    void aBrokenNewerOneKeepsNobodyFromTheOlder() throws Exception {
        put(shipped, "a.jar", "1.0.0");
        put(own, "b.jar", "bad");
        assertEquals("1.0.0", find("residual").version());
        assertTrue(news.contains("plugins: residual of b.jar failed: it is bad"), news.toString());
    }

    @Test
    void onlyTheUsersOwnIsRemovedAndOnlyIfItIsClear() throws Exception {
        put(shipped, "a.jar", "1.0.0");
        assertTrue(refused("residual").contains("plugin 'residual@1.0.0' is not yours to remove"));
        assertEquals("there is no plugin 'residul': there is only residual", refused("residul"));
        assertEquals("there is no plugin 'residual@3': there is only residual@1.0.0", refused("residual@3"));
        put(own, "b.jar", "2.0.0");
        put(own, "c.jar", "3.0.0");
        assertTrue(refused("residual").contains("residual@3.0.0 (c.jar), residual@2.0.0 (b.jar)"), refused("residual"));
        try (Held held = shelf.hold("glyphs")) {
            held.find(Decomposition.class, "residual");
            assertEquals(
                    new Plugins.Removed(own.resolve("c.jar"), List.of("residual@3.0.0"), List.of("glyphs")),
                    shelf.remove("residual@3"));
        }
        shelf.remove("residual");
        assertEquals(List.of("1.0.0 ready[]"), states());
    }

    private String refused(String reference) {
        return assertThrows(UserError.class, () -> shelf.remove(reference)).getMessage();
    }
}
