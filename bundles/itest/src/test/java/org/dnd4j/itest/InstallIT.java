package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.dnd4j.launcher.Nest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.FrameworkUtil;

/** Jars in and out of the user's folder, by processes that do nothing else. */
class InstallIT {
    /** Five here, or as many as {@code -Ddnd4j.kills=} says. */
    private static final int KILLS = Integer.getInteger("dnd4j.kills", 5);

    @TempDir
    Path folder;

    private Path plugins;
    private Path first;
    private Path second;

    @BeforeEach
    void write() throws Exception {
        plugins = folder.resolve("own").resolve("plugins"); // made by whoever needs it first
        first = Files.write(folder.resolve("first.jar"), Jars.steady(folder, "1.0.0", "first"));
        second = Files.write(folder.resolve("second.jar"), Jars.steady(folder, "2.0.0", "second"));
    }

    private Child start(String... arguments) throws Exception {
        return Child.start(folder, List.of("-Ddnd4j.plugins=" + plugins), arguments);
    }

    private String done(String... arguments) throws Exception {
        Child.Ended ended = start(arguments).ended();
        assertEquals(0, ended.code(), ended.err());
        assertEquals("", ended.err());
        return ended.out().replaceAll(" +", " ");
    }

    private String refused(String... arguments) throws Exception {
        Child.Ended ended = start(arguments).ended();
        assertEquals(1, ended.code(), ended.out());
        assertEquals(1, ended.err().lines().count(), ended.err());
        return ended.err();
    }

    @Test
    void inAndOutAgain() throws Exception {
        String installed = done("install", first.toString());
        assertTrue(installed.contains("file " + plugins.resolve("first.jar")), installed);
        assertTrue(installed.contains("brings steady@1.0.0"), installed);
        assertTrue(installed.contains("used by runs that start from now on"), installed);
        done("install", second.toString());
        String both = done("plugins");
        assertTrue(both.contains("steady 2.0.0 strange.steady ready"), both);
        assertTrue(both.contains("steady 1.0.0 strange.steady superseded"), both);
        String which = refused("remove", "steady");
        assertTrue(which.contains("steady@2.0.0 (second.jar), steady@1.0.0 (first.jar)"), which);
        String removed = done("remove", "steady@2");
        assertTrue(removed.contains("removes steady@2.0.0"), removed);
        assertTrue(done("plugins").contains("steady 1.0.0 strange.steady ready"));
        done("remove", "steady");
        assertEquals(List.of(), files());
    }

    @Test
    void whatDoesNotWorkIsRefusedAndChangesNothing() throws Exception {
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
        assertTrue(refused("install", text.toString()).contains("text.jar: not a jar: "));
        assertTrue(refused("install", folder.resolve("none.jar").toString()).contains("there is no such file"));
        assertTrue(refused("install", folder.resolve("tiny.json").toString()).contains("there is no such file"));
        Path moody = folder.resolve("moody.jar");
        Jars.plugin(moody, "moody", "[1,2)", "@Plugin(\"moody\") public record Moody() implements HeadTopology {"
                + " public List<Tap> taps(int layers, int depth) { return List.of(); }"
                + " static { if (true) throw new IllegalStateException(\"no luck\"); } }");
        assertTrue(refused("install", moody.toString()).contains("moody.jar: moody@1.2.3: strange.Moody fails as it starts"));
        Jars.plugin(moody, "moody", "[99,100)", "@Plugin(\"moody\") public record Moody() implements HeadTopology {"
                + " public List<Tap> taps(int layers, int depth) { return List.of(); } }");
        assertTrue(refused("install", moody.toString()).contains("needs org.dnd4j.spi 99.0 up to 100.0"));
        assertEquals(List.of(), files());
        String unknown = refused("remove", "residul");
        assertTrue(unknown.startsWith("dnd4j: there is no plugin 'residul': one of residual, "), unknown);
        String shipped = refused("remove", "residual");
        assertTrue(shipped.contains("is not yours to remove: it comes with the program"), shipped);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // where the exit code does not tell
    void killedAtAnyMomentItLeavesTheOldOrTheNew() throws Exception {
        Path jar = folder.resolve("steady.jar");
        Files.copy(first, jar);
        long began = System.nanoTime();
        done("install", jar.toString());
        long takes = (System.nanoTime() - began) / 1_000_000;
        Random random = new Random(11);
        int killed = 0;
        int installed = 0;
        for (int i = 0; i < KILLS; i++) {
            byte[] before = Files.readAllBytes(plugins.resolve("steady.jar"));
            byte[] after = Files.readAllBytes(Arrays.equals(before, Files.readAllBytes(first)) ? second : first);
            Files.write(jar, after);
            Child child = start("install", jar.toString());
            if (i % 2 == 1) { // most of the time it starts; every other one is killed at what matters
                writes(child);
                Thread.sleep(random.nextInt(100));
            } else {
                Thread.sleep((long) (random.nextDouble() * takes));
            }
            killed += child.kill().code() == 137 ? 1 : 0;
            byte[] there = Files.readAllBytes(plugins.resolve("steady.jar"));
            installed += Arrays.equals(there, after) ? 1 : 0;
            assertArrayEquals(Arrays.equals(there, after) ? after : before, there);
            String version = Arrays.equals(there, Files.readAllBytes(first)) ? "1.0.0" : "2.0.0";
            Said said = listed();
            assertEquals("", said.err());
            String table = said.done().replaceAll(" +", " ");
            assertTrue(table.contains("steady " + version + " strange.steady ready"), table);
            assertFalse(table.contains("failed"), table);
        }
        System.out.println(KILLS + " installs, each with " + takes + " ms to go: " + killed + " killed, " + installed
                + " of all had put the new jar in place; every catalog started");
        done("install", jar.toString());
        assertEquals(List.of("steady.jar"), files());
    }

    /** Waits until it has begun to write, or is done. */
    private void writes(Child child) throws Exception {
        while (child.isAlive() && files().stream().noneMatch(f -> f.endsWith(".tmp"))) {
            Thread.sleep(1);
        }
    }

    /** The catalog as a fresh nest sees it, in this process, where it takes least. */
    private Said listed() throws Exception {
        ToIntFunction<String[]> console = Nest.boot(Child.HOME, Child.HOME.resolve("plugins") + File.pathSeparator + plugins);
        try {
            return Said.by(console, "plugins");
        } finally {
            FrameworkUtil.getBundle(console.getClass()).getBundleContext().getBundle(0).stop();
        }
    }

    private List<String> files() throws Exception {
        try (Stream<Path> files = Files.exists(plugins) ? Files.list(plugins) : Stream.empty()) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
