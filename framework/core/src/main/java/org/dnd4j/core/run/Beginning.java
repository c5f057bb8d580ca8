package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Why;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.image.Tokenizer.Part;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.train.Checkpoint;
import org.dnd4j.core.train.Piece;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;

/** What a new run begins with: weights that another run, trained or imported, ended with. */
final class Beginning {
    private static final String FROM = "from";
    private static final String ANEW = "anew";

    private final Experiment experiment;
    private final RunDirectory directory;
    private final Data data;
    private final Models models;
    private final Headers headers;
    private final Torch torch;
    private final Key key;
    private final Progress progress;

    @Inject
    Beginning(
            Experiment experiment,
            RunDirectory directory,
            Data data,
            Models models,
            Headers headers,
            Torch torch,
            Key key,
            Progress progress) {
        this.experiment = experiment;
        this.directory = directory;
        this.data = data;
        this.models = models;
        this.headers = headers;
        this.torch = torch;
        this.key = key;
        this.progress = progress;
    }

    /**
     * Places the other run's tokenizer: to be trained further if the experiment trains it, otherwise as it is, and then its
     * transformer too, if the experiment trains one of the same plan. Of a decomposition that differs, what fits is taken
     * over and the rest starts anew, which is said in one line.
     *
     * @throws UserError if the other run has no tokenizer, its weights do not fit, or there is nothing to train
     */
    void with(RunDirectory other) {
        if (!Files.exists(other.tokenizer())) {
            throw new UserError(other.tokenizer() + ": is not there, so nothing can begin with it");
        }
        if (experiment.tokenizer().steps() > 0) {
            tokenizer(other.tokenizer());
            return;
        }
        if (experiment.transformer() == null || experiment.transformer().steps() == 0) {
            throw new UserError("there is nothing to train: say for how many steps, as in"
                    + " --set tokenizer.training.steps=1000 for 'train-tokenizer', or"
                    + " --set transformer.training.steps=1000 for 'train'");
        }
        copy(other.tokenizer(), directory.tokenizer());
        if (Files.exists(other.transformer()) && models.sameTransformer(other)) {
            List<Weight> declared = models.transformer(data.images(Split.TRAIN).classes()).weights();
            List<Piece> pieces = Checkpoint.open(other.transformer()).trainable().pieces(declared);
            Checkpoint.write(directory.transformer(), header(other.transformer()), pieces, Precision.FLOAT32);
        }
    }

    private void tokenizer(Path file) {
        Checkpoint from = Checkpoint.open(file).trainable();
        List<Weight> declared = models.tokenizer().weights();
        List<Weight> anew = anew(from, declared);
        if (!anew.isEmpty() && experiment.tokenizer().training().freeze().contains(Part.DECOMPOSITION)) {
            throw new UserError(file + ": of it, " + what(from, anew) + " cannot be taken over, and tokenizer.training.freeze"
                    + " has decomposition: leave that out");
        }
        List<Piece> pieces = new ArrayList<>(from.pieces(declared.stream().filter(w -> !anew.contains(w)).toList()));
        pieces.removeIf(p -> anew.stream().anyMatch(w -> counts(p.weight(), w)));
        anew.forEach(w -> pieces.add(new Piece(w, () -> started(w))));
        Map<String, String> header = header(file);
        header.put(ANEW, Json.line(anew.stream().map(Weight::name).toList()));
        Checkpoint.write(directory.tokenizer(), header, pieces, Precision.FLOAT32);
        if (!anew.isEmpty()) {
            progress.warn("starts anew: " + what(from, anew) + "; " + (declared.size() - anew.size())
                    + " weights are taken over from " + file);
        }
    }

    /** What a weight starts with in a run that begins with nothing. */
    private float[] started(Weight weight) {
        Weights start =
                Weights.start(torch, List.of(weight), Precision.FLOAT32, true, key.at(TokenizerStage.DRAWS));
        try {
            return start.values(weight.name());
        } finally {
            start.close();
        }
    }

    /**
     * What of the decomposition the other run does not have, or has of another shape; all of it if that was another plugin,
     * whose weights mean something else under the same names. What is fitted is fitted together, so it starts together.
     */
    private List<Weight> anew(Checkpoint from, List<Weight> declared) {
        List<Weight> own = declared.stream().filter(Tokenizer::ofDecomposition).toList();
        if (!name(from).equals(experiment.tokenizer().decomposition().name())) {
            return own;
        }
        List<Weight> anew = own.stream().filter(w -> !from.fits(w)).toList();
        boolean refitted = anew.stream().anyMatch(w -> w.learns() == Learns.FITTED);
        return own.stream()
                .filter(w -> anew.contains(w) || refitted && w.learns() == Learns.FITTED)
                .toList();
    }

    /** The name of the decomposition that a tokenizer was made with, whatever its version. */
    private static String name(Checkpoint from) {
        return from.file().metadata().getOrDefault("decomposition", "").replaceFirst("@.*", "");
    }

    /** Whether it is what a table's training counted. */
    private static boolean counts(Weight counts, Weight table) {
        String leaf = table.name().replaceFirst("\\.weight$", "");
        return counts.name().matches(Pattern.quote(leaf) + "\\.(cluster_size|embed)_ema");
    }

    private String what(Checkpoint from, List<Weight> anew) {
        String ours = experiment.tokenizer().decomposition().name();
        return name(from).equals(ours)
                ? anew.stream()
                        .map(w -> w.name().replaceFirst("^quantizer\\.([^.]+(\\.\\d+)?).*", "$1"))
                        .distinct()
                        .collect(Collectors.joining(", "))
                : "the decomposition, " + name(from) + " there and " + ours + " here";
    }

    /** The tables, among the weights that started anew, of a tokenizer of which nothing has been trained here yet. */
    static Set<String> anew(Checkpoint checkpoint) {
        if (checkpoint.step() > 0) {
            return Set.of();
        }
        String names = checkpoint.file().metadata().getOrDefault(ANEW, "[]");
        return ((List<?>) Json.read(names, checkpoint.file().path().toString()))
                .stream().map(n -> ((String) n).replaceFirst("^quantizer\\.", "")).collect(Collectors.toSet());
    }

    private Map<String, String> header(Path file) {
        Map<String, String> header = headers.header();
        header.put(FROM, file + ", SHA-256 " + Headers.hash(file));
        return header;
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UserError(to + ": cannot be written: " + Why.of(e), e);
        }
    }
}
