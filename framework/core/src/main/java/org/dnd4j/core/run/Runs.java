package org.dnd4j.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Why;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.guard.Worker;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.core.published.Import;
import org.dnd4j.core.train.Checkpoint;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;

/** All runs of a directory, and what can be done with one: one method an arrow of the trip. */
public final class Runs {
    private final Plugins plugins;
    private final Operations operations;

    /** Runs over these plugins; each run holds those of its experiment from before it reads it to its end. */
    public Runs(Plugins plugins, Operations operations) {
        this.plugins = plugins;
        this.operations = operations;
    }

    /** How a whole trip ended. */
    public record Finished(String run, double seconds, String picture, String report) {}

    /** One run, as a list shows it. */
    public record Summary(String run, String tokenizer, String codes, String transformer, String report, String changed) {}

    /**
     * The whole trip, from wherever the run stands.
     *
     * @param config the experiment's file, or the name of a run that is there
     * @param name the run's name; null for the experiment's
     */
    public Finished run(String config, List<String> settings, String name, Progress progress) {
        return at(new Opening.Asked(config, settings, name, null), progress, (run, directory) -> {
            long began = System.nanoTime();
            run.finishable();
            run.trainTokenizer();
            run.encode(null);
            boolean learns = run.experiment().transformer() != null;
            if (learns) {
                run.train();
            }
            run.evaluate(List.of());
            run.timed("reconstruct", () -> run.reconstruction().write(directory.file("reconstructions.png")));
            if (learns) {
                run.timed("sample", () -> run.sampling().write());
            }
            run.report();
            return new Finished(
                    directory.path().getFileName().toString(),
                    (System.nanoTime() - began) / 1e9,
                    directory.file(learns ? "samples.png" : "reconstructions.png").toString(),
                    directory.file("report.html").toString());
        });
    }

    /**
     * Trains the tokenizer, from wherever it stands; returns its file.
     *
     * @param from the run whose tokenizer a new run begins with; null for none
     */
    public Path trainTokenizer(String config, List<String> settings, String name, String from, Progress progress) {
        return at(new Opening.Asked(config, settings, name, from), progress, (run, directory) -> {
            run.trainTokenizer();
            return directory.tokenizer();
        });
    }

    /** Writes the code file of all pictures; returns it. */
    public Path encode(String config, List<String> settings, String name, Progress progress) {
        return encode(config, settings, name, null, progress);
    }

    /**
     * Writes the code file of all pictures; returns it.
     *
     * @param variants views of each picture, 1, 2 or 10, whatever the experiment says; the transformer then learns from all
     *     that are there. Null for as many as there are already, or else as the experiment says
     */
    public Path encode(String config, List<String> settings, String name, Integer variants, Progress progress) {
        return at(new Opening.Asked(config, settings, name, null), progress, (run, directory) -> {
            run.encode(variants);
            return directory.codes();
        });
    }

    /** Makes a run of codes that others extracted, for 'train' to learn; returns its code file. */
    public Path importCodes(CodesAsked asked, Progress progress) {
        RunDirectory directory = new RunDirectory(operations.runs().resolve(asked.name()));
        RunDirectory tokenizer = asked.tokenizerOf() == null ? null : existing(asked.tokenizerOf());
        return patiently(asked.name(), () -> {
            try (Plugins.Held held = plugins.hold(asked.name())) {
                return new CodesImporting(asked, held, directory, tokenizer, progress).run();
            }
        });
    }

    /**
     * Trains the transformer, from wherever it stands; returns its file.
     *
     * @param from the run whose tokenizer a new run has, and whose transformer, if there is one, it begins with; null for
     *     none
     */
    public Path train(String config, List<String> settings, String name, String from, Progress progress) {
        return at(new Opening.Asked(config, settings, name, from), true, true, progress, (run, directory) -> {
            run.experiment().learner();
            run.trainable();
            run.encode(null);
            run.train();
            return directory.transformer();
        });
    }

