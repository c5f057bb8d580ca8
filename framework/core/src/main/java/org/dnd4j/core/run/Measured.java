package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/** What the stages of a run measured, kept beside its other files so that a resumed run knows it too. */
final class Measured {
    /** The metric that says of each other one which pictures it is from. */
    static final String SPLITS = "splits";

    private final RunDirectory directory;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final Map<String, Object> metrics = new LinkedHashMap<>();

    @Inject
    Measured(RunDirectory directory) {
        this.directory = directory;
        if (Files.exists(directory.measured())) {
            try {
                Map<?, ?> all = (Map<?, ?>) Json.read(
                        Files.readString(directory.measured()), directory.measured().toString());
                ((Map<?, ?>) all.get("seconds")).forEach((k, v) -> seconds.put((String) k, ((Number) v).doubleValue()));
                ((Map<?, ?>) all.get("metrics")).forEach((k, v) -> metrics.put((String) k, v));
            } catch (IOException | ClassCastException | NullPointerException e) {
                throw new UserError(directory.measured() + ": is damaged; delete it", e);
            }
        }
    }

    /** Does work and adds its time to that of the stage, also if it is stopped and something was done. */
    void timed(String stage, Runnable work) {
        long began = System.nanoTime();
        try {
            work.run();
        } catch (Stopped e) {
            took(stage, began);
            throw e;
        }
        took(stage, began);
    }

    private void took(String stage, long began) {
        seconds.merge(stage, (System.nanoTime() - began) / 1e9, Double::sum);
        save();
    }

    /**
     * One metric: a value, a list by depth, or a map of such.
     *
     * @param split the pictures that it is from, {@code train}, {@code validation}, {@code samples}, or {@code all} where
     *     it does not depend on them; a map if the parts of the metric are from several. The metric {@code splits} says it
     */
    void put(String metric, Object split, Object value) {
        metrics.put(metric, value);
        Map<String, Object> splits = new LinkedHashMap<>();
        if (metrics.remove(SPLITS) instanceof Map<?, ?> before) {
            before.forEach((k, v) -> splits.put((String) k, v));
        }
        splits.put(metric, split instanceof Map<?, ?> parts ? new TreeMap<>(parts) : split); // in one order in every JVM
        metrics.put(SPLITS, splits); // the last of them
        save();
    }

    Map<String, Double> seconds() {
        return seconds;
    }

    Map<String, Object> metrics() {
        return metrics;
    }

    private void save() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("seconds", seconds);
        all.put("metrics", metrics);
        directory.write(directory.measured(), Json.write(all));
    }
}
