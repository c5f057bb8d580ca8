package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Png;
import org.dnd4j.core.train.Journal;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;

/** Everything → curves, and a page with the numbers, pictures, configuration and versions. */
final class ReportStage {
    private final Experiment experiment;
    private final RunDirectory directory;
    private final Headers headers;
    private final Measured measured;
    private final Torch torch;

    @Inject
    ReportStage(Experiment experiment, RunDirectory directory, Headers headers, Measured measured, Torch torch) {
        this.experiment = experiment;
        this.directory = directory;
        this.headers = headers;
        this.measured = measured;
        this.torch = torch;
    }

    Report run() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        trained("tokenizer", directory.tokenizerJournal(), seconds);
        move("encode", seconds);
        trained("transformer", directory.transformerJournal(), seconds);
        measured.seconds().forEach(seconds::putIfAbsent);
        speed();
        Picture curves = LearningCurves.of(directory);
        if (curves != null) {
            Png.write(directory.file("curves.png"), curves);
        }
        Report report = new Report(experiment, versions(), seconds, measured.metrics());
        directory.write(directory.file("report.json"), report.json());
        directory.write(directory.file("report.html"), report.html(experiment.name(), directory));
        return report;
    }

    private void move(String stage, Map<String, Double> seconds) {
        if (measured.seconds().containsKey(stage)) {
            seconds.put(stage, measured.seconds().get(stage));
        }
    }

    private static void trained(String stage, Path journal, Map<String, Double> seconds) {
        List<Map<String, Object>> lines = Journal.read(journal);
        if (!lines.isEmpty()) {
            seconds.put(stage, ((Number) lines.get(lines.size() - 1).get("seconds")).doubleValue());
        }
    }

    /** Codes learnt from a second, over the whole training. */
    private void speed() {
        List<Map<String, Object>> lines = Journal.read(directory.transformerJournal());
        if (!lines.isEmpty() && experiment.learner().steps() > 0) {
            double seconds = ((Number) lines.get(lines.size() - 1).get("seconds")).doubleValue();
            long codes = (long) experiment.grid() * experiment.grid() * experiment.tokenizer().depth();
            measured.put(
                    "codes_per_second",
                    "train",
                    lines.size() * (double) experiment.transformer().training().batch() * codes / seconds);
        }
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("dnd4j", Version.OURS);
        versions.put("engine", Torch.version());
        versions.put("java", System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")");
        versions.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        versions.put("device", torch.device());
        versions.put("threads", Integer.toString(Torch.threads()));
        if (torch.computed(Precision.BFLOAT16) != Precision.BFLOAT16) {
            versions.put("bfloat16", "computed in " + torch.computed(Precision.BFLOAT16).label());
        }
        versions.putAll(headers.plugins());
        return versions;
    }
}
