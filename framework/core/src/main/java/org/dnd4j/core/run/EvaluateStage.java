package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.code.CodeFile;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.experiment.ConditionPlan;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.image.Fidelity;
import org.dnd4j.core.image.Images;
import org.dnd4j.core.model.CodeModel;
import org.dnd4j.core.train.CodeBatches;
import org.dnd4j.core.train.CodeSplit;
import org.dnd4j.core.train.Likelihood;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/** Held-out pictures → numbers, as far as the run has come. */
final class EvaluateStage {
    private static final int BATCH = 32;
    private static final String HELD = "validation";

    private final Experiment experiment;
    private final RunDirectory directory;
    private final Data data;
    private final Models models;
    private final Torch torch;
    private final Measured measured;
    private final Progress progress;

    @Inject
    EvaluateStage(
            Experiment experiment,
            RunDirectory directory,
            Data data,
            Models models,
            Torch torch,
            Measured measured,
            Progress progress) {
        this.experiment = experiment;
        this.directory = directory;
        this.data = data;
        this.models = models;
        this.torch = torch;
        this.measured = measured;
        this.progress = progress;
    }

    /** The pictures to judge by; that there are none is an error. */
    Images held() {
        Images held = data.images(Split.VALIDATION);
        if (held.size() == 0) {
            throw new UserError("data: no pictures are held out, so there is nothing to judge by: raise heldOut");
        }
        return held;
    }

    void run() {
        Images held = held();
        Map<String, Object> pictures = new LinkedHashMap<>();
        pictures.put("train", data.images(Split.TRAIN).size());
        pictures.put("validation", held.size());
        pictures.put("skipped", data.skipped());
        measured.put("pictures", Map.of("train", "train", "validation", "validation", "skipped", "all"), pictures);
        reconstruction(held);
        boolean known = experiment.transformer() != null
                && experiment.transformer().condition() instanceof ConditionPlan.Classes; // code files hold no captions
        if (known && Files.exists(directory.transformer()) && Files.exists(directory.codes())) {
            likelihood();
        }
    }

    private void reconstruction(Images held) {
        Weights weights = models.tokenizerWeights();
        try {
            Fidelity fidelity = new Fidelity(models.tokenizer(), weights);
            progress.stage("evaluate", held.size(), "picture");
            for (int first = 0; first < held.size(); first += BATCH) {
                int count = Math.min(BATCH, held.size() - first);
                try (Scope scope = torch.scope()) {
                    int from = first;
                    fidelity.add(models.tokenizer().pixels(Data.array(
                            IntStream.range(from, from + count).mapToObj(held::get).toList(), scope)));
                }
                progress.at(first + count, "");
                if (progress.stopped()) {
                    throw new Stopped("stopped while evaluating; the same command evaluates again");
                }
            }
            Map<String, Object> reconstruction = new LinkedHashMap<>();
            reconstruction.put("psnr", fidelity.psnr());
            reconstruction.put("l2", fidelity.l2());
            reconstruction.put("latents", fidelity.latents());
            measured.put("reconstruction", HELD, reconstruction);
            measured.put("usage", HELD, fidelity.usage().shares());
            measured.put("perplexity", HELD, fidelity.usage().perplexities());
            measured.put("norm", HELD, fidelity.norms());
            measured.put("warnings", HELD, fidelity.usage().warnings());
            measured.put("compression", "all", header().compression(experiment.pixels()));
        } finally {
            weights.close();
        }
    }

    private CodeFile.Header header() {
        return new CodeFile.Header(
                experiment.grid(),
                experiment.grid(),
                experiment.tokenizer().space().sizes(),
                1,
                List.of(),
                experiment.tokenizer().decomposition().identity(),
                "");
    }

    /** What the first 1, 2, … codes of all positions take, in bits, from the loss in nats a code. */
    static List<Double> bits(List<Double> loss, int positions) {
        double[] nats = {0};
        return loss.stream()
                .map(l -> (nats[0] += l) * positions / Math.log(2))
                .toList();
    }

    private void likelihood() {
        try (CodeFile codes = CodeFile.open(directory.codes())) {
            models.learnt(codes.header().tokenizer());
            List<String> classes = models.classes();
            if (classes.size() != codes.header().classes().size()) {
                progress.warn("loss is not measured: the pictures have " + codes.header().classes().size()
                        + " classes and the transformer knows " + classes.size());
                return;
            }
            CodeModel model = models.transformer(classes);
            if (!model.predicts()) {
                progress.warn("loss is not measured: " + experiment.transformer().generator().identity()
                        + " does not predict codes one after another");
                return;
            }
            Weights weights = models.transformerWeights(model, Precision.FLOAT32);
            try {
                CodeBatches held = new CodeBatches(
                        new CodeSplit(codes, Split.VALIDATION), model.positions() * model.depth(), org.dnd4j.torch.Key.of(0));
                Likelihood likelihood = Likelihood.of(model, weights, held, BATCH, progress);
                measured.put("loss", HELD, likelihood.loss());
                measured.put("accuracy", HELD, likelihood.accuracy());
                measured.put("bits_per_image", HELD, likelihood.bitsPerImage());
                measured.put("bits_by_depth", HELD, bits(likelihood.loss(), model.positions()));
                if (model.classes() > 1) {
                    measured.put("class_gap", HELD, likelihood.classGap());
                }
            } finally {
                weights.close();
            }
        }
    }
}