    /**
     * Draws pictures.
     *
     * @param order what to draw, given the run's experiment and classes
     * @param out where to; null for the run's own {@code samples}
     * @return the files
     */
    public List<Path> sample(String name, Path out, Progress progress, Function<SampleStage.Wish, SampleStage.Order> order) {
        RunDirectory directory = existing(name);
        if (out != null && Files.exists(out) && !Files.isDirectory(out)) {
            throw new UserError(out + ": is a file; name the folder to write to");
        }
        Path to = out == null ? directory.samples() : out;
        return patiently(name, () -> {
            try (Plugins.Held held = plugins.hold(name);
                    Worker.Held claim = claim(directory, to);
                    Run run = new Run(experiment(held, directory), directory, operations, progress)) {
                return run.sampling().write(order, to);
            }
        });
    }

    /** Writes pictures beside what 1, 2, … codes a position keep of them; returns the file. */
    public Path reconstruct(String name, List<Path> pictures, Path out, Progress progress) {
        RunDirectory directory = existing(name);
        Path file = out == null ? directory.file("reconstructions.png") : out;
        if (Files.isDirectory(file)) {
            throw new UserError(file + ": is a folder; name the PNG file to write");
        }
        return patiently(name, () -> {
            try (Plugins.Held held = plugins.hold(name);
                    Worker.Held claim = claim(directory, file);
                    Run run = new Run(experiment(held, directory), directory, operations, progress)) {
                return pictures.isEmpty()
                        ? run.reconstruction().write(file)
                        : run.reconstruction().write(pictures, file);
            }
        });
    }

    /** Claims a run's directory if pictures go there; elsewhere they can be made while training goes on. */
    private static Worker.Held claim(RunDirectory directory, Path out) {
        return directory.holds(out) ? claim(directory) : () -> {};
    }

    /** Claims a run's directory until the work ends or is given up. */
    private static Worker.Held claim(RunDirectory directory) {
        return Worker.holding(directory.claim()::close);
    }

    /** Does work that calls plugins, and gives it up if one of them does not return. */
    private <T> T patiently(String run, Supplier<T> work) {
        return Worker.patiently(run, operations.patience(), () -> Told.by(work));
    }

    /**
     * Measures a run on held-out pictures, as far as it has come.
     *
     * @param settings what the run's experiment leaves open, for this once
     * @param precisions to compare its transformer in with float32; may be none
     */
    public Map<String, Object> evaluate(
            String name, List<String> settings, List<Precision> precisions, Progress progress) {
        Opening.Asked asked = new Opening.Asked(name, settings, null, null);
        return at(asked, false, false, progress, (run, directory) -> run.evaluate(precisions));
    }

    /** Makes a run of published files. */
    public Import.Done imported(Import asked, Progress progress) {
        RunDirectory directory = new RunDirectory(operations.runs().resolve(asked.name()));
        return patiently(asked.name(), () -> {
            try (Plugins.Held held = plugins.hold(asked.name());
                    Torch torch = operations.open()) {
                return new Importing(asked.sorted(), held, directory, torch, progress).run();
            }
        });
    }

