package org.dnd4j.core.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Why;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.GridReader;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.run.RunDirectory;
import org.dnd4j.core.train.Checkpoint;
import org.dnd4j.spi.UserError;

/**
 * What the cells of a comparison have made so far, and what they take from each other. A cell is an ordinary run; one whose
 * tokenizer, or transformer, would come out the same as one that is finished gets a second name for the same files (a hard
 * link, or a copy where the disk knows none). Whoever writes a file anew writes to another name first, so that no cell ever
 * changes another's.
 */
final class Stages {
    private final Path folder;
    private final List<Plan> plans;
    private final GridReader reader;

    Stages(Path folder, List<Plan> plans, GridReader reader) {
        this.folder = folder;
        this.plans = plans;
        this.reader = reader;
    }

    RunDirectory directory(String run) {
        return new RunDirectory(folder.resolve(run));
    }

    RunDirectory directory(Plan plan) {
        return directory(plan.run());
    }

    /** Whether a cell has come to its report. */
    boolean done(Plan plan) {
        return made(plan) && Files.exists(directory(plan).file("report.json"));
    }

    /** Whether its run was begun, and with this experiment. */
    boolean made(Plan plan) {
        Path experiment = directory(plan).experiment();
        return Files.exists(experiment) && Json.write(reader.experiment(experiment)).equals(Json.write(plan.experiment()));
    }

    /** Whether its tokenizer has learnt all that it is to learn, from the plugins of now. */
    boolean tokenizer(Plan plan) {
        Experiment.TokenizerPlan tokenizer = plan.experiment().tokenizer();
        Path file = directory(plan).tokenizer();
        if (!finished(file, tokenizer.steps())) {
            return false;
        }
        Map<String, String> made = Checkpoint.open(file).file().metadata();
        return tokenizer.decomposition().identity().equals(made.get("decomposition"))
                && tokenizer.autoencoder().identity().equals(made.get("autoencoder"));
    }

    /** Whether its transformer has learnt all that it is to learn. */
    boolean transformer(Plan plan) {
        return plan.transformer() != null
                && finished(directory(plan).transformer(), plan.experiment().transformer().steps());
    }

    private static boolean finished(Path checkpoint, int steps) {
        return Files.exists(checkpoint) && Checkpoint.open(checkpoint).step() >= steps;
    }

    /** The cell whose tokenizer a cell would take; null if it makes its own. */
    Plan tokenizerOf(Plan plan) {
        Plan whole = transformerOf(plan);
        return whole != null ? whole : plans.stream()
                .filter(p -> p != plan && p.tokenizer().equals(plan.tokenizer()) && made(p) && tokenizer(p))
                .findFirst()
                .orElse(null);
    }

    /** The cell whose transformer a cell would take; null if it makes its own. */
    Plan transformerOf(Plan plan) {
        return plan.transformer() == null ? null : plans.stream()
                .filter(p -> p != plan && plan.transformer().equals(p.transformer()))
                .filter(p -> made(p) && tokenizer(p) && transformer(p))
                .findFirst()
                .orElse(null);
    }

    /** Gives a cell what others have made that it would make too, unless it has something of its own already. */
    void share(Plan plan) {
        RunDirectory own = directory(plan);
        Plan other = tokenizerOf(plan);
        if (other != null && !Files.exists(own.tokenizer())) {
            RunDirectory theirs = directory(other);
            link(theirs.tokenizerJournal(), own.tokenizerJournal());
            link(theirs.codes(), own.codes());
            link(theirs.tokenizer(), own.tokenizer()); // the last, as it is what says that they are there
        }
        Plan whole = transformerOf(plan);
        if (whole != null && !Files.exists(own.transformer()) && same(directory(whole).tokenizer(), own.tokenizer())) {
            link(directory(whole).codes(), own.codes());
            link(directory(whole).transformerJournal(), own.transformerJournal());
            link(directory(whole).transformer(), own.transformer());
        }
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.mismatch(one, other) < 0;
        } catch (IOException e) {
            throw new UserError(one + ": cannot be compared with " + other + ": " + Why.of(e), e);
        }
    }

    private static void link(Path from, Path to) {
        if (!Files.exists(from)) {
            return;
        }
        try {
            Files.createDirectories(to.getParent());
            Path half = to.resolveSibling(to.getFileName() + ".half");
            Files.deleteIfExists(half);
            try {
                Files.createLink(half, from);
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(from, half);
            }
            Files.move(half, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(half); // the move of a second name for the same file leaves it there
        } catch (IOException e) {
            throw new UserError(to + ": cannot be written: " + Why.of(e), e);
        }
    }
}
