package org.dnd4j.itest;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a training run and a sampling run take side by side, against one after the other. A measurement, which prints
 * and judges nothing, for a quiet machine: {@code -Ddnd4j.sidebyside=5} takes the medians of five turns.
 */
@EnabledIfSystemProperty(named = "dnd4j.sidebyside", matches = "\\d+")
class SideBySideIT {
    private static final int TURNS = Integer.getInteger("dnd4j.sidebyside", 1);
    private static final String STEPS = Integer.getInteger("dnd4j.sidebyside.steps", 100).toString();
    private static final String PICTURES = Integer.getInteger("dnd4j.sidebyside.pictures", 400).toString();

    @TempDir
    Path folder;

    private int turn;

    @Test
    void measure() throws Exception {
        Path config = Tiny.in(folder);
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        try (Live live = new Live(folder)) {
            live.done(train(config, "base", "3", "2"));
            live.done(sample("warm", "2"));
            for (String threads : List.of("2", "1")) {
                List<Took> trained = new ArrayList<>();
                List<Took> sampled = new ArrayList<>();
                List<Took> both = new ArrayList<>();
                for (int i = 0; i < TURNS; i++) {
                    turn++;
                    trained.add(Took.by(live, failures, train(config, "alone" + turn, STEPS, threads)));
                    sampled.add(Took.by(live, failures, sample("alone" + turn, threads)));
                    both.add(Took.by(
                            live,
                            failures,
                            train(config, "beside" + turn, STEPS, threads),
                            sample("beside" + turn, threads)));
                }
                for (Time time : Time.values()) {
                    System.out.printf(
                            "%s threads each, %s: training %.1f s, sampling %.1f s, side by side %.1f s:"
                                    + " %.2f of one after the other%n",
                            threads,
                            time.name().toLowerCase(Locale.ROOT),
                            median(TURNS, i -> time.of(trained.get(i))),
                            median(TURNS, i -> time.of(sampled.get(i))),
                            median(TURNS, i -> time.of(both.get(i))),
                            median(TURNS, i -> time.of(both.get(i))
                                    / (time.of(trained.get(i)) + time.of(sampled.get(i)))));
                }
            }
        }
    }

    /** What was taken of which. */
    private enum Time {
        CLOCK,
        CORES;

        double of(Took took) {
            return this == CLOCK ? took.clock : took.cores;
        }
    }

    /** Seconds by the clock, and of this process on all cores, which others on the machine do not change. */
    private record Took(double clock, double cores) {
        /** Verbs at the same time, each in a thread of its own. */
        static Took by(Live live, List<String> failures, String[]... verbs) throws InterruptedException {
            long began = System.nanoTime();
            long cores = used();
            Thread[] threads = Stream.of(verbs).map(v -> live.start(failures, v)).toArray(Thread[]::new);
            Live.join(failures, threads);
            return new Took((System.nanoTime() - began) / 1e9, (used() - cores) / 1e9);
        }

        private static long used() {
            return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        }
    }

    private String[] train(Path config, String name, String steps, String threads) {
        return new String[] {"run", config.toString(), "--runs", folder.resolve("runs").toString(), "--name", name,
            "--threads", threads, "--set", "tokenizer.training.steps=" + steps,
            "--set", "transformer.training.steps=" + steps, "--set", "transformer.training.batch=16",
            // wide enough for arithmetic to count beside the calls
            "--set", "transformer.backbone.llama.dim=256", "--set", "transformer.backbone.llama.blocks=4",
            "--set", "transformer.backbone.llama.heads=4", "--set", "transformer.heads.dnd.positions=[1,3]"};
    }

    private String[] sample(String out, String threads) {
        return new String[] {"sample", "base", "--runs", folder.resolve("runs").toString(), "--threads", threads,
            "-n", PICTURES, "--batch", "4", "--out", folder.resolve(out).toString()};
    }

    private static double median(int count, IntToDoubleFunction value) {
        return IntStream.range(0, count).mapToDouble(value).sorted().toArray()[count / 2];
    }
}
