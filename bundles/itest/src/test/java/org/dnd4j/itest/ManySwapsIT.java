package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * However often a plugin is swapped and used, the process stays what it was. Fifty times here, or as often as
 * {@code -Ddnd4j.swaps=} says; with a thousand it takes some minutes.
 */
@EnabledOnOs(OS.LINUX) // where a process can be looked at from within
class ManySwapsIT {
    private static final int SWAPS = Integer.getInteger("dnd4j.swaps", 50);

    /** Until every path was taken once and the collector has found its size. */
    private static final int BEFORE = 20;

    @TempDir
    Path folder;

    /** What a leak would show in. */
    private record Measured(int swaps, long classes, Inside inside, long bundles) {
        static Measured after(int swaps, Live live) throws Exception {
            for (int i = 0; i < 5; i++) {
                System.gc();
                Thread.sleep(20);
            }
            return new Measured(
                    swaps,
                    ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                    Inside.of(ProcessHandle.current().pid()),
                    live.bundles());
        }

        @Override
        public String toString() {
            return String.format("%5d swaps: %d classes, %d MB resident, %d open files, %d bundles",
                    swaps, classes, inside.resident() / 1024, inside.files(), bundles);
        }
    }

    @Test
    void swappingLeavesNothingBehind() throws Exception {
        List<Measured> measured = new ArrayList<>();
        try (Live live = new Live(folder)) {
            byte[][] jars = {Jars.steady(folder, "1.0.0", "first"), Jars.steady(folder, "2.0.0", "second")};
            Path config = Files.writeString(
                    folder.resolve("steady.json"),
                    Files.readString(Tiny.in(folder)).replace("\"residual\": {}", "\"steady\": {}"));
            String runs = folder.resolve("runs").toString();
            swap(live, jars, 0);
            live.done("run", config.toString(), "--runs", runs, "--threads", "1", "--name", "base");
            for (int i = 1; i <= BEFORE + SWAPS; i++) {
                swap(live, jars, i);
                live.done("sample", "base", "--runs", runs, "--threads", "1", "-n", "1", "--out", folder + "/sampled");
                if (i >= BEFORE && (i - BEFORE) % Math.max(1, SWAPS / 10) == 0) {
                    measured.add(Measured.after(i - BEFORE, live));
                    System.out.println(measured.get(measured.size() - 1));
                }
            }
        }
        Measured before = measured.get(0);
        Measured after = measured.get(measured.size() - 1);
        String all = measured.toString();
        assertTrue(after.bundles <= before.bundles, all);
        assertTrue(after.inside.files() <= before.inside.files() + 2, all);
        assertTrue(after.classes <= before.classes + 50, all); // of the JVM's own, which it makes for what is called often
        assertTrue(after.inside.resident() <= before.inside.resident() + 64 * 1024, all);
    }

    private static void swap(Live live, byte[][] jars, int i) throws Exception {
        live.put("steady.jar", jars[i % 2]);
        live.says("plugins: steady@" + (1 + i % 2) + ".0.0 of steady.jar is ready; runs that start now use it");
    }
}
