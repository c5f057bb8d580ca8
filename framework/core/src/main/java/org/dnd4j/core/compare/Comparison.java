package org.dnd4j.core.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.experiment.GridReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.guard.Worker;
import org.dnd4j.core.run.Operations;
import org.dnd4j.core.run.RunDirectory;
import org.dnd4j.core.run.Runs;
import org.dnd4j.spi.UserError;

/** Runs what is missing of a grid, a cell after another, and writes down after each what came out so far. */
public final class Comparison {
    private final Plugins plugins;
    private final Operations operations;

    /** Comparisons of experiments with these plugins; one holds them from its beginning to its end. */
    public Comparison(Plugins plugins, Operations operations) {
        this.plugins = plugins;
        this.operations = operations;
    }

    /**
     * What a comparison came to.
     *
     * @param name its folder among the runs
     * @param page where to look
     * @param cells what became of each
     * @param table means and spreads over seeds
     * @param notes what must be known to read it
     */
    public record Compared(String name, String page, List<Result> cells, List<Entry> table, List<String> notes) {
        /** How many cells failed. */
        public long failed() {
            return cells.stream().filter(c -> c.state().equals(Result.FAILED)).count();
        }

        /** The table for people. */
        public String text() {
            return Page.text(this);
        }
    }

    /**
     * What there is of a cell, and what running the grid would make.
     *
     * @param tokenizer {@code there}, {@code of RUN} if it is or will be another's, or {@code to make}
     * @param transformer the same; empty where there is none
     * @param state {@code done}, {@code missing}, or that the run of this name is another experiment's
     */
    public record Listed(
            String run, String variant, Long seed, String codes, String tokenizer, String transformer, String state) {}

    /**
     * Runs what is missing.
     *
     * @param file of the grid
     * @param settings changes of its base, which its axes overrule
     * @param name of the comparison; null for the grid's
     * @throws UserError if the grid, or the experiment of any cell, cannot be
     * @throws Stopped if {@code progress} asks for an end; the same call goes on
     */
    public Compared run(Path file, List<String> settings, String name, Progress progress) {
        try (Plugins.Held held = plugins.hold(name == null ? file.toString() : name)) {
            GridReader reader = new GridReader(held);
            GridReader.Read read = reader.read(file);
            List<Metric> metrics = read.grid().report().stream().map(Metric::of).toList();
            List<Plan> plans = plans(read, reader, settings);
            Path folder = operations.runs().resolve(name == null ? read.grid().name() : name);
            if (Files.exists(new RunDirectory(folder).experiment())) {
                throw new UserError(folder + ": is a run; give the comparison another --name");
            }
            try (RunDirectory.Claim claim = new RunDirectory(folder).claim()) {
                Stages stages = new Stages(folder, plans, reader);
                return new Work(read, plans, metrics, folder, stages, new Runs(held, operations.in(folder))).run(progress);
            }
        }
    }

    private List<Plan> plans(GridReader.Read read, GridReader reader, List<String> settings) {
        return Worker.patiently(read.grid().name(), operations.patience(), () -> Plan.of(read, reader, settings));
    }

    /** What {@link #run} would make, and what is there already. */
    public List<Listed> list(Path file, List<String> settings, String name) {
        try (Plugins.Held held = plugins.hold("")) {
            GridReader reader = new GridReader(held);
            GridReader.Read read = reader.read(file);
            read.grid().report().forEach(Metric::of);
            List<Plan> plans = plans(read, reader, settings);
            Path folder = operations.runs().resolve(name == null ? read.grid().name() : name);
            Stages stages = new Stages(folder, plans, reader);
            Map<String, String> tokenizers = new HashMap<>();
            Map<String, String> transformers = new HashMap<>();
            return plans.stream()
                    .map(p -> new Listed(
                            p.run(),
                            p.cell().variant(),
                            p.cell().seed(),
                            p.codes(),
                            told(stages.tokenizer(p), stages.tokenizerOf(p), tokenizers.putIfAbsent(p.tokenizer(), p.run())),
                            p.transformer() == null ? "" : told(
                                    stages.transformer(p),
                                    stages.transformerOf(p),
                                    transformers.putIfAbsent(p.transformer(), p.run())),
                            state(stages, p)))
                    .toList();
        }
    }

    /** {@code first} is the first cell of the grid that has the same. */
    private static String told(boolean there, Plan other, String first) {
        return there ? "there" : other != null ? "of " + other.run() : first != null ? "of " + first : "to make";
    }

    private static String state(Stages stages, Plan plan) {
        boolean other = Files.exists(stages.directory(plan).experiment()) && !stages.made(plan);
        return other ? "made with another configuration" : stages.done(plan) ? Result.DONE : Result.MISSING;
    }
}
