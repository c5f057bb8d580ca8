package org.dnd4j.core.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Watch;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.residual.Residual;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;

class SwapTest {
    /** Plugins that take a jar by its version alone. */
    private static final class Shelf implements Plugins {
        final List<String> did = new ArrayList<>();
        private final Known shipped = Plugins.of("1.2.3", Residual.class).all().get(0);
        private final List<Known> all = new ArrayList<>(List.of(shipped));

        @Override
        public List<Known> all() {
            return all;
        }

        @Override
        public Installed install(Path jar) {
            try (JarFile file = new JarFile(jar.toFile())) {
                String version = file.getManifest().getMainAttributes().getValue("Bundle-Version");
                assertNotNull(file.getEntry("org/dnd4j/residual/Residual.class"));
                did.add("install " + version);
                all.add(0, new Known(shipped.spi(), shipped.name(), version, shipped.type(), shipped.bundle(), "", READY,
                        List.of(), ""));
                return new Installed(jar, List.of(), "");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public Removed remove(String reference) {
            did.add("remove " + reference);
            all.remove(0);
            return new Removed(Path.of(""), List.of(), List.of());
        }
    }

    @Test
    void eachTurnInstallsANewerVersionAndRemovesIt() {
        Shelf shelf = new Shelf();
        Row row = new Swap(shelf, 2).measure(Progress.NONE);
        assertEquals(
                List.of("install 1.2.3.bench0", "remove residual@1.2.3.bench0", "install 1.2.3.bench1",
                        "remove residual@1.2.3.bench1"),
                shelf.did);
        assertTrue(row.ms() >= 0 && (Double) row.more().get("open_ms") > 0, row.toString());
        assertThrows(Stopped.class, () -> new Swap(shelf, 2).measure(new Watch(w -> true)));
    }

    @Test
    void whereNothingCanBeInstalledItSaysSo() {
        Swap swap = new Swap(Plugins.of("1.0.0", Residual.class), 1);
        assertEquals(
                "the plugins of this program are fixed: none can be installed",
                assertThrows(UserError.class, () -> swap.measure(Progress.NONE)).getMessage());
    }

    @Test
    void aVersionWithAQualifierStaysAhead() throws IOException {
        Path jar = Files.createTempFile("swap", ".jar");
        try {
            assertEquals(
                    "0.1.0.SNAPSHOT-bench7",
                    Swap.write(Plugins.of("0.1.0.SNAPSHOT", Residual.class).all().get(0), jar, 7));
        } finally {
            Files.delete(jar);
        }
    }
}
