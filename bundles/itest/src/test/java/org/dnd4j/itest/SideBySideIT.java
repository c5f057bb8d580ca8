package org.dnd4j.itest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
                List<Double> trained = new ArrayList<>();
                List<Double> sampled = new ArrayList<>();
                List<Double> both = new ArrayList<>();
                List<Double> ratios = new ArrayList<>();
                for (int i = 0; i < TURNS; i++) {
                    turn++;
                    String[] training = train(config, "alone" + turn, STEPS, threads);
                    trained.add(seconds(failures, live.start(failures, training)));
                    sampled.add(seconds(failures, live.start(failures, sample("alone" + turn, threads))));
                    long began = System.nanoTime();
                    Thread trains = live.start(failures, train(config, "beside" + turn, STEPS, threads));
                    Thread samples = live.start(failures, sample("beside" + turn, threads));
                    Live.join(failures, trains, samples);
                    both.add((System.nanoTime() - began) / 1e9);
                    ratios.add(both.get(i) / (trained.get(i) + sampled.get(i)));
                }
                System.out.printf(
                        "%s threads each: training %.1f s, sampling %.1f s, side by side %.1f s: %.2f of one after the other%n",
                        threads, median(trained), median(sampled), median(both), median(ratios));
            }
        }
    }

    private double seconds(List<String> failures, Thread work) throws InterruptedException {
        long began = System.nanoTime();
        Live.join(failures, work);
        return (System.nanoTime() - began) / 1e9;
    }

    private String[] train(Path config, String name, String steps, String threads) {
        return new String[] {"run", config.toString(), "--runs", folder.resolve("runs").toString(), "--name", name,
            "--threads", threads, "--set", "tokenizer.training.steps=" + steps,
            "--set", "transformer.training.steps=" + steps};
    }

    private String[] sample(String out, String threads) {
        return new String[] {"sample", "base", "--runs", folder.resolve("runs").toString(), "--threads", threads,
            "-n", PICTURES, "--batch", "4", "--out", folder.resolve(out).toString()};
    }

    private static double median(List<Double> all) {
        return all.stream().sorted().toList().get(all.size() / 2);
    }
}
