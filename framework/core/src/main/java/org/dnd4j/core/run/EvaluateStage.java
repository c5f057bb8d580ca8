package org.dnd4j.core.run;

import static java.util.stream.Collectors.toMap;

import com.google.inject.Inject;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
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
    private static final Map<String, String> COMPARED = new TreeMap<>(
            Map.of("loss", HELD, "change", HELD, "greedy", "samples", "words", "samples")); // in one order in every JVM

    private final Experiment experiment;
    private final RunDirectory directory;
    private final Data data;
    private final Models models;
    private final Torch torch;
    private final Measured measured;
    private final Precisions precisions;
    private final Progress progress;

    @Inject
    EvaluateStage(
            Experiment experiment,
            RunDirectory directory,
            Data data,
            Models models,
            Torch torch,
            Measured measured,
            Precisions precisions,
            Progress progress) {
        this.experiment = experiment;
        this.directory = directory;
        this.data = data;
        this.models = models;
        this.torch = torch;
        this.measured = measured;
        this.precisions = precisions;
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

    /**
     * Measures all there is.
     *
     * @param others precisions to compare with float32; that there is no transformer to do it with is then an error
     */
    void run(List<Precision> others) {
        boolean predicted = experiment.transformer() != null
                && experiment.transformer().condition() instanceof ConditionPlan.Classes // code files hold no captions
                && Files.exists(directory.transformer())
                && Files.exists(directory.codes());
        if (!predicted && !others.isEmpty()) {
            throw new UserError("--precision compares transformers of classes, and there is none, or no codes: 'train "
                    + directory.path().getFileName() + "' makes them");
        }
        precisions.there(others);
        Images held = held();
        Map<String, Object> pictures = new LinkedHashMap<>();
        pictures.put("train", data.images(Split.TRAIN).size());
        pictures.put("validation", held.size());
        pictures.put("skipped", data.skipped());
        measured.put("pictures", Map.of("train", "train", "validation", "validation", "skipped", "all"), pictures);
        reconstruction(held);
        if (predicted) {
            likelihood(others);
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
                at(first + count, progress);
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

    /** Tells how far the stage is, and ends it if that was asked for. */
    static void at(int done, Progress progress) {
        progress.at(done, "");
        if (progress.stopped()) {
            throw new Stopped("stopped while evaluating; the same command evaluates again");
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

    private void likelihood(List<Precision> others) {
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
                Function<Weights, Likelihood> judge = w -> Likelihood.of(model, w, held, BATCH, progress);
                Likelihood likelihood = judge.apply(weights);
                measured.put("loss", HELD, likelihood.loss());
                measured.put("accuracy", HELD, likelihood.accuracy());
                measured.put("bits_per_image", HELD, likelihood.bitsPerImage());
                measured.put("bits_by_depth", HELD, bits(likelihood.loss(), model.positions()));
                if (model.classes() > 1) {
                    measured.put("class_gap", HELD, likelihood.classGap());
                }
                if (!others.isEmpty()) {
                    Map<String, Object> compared =
                            precisions.compared(others, model, weights, likelihood.loss(), judge);
                    measured.put("precisions", compared.keySet().stream().collect(toMap(p -> p, p -> COMPARED)), compared);
                }
            } finally {
                weights.close();
            }
        }
    }
}