    /** Writes a run's weights into a folder, under published names; returns the files. */
    public List<Path> export(String name, Path out, Progress progress) {
        RunDirectory directory = existing(name);
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new UserError(out + ": is a file; name the folder to write to");
        }
        return patiently(name, () -> {
            try (Plugins.Held held = plugins.hold(name);
                    Run run = new Run(experiment(held, directory), directory, operations, progress)) {
                return run.exporting().write(out);
            }
        });
    }

    /** What runs there are, the last changed first. */
    public List<Summary> list() {
        if (!Files.exists(operations.runs())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(operations.runs())) {
            List<RunDirectory> found = new ArrayList<>(folders.map(RunDirectory::new)
                    .filter(d -> Files.exists(d.experiment()))
                    .toList());
            found.sort(Comparator.comparing(Runs::changed).reversed());
            return found.stream().map(Runs::summary).toList();
        } catch (IOException e) {
            throw new UserError(operations.runs() + ": cannot be listed: " + Why.of(e), e);
        }
    }

    /** A run's experiment, every default filled in. */
    public Experiment show(String name) {
        return patiently(name, () -> {
            try (Plugins.Held held = plugins.hold("")) {
                return name.endsWith(".json")
                        ? new ExperimentReader(held).read(Path.of(name), List.of())
                        : experiment(held, existing(name));
            }
        });
    }

    private static Summary summary(RunDirectory d) {
        return new Summary(
                d.path().getFileName().toString(),
                steps(d.tokenizer()),
                Files.exists(d.codes()) ? "yes" : "",
                steps(d.transformer()),
                Files.exists(d.file("report.html")) ? d.file("report.html").toString() : "",
                changed(d).toString().replaceFirst("\\..*", "").replace('T', ' '));
    }

    private static String steps(Path checkpoint) {
        try {
            if (!Files.exists(checkpoint)) {
                return "";
            }
            Checkpoint there = Checkpoint.open(checkpoint);
            String imported = there.file().metadata().containsKey(Importing.IMPORTED) ? Importing.IMPORTED : "";
            return there.step() == 0 ? imported : there.step() + " steps";
        } catch (UserError e) {
            return "damaged"; // whoever works with it is told how
        }
    }

    private static FileTime changed(RunDirectory d) {
        try {
            return Files.getLastModifiedTime(d.path());
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** Work in a run's directory, which nobody else may write meanwhile. */
    private interface Work<T> {
        T in(Run run, RunDirectory directory);
    }

    private <T> T at(Opening.Asked asked, Progress progress, Work<T> work) {
        return at(asked, false, true, progress, work);
    }

    /**
     * Does work in a run.
     *
     * @param tokenizer whether the tokenizer of {@code asked.from()} is taken as it is
     * @param lasting whether what {@code asked} gives to a run that left it open stays given
     */
    private <T> T at(Opening.Asked asked, boolean tokenizer, boolean lasting, Progress progress, Work<T> work) {
        String called = Stream.of(asked.name(), asked.config(), asked.from()).filter(n -> n != null).findFirst().orElse("");
        return patiently(called, () -> {
            try (Plugins.Held held = plugins.hold("")) {
                Opening opening = opened(asked, tokenizer, held);
                held.by(opening.directory().path().getFileName().toString());
                try (Worker.Held claim = claim(opening.directory());
                        Run run = new Run(opening.experiment(), opening.directory(), operations, progress)) {
                    return begun(run, opening, lasting && !asked.settings().isEmpty(), work);
                }
            }
        });
    }

    private Opening opened(Opening.Asked asked, boolean tokenizer, Plugins held) {
        if (asked.from() != null) {
            if (asked.config() != null && !asked.config().endsWith(".json")) {
                throw new UserError("--from goes with a configuration file or none, and '" + asked.config() + "' is a run");
            }
            return Opening.from(existing(asked.from()), asked, tokenizer, held, operations.runs());
        }
        if (asked.config() == null) {
            throw new UserError("name a run, or an experiment as in configs/glyphs.json");
        }
        if (asked.config().endsWith(".json")) {
            return Opening.ofFile(asked, held, operations.runs());
        }
        if (asked.name() != null) {
            throw new UserError("--name goes with a configuration file, and '" + asked.config() + "' is a run");
        }
        return Opening.ofRun(existing(asked.config()), asked.settings(), held);
    }

    private static <T> T begun(Run run, Opening opening, boolean given, Work<T> work) {
        RunDirectory directory = opening.directory();
        if (Files.exists(directory.experiment())) {
            if (given) {
                run.prepare();
                directory.write(directory.experiment(), ExperimentReader.write(opening.experiment()));
            }
            return work.in(run, directory);
        }
        try (Worker.Held untrained = Worker.holding(directory::forgetUntrained)) {
            run.prepare();
            run.begin(opening.from());
            directory.write(directory.experiment(), ExperimentReader.write(opening.experiment()));
            return work.in(run, directory);
        }
    }

    private RunDirectory existing(String name) {
        RunDirectory directory = new RunDirectory(operations.runs().resolve(name));
        if (!Files.exists(directory.experiment())) {
            throw new UserError("there is no run '" + name + "' in " + operations.runs()
                    + Nearest.among(name, list().stream().map(Summary::run).toList()));
        }
        return directory;
    }

    private static Experiment experiment(Plugins plugins, RunDirectory directory) {
        return new ExperimentReader(plugins).read(directory.experiment(), List.of());
    }
}
