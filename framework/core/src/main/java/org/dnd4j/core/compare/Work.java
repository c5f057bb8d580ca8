package org.dnd4j.core.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Why;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.GridReader;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.run.RunDirectory;
import org.dnd4j.core.run.Runs;
import org.dnd4j.spi.UserError;

/** One comparison under way. What failed is known until it ends; all else is in the cells' own runs. */
record Work(
        GridReader.Read read,
        List<Plan> plans,
        List<Metric> metrics,
        Path folder,
        Stages stages,
        Runs runs,
        Map<String, String> failures,
        Map<String, String> failedStages) {

    Work(GridReader.Read read, List<Plan> plans, List<Metric> metrics, Path folder, Stages stages, Runs runs) {
        this(read, plans, metrics, folder, stages, runs, new HashMap<>(), new HashMap<>());
    }

    Comparison.Compared run(Progress progress) {
        for (int i = 0; i < plans.size(); i++) {
            Plan plan = plans.get(i);
            if (stages.done(plan)) {
                continue;
            }
            if (progress.stopped()) {
                throw new Stopped("stopped before " + plan.run() + "; the same command goes on");
            }
            String failed = failedStages.getOrDefault(plan.tokenizer(), failedStages.get(plan.transformer()));
            if (failed == null) {
                cell(plan, new Within(plan.run() + " (" + (i + 1) + " of " + plans.size() + ")", progress));
            } else {
                failures.put(plan.run(), failed);
            }
            written();
        }
        return written();
    }

    private void cell(Plan plan, Progress progress) {
        try {
            make(plan, progress);
        } catch (Stopped e) {
            throw e;
        } catch (RuntimeException | Error e) { // of whatever kind: the other cells do not depend on it
            String kind = e instanceof UserError ? "" : "unexpected " + e.getClass().getSimpleName() + ": ";
            String reason = kind + Why.line(e);
            failures.put(plan.run(), reason);
            progress.warn("failed: " + reason);
            shareFailure(plan, "as " + plan.run() + ": " + reason);
        }
    }

    /** A stage that others would have too, and which failed after it had begun to learn, would fail for them again. */
    private void shareFailure(Plan plan, String reason) {
        RunDirectory directory = stages.directory(plan);
        if (Files.exists(directory.tokenizer()) && !stages.tokenizer(plan)) {
            failedStages.put(plan.tokenizer(), reason);
        } else if (Files.exists(directory.transformer()) && !stages.transformer(plan)) {
            failedStages.put(plan.transformer(), reason);
        }
    }

    private void make(Plan plan, Progress progress) {
        stages.share(plan);
        String config = written(plan.experiment());
        if (plan.begin() != null && !stages.tokenizer(plan)) {
            String begin = plan.begin().name();
            runs.trainTokenizer(written(plan.begin()), List.of(), null, null, new Within("what it begins with", progress));
            String start = plan.experiment().tokenizer().codebooks().start();
            runs.trainTokenizer(config, List.of("tokenizer.codebooks.start=" + start), null, begin, progress);
        }
        runs.run(config, List.of(), null, progress);
    }

    /** The file of an experiment, which can also be run alone: every default filled in. */
    private String written(Experiment experiment) {
        RunDirectory directory = new RunDirectory(folder);
        Path file = directory.file(experiment.name() + ".json");
        directory.write(file, ExperimentReader.write(experiment));
        return file.toString();
    }

    /** Writes down what there is so far. */
    private Comparison.Compared written() {
        List<Result> results = plans.stream().map(this::result).toList();
        Comparison.Compared compared = new Comparison.Compared(
                folder.getFileName().toString(),
                folder.resolve("compare.html").toString(),
                results,
                Entry.table(results, metrics),
                Notes.of(read.grid(), results, metrics));
        RunDirectory directory = new RunDirectory(folder);
        directory.write(directory.file("compare.json"), Json.write(compared));
        Plots.write(directory.file("plots.png"), read.grid(), results, metrics);
        directory.write(directory.file("compare.md"), Page.markdown(compared, metrics));
        directory.write(directory.file("compare.html"), Page.html(compared, metrics, directory.file("plots.png")));
        return compared;
    }

    private Result result(Plan plan) {
        boolean done = stages.done(plan);
        String reason = failures.getOrDefault(plan.run(), "");
        Map<?, ?> report = done ? report(plan) : Map.of();
        return new Result(
                plan.run(),
                plan.cell().variant(),
                plan.cell().options(),
                plan.cell().seed(),
                done ? Result.DONE : reason.isEmpty() ? Result.MISSING : Result.FAILED,
                reason,
                Json.line(plan.experiment().data()),
                plan.codes(),
                map(report.get("seconds")),
                map(report.get("metrics")));
    }

    private Map<?, ?> report(Plan plan) {
        Path file = stages.directory(plan).file("report.json");
        try {
            return (Map<?, ?>) Json.read(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        }
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> all) {
            all.forEach((k, v) -> map.put(k.toString(), v));
        }
        return map;
    }

    /** Progress of a part of the work, which says which part it is. */
    private record Within(String part, Progress whole) implements Progress {
        @Override
        public void stage(String name, long total, String unit) {
            whole.stage(part + ": " + name, total, unit);
        }

        @Override
        public void at(long done, String note) {
            whole.at(done, note);
        }

        @Override
        public void warn(String what) {
            whole.warn(part + ": " + what);
        }

        @Override
        public boolean stopped() {
            return whole.stopped();
        }
    }
}
