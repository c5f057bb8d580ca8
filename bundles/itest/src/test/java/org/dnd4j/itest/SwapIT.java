package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins come, change and go under the eyes of a process that stays, and nobody's work is disturbed. */
class SwapIT {
    @TempDir
    static Path folder;

    private static Live live;
    private static byte[] first;
    private static byte[] second;
    private static String config;

    @BeforeAll
    static void boot() throws Exception {
        live = new Live(folder);
        first = Jars.steady(folder, "1.0.0", "first");
        second = Jars.steady(folder, "2.0.0", "second");
        config = Files.writeString(
                        folder.resolve("steady.json"),
                        Files.readString(Tiny.in(folder)).replace("\"residual\": {}", "\"steady\": {}"))
                .toString();
    }

    @AfterAll
    static void close() throws Exception {
        live.close();
    }

    @AfterEach
    void clear() throws Exception {
        try (Stream<Path> jars = Files.list(live.plugins)) {
            for (Path jar : jars.toList()) {
                Files.delete(jar);
            }
        }
        Live.until("the folder is seen empty", () -> !live.done("plugins").contains("steady"));
    }

    private static String[] run(String runs, String name, int steps, String... more) {
        return with(
                new String[] {"run", config, "--name", name, "--runs", folder.resolve(runs).toString(), "--threads", "1",
                    "--set", "tokenizer.training.steps=" + steps, "--set", "transformer.training.steps=" + steps},
                more);
    }

    private static String[] sample(Path out) {
        return new String[] {"sample", "base", "--runs", folder.resolve("runs").toString(), "--threads", "1", "-n", "400",
            "--batch", "4", "--seed", "5", "--out", out.toString()};
    }

