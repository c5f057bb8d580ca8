package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dnd4j.core.code.CodeFile;
import org.dnd4j.core.experiment.ConditionPlan;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.model.CodeModel;
import org.dnd4j.core.train.Checkpoint;
import org.dnd4j.core.train.Training;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/** The run's networks, and their weights as training left them. */
final class Models {
    private static final String CLASSES = "classes";
    private static final String CODES = "codes";

    private final Experiment experiment;
    private final RunDirectory directory;
    private final Tokenizer tokenizer;
    private final Torch torch;

    @Inject
    Models(Experiment experiment, RunDirectory directory, Tokenizer tokenizer, Torch torch) {
        this.experiment = experiment;
        this.directory = directory;
        this.tokenizer = tokenizer;
        this.torch = torch;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The tokenizer's trained weights; the caller closes them. */
    Weights tokenizerWeights() {
        Training training = experiment.tokenizer().training();
        Precision precision = training == null ? Precision.FLOAT32 : training.products();
        return trained(directory.tokenizer(), "train-tokenizer").trained(torch, tokenizer.weights(), precision);
    }

    /** The transformer for these classes. */
    CodeModel transformer(List<String> classes) {
        return experiment.model(classes);
    }

    /** The names of the classes that the trained transformer knows; none if it is asked by captions. */
    List<String> classes() {
        if (experiment.learner().condition() instanceof ConditionPlan.Captions) {
            return List.of();
        }
        String json = trained(directory.transformer(), "train").file().metadata().get(CLASSES);
        if (json == null) {
            throw new UserError(directory.transformer() + ": is not the checkpoint of a transformer: it names no classes");
        }
        return ((List<?>) Json.read(json, directory.transformer().toString())).stream().map(String.class::cast).toList();
    }

    /** Writes what {@link #classes} and {@link #learnt} read into the header of a transformer that learns these codes. */
    static void learning(CodeFile.Header codes, Map<String, String> header) {
        learning(codes.classes(), codes.tokenizer(), header);
    }

    /** The same, of the names of classes and the tokenizer's SHA-256. */
    static void learning(List<String> classes, String tokenizer, Map<String, String> header) {
        header.put(CLASSES, Json.line(classes));
        header.put(CODES, tokenizer);
    }

    /**
     * Makes sure that the transformer, if there is one, learnt the codes of this tokenizer.
     *
     * @param tokenizer its SHA-256
     * @throws UserError if it learnt those of another, which mean something else
     */
    void learnt(String tokenizer) {
        if (Files.exists(directory.transformer())) {
            learnt(tokenizer, Checkpoint.open(directory.transformer()));
        }
    }

    private void learnt(String tokenizer, Checkpoint transformer) {
        String learnt = transformer.file().metadata().get(CODES);
        if (learnt != null && !learnt.equals(tokenizer)) {
            throw new UserError(directory.transformer() + ": learnt the codes of another tokenizer than the one in "
                    + directory.tokenizer() + ": delete it, or choose another --name");
        }
    }

    /**
     * The transformer's trained weights, averaged if training averaged; the caller closes them.
     *
     * @throws UserError if it does not belong to the tokenizer
     */
    Weights transformerWeights(CodeModel transformer, Precision precision) {
        Checkpoint checkpoint = trained(directory.transformer(), "train");
        if (Files.exists(directory.tokenizer())) {
            learnt(Headers.hash(directory.tokenizer()), checkpoint);
        }
        return checkpoint.trained(torch, transformer.weights(), precision);
    }

    /** Whether another run's transformer was built of the same plugins as that of the experiment. */
    boolean sameTransformer(RunDirectory other) {
        String theirs = Checkpoint.open(other.transformer()).file().metadata().getOrDefault("experiment", "{}");
        Object plan = Json.read(theirs, other.transformer().toString()) instanceof Map<?, ?> map ? map.get("transformer") : null;
        Object ours = Json.read(Json.line(experiment.learner()), "");
        return plan instanceof Map<?, ?> a
                && ours instanceof Map<?, ?> b
                && List.of("generator", "backbone", "heads", "embeddings", "tiedHeads").stream()
                        .allMatch(k -> Objects.equals(b.get(k), a.get(k)));
    }

    private Checkpoint trained(Path file, String verb) {
        if (!Files.exists(file) && verb.equals("train-tokenizer") && experiment.tokenizer().steps() == 0) {
            throw new UserError(file + ": is not there, as the run was imported without a tokenizer: import it again with"
                    + " --tokenizer");
        }
        if (!Files.exists(file)) {
            throw new UserError(file + ": is not there yet; '" + verb + " " + directory.path().getFileName() + "' makes it");
        }
        return Checkpoint.open(file);
    }
}
