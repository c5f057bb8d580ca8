package org.dnd4j.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Why;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.published.Fitting;
import org.dnd4j.core.published.Import;
import org.dnd4j.core.published.ImportPlan;
import org.dnd4j.core.published.PublishedFile;
import org.dnd4j.core.train.Checkpoint;
import org.dnd4j.core.train.Piece;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/** Published files → a run, made in a folder beside, which takes the run's name when it is whole (decision 0013). */
final class Importing {
    static final String IMPORTED = "imported";
    static final String FAMILY = "family";

    private final Import asked;
    private final Plugins plugins;
    private final RunDirectory target;
    private final Torch torch;
    private final Progress progress;
    private final List<String> warnings = new ArrayList<>();

    Importing(Import asked, Plugins plugins, RunDirectory target, Torch torch, Progress progress) {
        this.asked = asked;
        this.plugins = plugins;
        this.target = target;
        this.torch = torch;
        this.progress = progress;
    }

    /**
     * Makes the run.
     *
     * @throws UserError if there is one of that name, or the files do not hold a model whole; nothing is left then
     */
    Import.Done run() {
        Beside.free(target);
        try (PublishedFile transformer = open(asked.transformer());
                PublishedFile tokenizer = open(asked.tokenizer())) {
            ImportPlan plan = ImportPlan.of(asked, transformer, tokenizer);
            warnings.addAll(plan.warnings());
            String where = "the experiment of " + asked.name();
            Experiment experiment = new ExperimentReader(plugins).parse(plan.text(), where, asked.settings());
            return Beside.make(target, made -> {
                Import.Done answer = made(made, experiment, plan, transformer, tokenizer);
                made.write(made.experiment(), ExperimentReader.write(experiment));
                return answer;
            });
        }
    }

    private PublishedFile open(Path file) {
        return file == null ? null : PublishedFile.open(file, asked.averaged(), asked.skip());
    }

    private Import.Done made(
            RunDirectory made, Experiment experiment, ImportPlan plan, PublishedFile transformer, PublishedFile tokenizer) {
        List<Piece> codes = tokenizer == null ? List.of() : tokenizer(experiment, plan, tokenizer);
        List<Piece> model = transformer == null ? List.of() : transformer(experiment, plan, transformer);
        progress.stage("import", codes.size() + model.size(), "tensor");
        Passing passing = new Passing(progress, "stopped while importing; nothing is left of it");
        Headers headers = new Headers(experiment);
        String hash = "";
        if (tokenizer != null) {
            Checkpoint.write(
                    made.tokenizer(), header(headers, plan, tokenizer), passing.counted(codes), Precision.FLOAT32);
            hash = Headers.hash(made.tokenizer());
        }
        if (transformer != null) {
            Map<String, String> header = header(headers, plan, transformer);
            Models.learning(plan.classes(), hash, header);
            Precision kept = Precision.of(experiment.sampling().precision());
            Checkpoint.write(made.transformer(), header, passing.counted(model), kept);
        }
        return new Import.Done(
                asked.name(),
                plan.family().label(),
                plan.preset(),
                Stream.concat(codes.stream(), model.stream()).filter(Importing::learnt).mapToLong(p -> p.weight().size()).sum(),
                experiment.sampling().precision(),
                size(made.tokenizer()) + size(made.transformer()),
                plan.facts(),
                warnings);
    }

    private List<Piece> tokenizer(Experiment experiment, ImportPlan plan, PublishedFile file) {
        Tokenizer tokenizer = experiment.tokenizer().tokenizer();
        return whole(ImportPlan.fit(file, tokenizer, plan.published()), "tokenizer weights", experiment);
    }

    private List<Piece> transformer(Experiment experiment, ImportPlan plan, PublishedFile file) {
        DndTransformer model = experiment.learner().transformer(
                experiment.tokenizer().space(), experiment.grid(), plan.classes().size());
        return whole(ImportPlan.fit(file, model), "transformer weights", experiment);
    }

    /** All weights, or an error; says what starts anew. */
    private List<Piece> whole(Fitting fitting, String draws, Experiment experiment) {
        for (String prefix : asked.ignore()) {
            long count = fitting.ignore(prefix);
            if (count > 0) {
                warnings.add(count + " tensors whose names begin with '" + prefix + "' were left out");
            }
        }
        Key key = Key.of(experiment.seed()).at(draws);
        Function<Weight, float[]> started = asked.allowMissing() ? w -> started(w, key) : null;
        List<Piece> pieces = fitting.whole(started);
        fitting.missing().forEach(w -> warnings.add(w.name() + " is not in the file and starts at " + told(w.start())));
        return pieces;
    }

    private float[] started(Weight weight, Key key) {
        Weights start = Weights.start(torch, List.of(weight), Precision.FLOAT32, true, key);
        try {
            return start.values(weight.name());
        } finally {
            start.close();
        }
    }

    private static String told(Weight.Start start) {
        if (start instanceof Weight.Start.Normal n) {
            return "draws from N(0, " + n.deviation() + "²)";
        } else if (start instanceof Weight.Start.Uniform u) {
            return "draws from U(±" + u.bound() + ")";
        }
        return String.valueOf(((Weight.Start.Constant) start).value());
    }

    private static Map<String, String> header(Headers headers, ImportPlan plan, PublishedFile file) {
        Map<String, String> header = new LinkedHashMap<>(headers.header());
        header.put(IMPORTED, file.where());
        header.put(FAMILY, plan.family().label());
        return header;
    }

    /** Whether it is a parameter, and not what pixels are shifted by or a training counted. */
    private static boolean learnt(Piece piece) {
        return !piece.weight().name().matches("pixels\\..*|.*_ema");
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        }
    }
}