    private static String[] with(String[] some, String... more) {
        return Stream.of(some, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    @Test
    void runsUnderWayGoOnUndisturbedAndTheNextUsesTheNew() throws Exception {
        live.put("steady-1.jar", first);
        live.says("plugins: steady@1.0.0 of steady-1.jar is ready; runs that start now use it");
        live.done(run("runs", "base", 3));
        live.done(run("twins", "trained", 100));
        live.done(sample(folder.resolve("twins/sampled")));
        WeakReference<ClassLoader> loader = live.loader("strange.steady", "1.0.0");

        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        Thread trains = live.start(failures, run("runs", "trained", 100));
        Thread samples = live.start(failures, sample(folder.resolve("sampled")));
        Live.until("both use it", () -> live.row("steady", "1.0.0").endsWith(" ready base trained"));

        live.put("steady-2.jar", second);
        live.says("plugins: steady@2.0.0 of steady-2.jar is ready; runs that start now use it");
        live.says("plugins: steady@1.0.0 of steady-1.jar is superseded by steady@2.0.0, still used by runs base, trained");
        live.put("steady-1.jar", second);
        live.says("plugins: steady@1.0.0 of steady-1.jar is retired, still used by runs base, trained");
        assertEquals("decomposition steady 1.0.0 strange.steady retired base trained", live.row("steady", "1.0.0"));
        assertTrue(trains.isAlive() && samples.isAlive(), "both should have gone on until here");
        live.done(run("runs", "next", 3));

        Live.join(failures, trains, samples);
        live.says("plugins: steady@1.0.0 of steady-1.jar is unloaded");
        assertEquals("", live.row("steady", "1.0.0"));
        Live.collected(loader);
        same(folder.resolve("twins/trained"), folder.resolve("runs/trained"));
        same(folder.resolve("twins/sampled"), folder.resolve("sampled"));
        assertTrue(header("base").contains("\"decomposition\":\"steady@1.0.0\""), header("base"));
        assertTrue(header("next").contains("\"decomposition\":\"steady@2.0.0\""), header("next"));
        assertFalse(Arrays.equals(codes("base"), codes("next")), "the versions should differ");
    }

    @Test
    void theSameVersionOverTheSameFileIsAnother() throws Exception {
        live.put("steady.jar", first);
        live.says("plugins: steady@1.0.0 of steady.jar is ready; runs that start now use it");
        live.done("show", config);
        WeakReference<ClassLoader> loader = live.loader("strange.steady", "1.0.0");
        int bundles = live.bundles();
        live.put("steady.jar", first);
        live.says("plugins: steady@1.0.0 of steady.jar is ready; runs that start now use it");
        live.says("plugins: steady@1.0.0 of steady.jar is unloaded");
        Live.collected(loader);
        assertEquals(bundles, live.bundles());
        live.done("show", config);
    }

    @Test
    void anOlderVersionCanBeAskedForAndComesBackWhenTheNewerGoes() throws Exception {
        live.put("steady-1.jar", first);
        live.says("plugins: steady@1.0.0 of steady-1.jar is ready; runs that start now use it");
        WeakReference<ClassLoader> loader = live.loader("strange.steady", "1.0.0");
        live.put("steady-2.jar", second);
        live.says("plugins: steady@1.0.0 of steady-1.jar is superseded by steady@2.0.0 and unloaded");
        Live.collected(loader);
        assertEquals("decomposition steady 1.0.0 strange.steady superseded", live.row("steady", "1.0.0"));
        assertEquals("decomposition steady 2.0.0 strange.steady ready", live.row("steady", "2.0.0"));

        String pinned = Files.readString(Path.of(config)).replace("\"steady\": {}", "\"steady@1\": {}");
        Path asking = Files.writeString(folder.resolve("pinned.json"), pinned);
        String[] verb = run("runs", "pinned", 3);
        verb[1] = asking.toString();
        live.done(verb);
        assertTrue(header("pinned").contains("\"decomposition\":\"steady@1.0.0\""), header("pinned"));
        live.says("plugins: steady@1.0.0 of steady-1.jar is loaded again");
        live.says("plugins: steady@1.0.0 of steady-1.jar is unloaded");
        assertEquals("decomposition steady 1.0.0 strange.steady superseded", live.row("steady", "1.0.0"));

        String removed = live.done("remove", "steady@2");
        assertTrue(removed.contains("steady-2.jar"), removed);
        live.says("plugins: steady@1.0.0 of steady-1.jar is ready again; runs that start now use it");
        assertEquals("decomposition steady 1.0.0 strange.steady ready", live.row("steady", "1.0.0"));
        live.done(run("runs", "back", 3));
        assertTrue(header("back").contains("\"decomposition\":\"steady@1.0.0\""), header("back"));
    }

    @Test
    void aCopyUnderWayIsLeftAloneUntilItIsWhole() throws Exception {
        Path jar = live.plugins.resolve("steady.jar");
        for (int half = 100; half < first.length; half += first.length / 5) {
            Files.write(jar, Arrays.copyOf(first, half));
            Thread.sleep(30); // longer than the watch takes to look again
            assertEquals("", live.row("steady", "1.0.0"));
        }
        Files.write(jar, first);
        live.says("plugins: steady@1.0.0 of steady.jar is ready; runs that start now use it");
        Files.writeString(jar, "no jar at all");
        live.says("plugins: steady of steady.jar failed: not a jar: zip END header not found");
        live.put("steady.jar", second);
        live.says("plugins: steady@2.0.0 of steady.jar is ready; runs that start now use it");
        live.says("plugins: steady of steady.jar is gone");
    }

    @Test
    void whatAPluginThrewKeepsNothingOfIt() throws Exception {
        Path moody = folder.resolve("moody.jar");
        Jars.plugin(moody, "moody", "[1,2)", "@Plugin(\"moody\") public record Moody() implements HeadTopology {"
                + " public List<Tap> taps(int layers, int depth) { throw new IllegalStateException(\"no luck\"); } }");
        Path jar = live.put("moody.jar", Files.readAllBytes(moody));
        live.says("plugins: moody@1.2.3 of moody.jar is ready; runs that start now use it");
        WeakReference<ClassLoader> loader = live.loader("strange.moody", "1.2.3");
        String asking = Files.readString(Tiny.in(folder)).replaceFirst("\"dnd\": \\{[^}]*}", "\"moody\": {}");
        Path config = Files.writeString(folder.resolve("moody.json"), asking);
        Said said = Said.by(live.console, "show", config.toString());
        assertEquals(1, said.code(), said.out());
        assertTrue(said.err().contains("no luck"), said.err());
        Files.delete(jar);
        live.says("plugins: moody@1.2.3 of moody.jar is unloaded");
        Live.collected(loader);
    }

    /** All that a run learnt and drew, to the bit. */
    private static void same(Path one, Path other) throws IOException {
        try (Stream<Path> files = Files.walk(one)) {
            List<Path> all = files.filter(f -> f.toString().matches(".*\\.(safetensors|png)|.*/codes")).toList();
            assertFalse(all.isEmpty());
            for (Path file : all) {
                byte[] there = Files.readAllBytes(other.resolve(one.relativize(file)));
                assertArrayEquals(Files.readAllBytes(file), there, file.toString());
            }
        }
    }

    private static byte[] codes(String run) throws IOException {
        return Files.readAllBytes(folder.resolve("runs").resolve(run).resolve("codes"));
    }

    private static String header(String run) throws IOException {
        byte[] file = Files.readAllBytes(folder.resolve("runs").resolve(run).resolve("tokenizer.safetensors"));
        return new String(file, 8, (int) java.nio.ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong(),
                StandardCharsets.UTF_8);
    }
}
