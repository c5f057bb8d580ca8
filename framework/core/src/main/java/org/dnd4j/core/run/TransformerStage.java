package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.code.CodeFile;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.experiment.ConditionPlan;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.model.CodeModel;
import org.dnd4j.core.train.Checkpoint;
import org.dnd4j.core.train.CodeBatches;
import org.dnd4j.core.train.CodeSplit;
import org.dnd4j.core.train.Trainer;
import org.dnd4j.core.train.Training;
import org.dnd4j.core.train.TransformerObjective;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/** Codes → transformer. */
final class TransformerStage {
    private final Experiment experiment;
    private final RunDirectory directory;
    private final Models models;
    private final Torch torch;
    private final Key key;
    private final Headers headers;
    private final Progress progress;

    @Inject
    TransformerStage(
            Experiment experiment,
            RunDirectory directory,
            Models models,
            Torch torch,
            Headers headers,
            Progress progress) {
        this.experiment = experiment;
        this.directory = directory;
        this.models = models;
        this.torch = torch;
        this.key = Key.of(experiment.learnerSeed());
        this.headers = headers;
        this.progress = progress;
    }

    /** Makes sure that the data have what pictures are asked for by, before anything is trained. */
    void trainable() {
        if (experiment.transformer() != null && experiment.transformer().condition() instanceof ConditionPlan.Captions) {
            throw new UserError("transformer.condition: it learns from captions, and data here hold classes only: ask for"
                    + " classes, or import a transformer and 'sample' from it");
        }
    }

    /** Trains, from wherever the transformer stands, if what it learnt are the codes that are there now. */
    void run() {
        Training training = experiment.learner().training();
        try (CodeFile codes = CodeFile.open(directory.codes())) {
            models.learnt(codes.header().tokenizer());
            if (training == null || Headers.steps(directory.transformer()) >= training.steps()) {
                return;
            }
            List<String> classes = codes.header().classes();
            CodeModel model = models.transformer(classes);
            Weights weights = Files.exists(directory.transformer())
                    ? Checkpoint.open(directory.transformer()).weights(torch, model.weights(), training.products())
                    : Weights.start(torch, model.weights(), training.products(), true, key.at("transformer weights"));
            try {
                train(training, codes, model, weights);
            } finally {
                weights.close();
            }
        }
    }

    private void train(Training training, CodeFile codes, CodeModel model, Weights weights) {
        int perPicture = model.positions() * model.depth();
        Key draws = key.at("transformer");
        TransformerObjective objective = new TransformerObjective(
                model,
                weights,
                new CodeBatches(new CodeSplit(codes, Split.TRAIN), perPicture, draws),
                new CodeBatches(new CodeSplit(codes, Split.VALIDATION), perPicture, draws.at("held out")),
                training.batch() / training.accumulate(),
                training.accumulate(),
                experiment.transformer().classDropout(),
                draws);
        Map<String, String> header = headers.header();
        Models.learning(codes.header(), header);
        new Trainer(weights, objective, training, directory.transformer(), directory.transformerJournal(), header)
                .run("transformer", progress);
    }
}
