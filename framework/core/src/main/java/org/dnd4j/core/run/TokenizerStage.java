package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.train.Checkpoint;
import org.dnd4j.core.train.TokenizerObjective;
import org.dnd4j.core.train.Trainer;
import org.dnd4j.core.train.Training;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/** Pictures → tokenizer. */
final class TokenizerStage {
    /** Names the draws that weights start with. */
    static final String DRAWS = "tokenizer weights";

    private final Experiment experiment;
    private final RunDirectory directory;
    private final Data data;
    private final Tokenizer tokenizer;
    private final Torch torch;
    private final Key key;
    private final Headers headers;
    private final Progress progress;

    @Inject
    TokenizerStage(
            Experiment experiment,
            RunDirectory directory,
            Data data,
            Tokenizer tokenizer,
            Torch torch,
            Key key,
            Headers headers,
            Progress progress) {
        this.experiment = experiment;
        this.directory = directory;
        this.data = data;
        this.tokenizer = tokenizer;
        this.torch = torch;
        this.key = key;
        this.headers = headers;
        this.progress = progress;
    }

    void run() {
        Training training = experiment.tokenizer().training();
        if (training == null || Headers.steps(directory.tokenizer()) >= training.steps()) {
            return;
        }
        Weights weights = weights(training);
        try (TokenizerObjective objective = objective(training, weights)) {
            new Trainer(
                            weights,
                            objective,
                            training,
                            directory.tokenizer(),
                            directory.tokenizerJournal(),
                            headers.header())
                    .run("tokenizer", progress);
        } finally {
            weights.close();
        }
    }

    private Weights weights(Training training) {
        if (Files.exists(directory.tokenizer())) {
            List<Weight> declared = tokenizer.weights(Set.copyOf(training.freeze()), torch, experiment.pixels());
            return Checkpoint.open(directory.tokenizer()).weights(torch, declared, training.products());
        }
        Weights weights = Weights.start(torch, tokenizer.weights(), training.products(), true, key.at(DRAWS));
        if (experiment.tokenizer().standardise()) {
            float[][] survey = data.survey();
            try (Scope scope = torch.scope()) {
                weights.set("pixels.mean", scope.manager().create(survey[0]));
                weights.set("pixels.deviation", scope.manager().create(survey[1]));
            }
        }
        return weights;
    }

    private TokenizerObjective objective(Training training, Weights weights) {
        Key draws = key.at("tokenizer");
        int part = training.batch() / training.accumulate();
        boolean begun = Files.exists(directory.tokenizer());
        return new TokenizerObjective(
                tokenizer,
                weights,
                (step, p, scope) -> data.drawn(part, draws.at("pictures").at(step).at(p), scope),
                experiment.tokenizer().commitment(),
                experiment.tokenizer().codebooks(),
                begun ? Beginning.anew(Checkpoint.open(directory.tokenizer())) : Set.of(),
                draws);
    }
}
