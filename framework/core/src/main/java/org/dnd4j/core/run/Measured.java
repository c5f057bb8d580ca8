package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/** What the stages of a run measured, kept beside its other files so that a resumed run knows it too. */
final class Measured {
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

    /** How long a stage took in all. */
    void took(String stage, double s) {
        seconds.put(stage, s);
        save();
    }

    /** One metric, a value, a list by depth, or a map of such. */
    void put(String metric, Object value) {
        metrics.put(metric, value);
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
