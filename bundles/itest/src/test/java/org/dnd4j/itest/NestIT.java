package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.dnd4j.launcher.Nest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** The nest as the launcher boots it, inside this JVM. */
class NestIT {
    private static final Path HOME = Path.of(System.getProperty("launcher")).toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void everyShippedPluginIsReady() {
        Said said = Said.by(Nest.boot(HOME, HOME.resolve("plugins").toString()), "plugins", "--json");
        assertEquals(0, said.code(), said.err());
        assertEquals("", said.err());
        assertTrue(said.out().strip().startsWith("[") && said.out().strip().endsWith("]"), said.out());
        for (String name : List.of(
                "residual", "cosine", "denoising", "refinement", "scalar", "additive", "conditioned", "dnd", "one", "parallel",
                "vertical", "custom", "llama", "gpt", "unrolled", "rqvae")) {
            assertTrue(said.out().contains("\"name\" : \"" + name + "\""), said.out());
        }
        assertTrue(!said.out().contains("failed"), said.out());
    }

    @Test
    void pluginsImportTheSpiAndTorchAndNothingElseOfOurs() {
        ToIntFunction<String[]> console = Nest.boot(HOME, HOME.resolve("plugins").toString());
        List<String> wrong = new ArrayList<>();
        int plugins = 0;
        for (Bundle bundle : FrameworkUtil.getBundle(console.getClass()).getBundleContext().getBundles()) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (revision.getDeclaredCapabilities("dnd4j.plugin").isEmpty()) {
                continue;
            }
            plugins++;
            for (BundleRequirement requirement : revision.getDeclaredRequirements("osgi.wiring.package")) {
                String filter = requirement.getDirectives().get("filter");
                if (!filter.matches("(?s).*osgi\\.wiring\\.package=(java\\..*|org\\.dnd4j\\.(spi|torch)|ai\\.djl\\.ndarray(\\.\\w+)?)\\).*")) {
                    wrong.add(bundle.getSymbolicName() + " " + filter);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(plugins >= 4, plugins + " plugin bundles");
    }

    @Test
    void brokenJarsAreRowsWithReasonsAndStopNothing() throws Exception {
        Files.writeString(folder.resolve("a-text.jar"), "this is no zip");
        zip(folder.resolve("b-bare.jar"), "x.txt");
        zip(folder.resolve("c-plain.jar"), "META-INF/MANIFEST.MF");
        String taps = " implements HeadTopology { public List<Tap> taps(int layers, int depth) { return List.of(); }";
        Jars.plugin(folder.resolve("d.jar"), "future", "[99,100)", "@Plugin(\"future\") public record Future()" + taps + "}");
        Jars.plugin(folder.resolve("e.jar"), "thrower", "[1,2)", "@Plugin(\"thrower\") public record Thrower()" + taps
                + " static { if (true) throw new IllegalStateException(\"no luck\"); } }");
        Jars.plugin(folder.resolve("f.jar"), "classy", "[1,2)", "@Plugin(\"classy\") public class Classy" + taps + "}");
        Jars.plugin(folder.resolve("g.jar"), "alien", "[1,2)", "@Plugin(\"alien\") public record Alien() {}");
        Jars.plugin(folder.resolve("h.jar"), "good", "[1,2)", "@Plugin(\"good\") public record Good()" + taps + "}");
        Said said = Said.by(Nest.boot(HOME, folder.toString()), "plugins");
        assertEquals(0, said.code(), said.err());
        String table = said.out();
        assertTrue(row(table, "a-text").contains("failed") && row(table, "a-text").contains("not a jar"), table);
        assertTrue(row(table, "b-bare").contains("not a bundle: it has no manifest"), table);
        assertTrue(row(table, "c-plain").contains("no Bundle-SymbolicName"), table);
        assertTrue(row(table, "future").contains("needs org.dnd4j.spi 99.0 up to 100.0, here is 1."), table);
        assertTrue(row(table, "thrower").contains("no luck"), table);
        assertTrue(row(table, "classy").contains("not a public record"), table);
        assertTrue(row(table, "alien").contains("implements no interface of org.dnd4j.spi"), table);
        assertTrue(row(table, "good").matches("headtopology +good +1\\.2\\.3 +strange\\.good +ready"), table);
    }

    @Test
    void aPluginThatFailsIsNamedWhenItIsUsedAndNotBefore() throws Exception {
        Jars.plugin(folder.resolve("moody.jar"), "moody", "[1,2)", "@Plugin(\"moody\") public record Moody()"
                + " implements HeadTopology { public Moody { if (true) throw new IllegalStateException(\"no luck\"); }"
                + " public List<Tap> taps(int layers, int depth) { return List.of(); } }");
        ToIntFunction<String[]> console = Nest.boot(HOME, HOME.resolve("plugins") + File.pathSeparator + folder);
        Path shipped = HOME.resolve("../../configs/glyphs.json");
        String config = Files.readString(shipped).replaceFirst("\"dnd\": \\{[^}]*}", "\"moody\": {}");
        Path moody = Files.writeString(folder.resolve("moody.json"), config);
        Said said = Said.by(console, "show", moody.toString());
        assertEquals(1, said.code());
        assertEquals(1, said.err().lines().count(), said.err());
        assertTrue(said.err().contains("plugin 'moody' 1.2.3 (headtopology) failed in its constructor: IllegalStateException: no luck"), said.err());
        assertEquals(0, Said.by(console, "show", shipped.toString()).code());
        assertTrue(row(Said.by(console, "plugins").out(), "moody").contains("ready"));
    }

    @Test
    void theEngineComputesUnderAForeignContextClassLoader() throws Exception {
        ToIntFunction<String[]> console = Nest.boot(HOME, "");
        Class<?> torch = Stream.of(FrameworkUtil.getBundle(console.getClass()).getBundleContext().getBundles())
                .filter(b -> b.getSymbolicName().equals("org.dnd4j.torch"))
                .findFirst()
                .orElseThrow()
                .loadClass("org.dnd4j.torch.Torch");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader foreign = new URLClassLoader(new URL[0], null)) {
            thread.setContextClassLoader(foreign);
            assertTrue(torch.getMethod("version").invoke(null).toString().startsWith("PyTorch 2."));
            try (AutoCloseable open = (AutoCloseable) torch.getMethod("open", String.class).invoke(null, "cpu")) {
                Object manager = torch.getMethod("manager").invoke(open);
                assertEquals("PtNDManager", manager.getClass().getSimpleName());
            }
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static String row(String table, String name) {
        return table.lines().filter(l -> l.matches("\\S+ +" + name + " .*")).findFirst().orElse("");
    }

    private static void zip(Path file, String entry) throws Exception {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
            out.putNextEntry(new ZipEntry(entry));
            out.write("Manifest-Version: 1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }
    }
}
