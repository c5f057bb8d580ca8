package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Why;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.train.Checkpoint;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weight;

/** What a new run begins with: weights that another run, trained or imported, ended with. */
final class Beginning {
    private static final String FROM = "from";

    private final Experiment experiment;
    private final RunDirectory directory;
    private final Data data;
    private final Models models;
    private final Headers headers;

    @Inject
    Beginning(
            Experiment experiment, RunDirectory directory, Data data, Models models, Headers headers) {
        this.experiment = experiment;
        this.directory = directory;
        this.data = data;
        this.models = models;
        this.headers = headers;
    }

    /**
     * Places the other run's tokenizer: to be trained further if the experiment trains it, otherwise as it is, and then its
     * transformer too, if the experiment trains one of the same plan.
     *
     * @throws UserError if the other run has no tokenizer, its weights do not fit, or there is nothing to train
     */
    void with(RunDirectory other) {
        if (!Files.exists(other.tokenizer())) {
            throw new UserError(other.tokenizer() + ": is not there, so nothing can begin with it");
        }
        if (experiment.tokenizer().steps() > 0) {
            begin(other.tokenizer(), directory.tokenizer(), models.tokenizer().weights());
            return;
        }
        if (experiment.transformer() == null || experiment.transformer().steps() == 0) {
            throw new UserError("there is nothing to train: say for how many steps, as in"
                    + " --set tokenizer.training.steps=1000 for 'train-tokenizer', or"
                    + " --set transformer.training.steps=1000 for 'train'");
        }
        copy(other.tokenizer(), directory.tokenizer());
        if (Files.exists(other.transformer()) && models.sameTransformer(other)) {
            DndTransformer model = models.transformer(data.images(Split.TRAIN).classes());
            begin(other.transformer(), directory.transformer(), model.weights());
        }
    }

    private void begin(Path from, Path to, List<Weight> declared) {
        Checkpoint.write(to, header(from), Checkpoint.open(from).trainable().pieces(declared), Precision.FLOAT32);
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
