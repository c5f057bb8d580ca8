package org.dnd4j.core.run;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.image.Images;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;

/**
 * An experiment at work in its directory. What it started with — plugins, programs, settings — stays to its end; objects
 * are made by an injector of its own, and everything native goes when it closes.
 */
final class Run implements AutoCloseable {
    private final Torch torch;
    private final Injector injector;

    /**
     * A run on an open device.
     *
     * @throws UserError if there is no such device
     */
    Run(Experiment experiment, RunDirectory directory, Operations operations, Progress progress) {
        this.torch = operations.open();
        this.injector =
                Guice.createInjector(Stage.DEVELOPMENT, new RunModule(experiment, directory, torch, progress));
    }

    /** Pictures → tokenizer. */
    void trainTokenizer() {
        get(TokenizerStage.class).run();
    }

    /**
     * Pictures → codes.
     *
     * @param variants views of each picture; null for what is there or planned
     */
    void encode(Integer variants) {
        get(EncodeStage.class).run(variants);
    }

    /** Codes → transformer. */
    void train() {
        get(TransformerStage.class).run();
    }

    /** Transformer → pictures. */
    SampleStage sampling() {
        return get(SampleStage.class);
    }

    /** Pictures → codes → pictures. */
    ReconstructStage reconstruction() {
        return get(ReconstructStage.class);
    }

    /** Weights → files under published names. */
    Exporting exporting() {
        return get(Exporting.class);
    }

    /**
     * Held-out pictures → numbers.
     *
     * @param precisions to compare the transformer in with float32
     */
    Map<String, Object> evaluate(List<Precision> precisions) {
        timed("evaluate", () -> get(EvaluateStage.class).run(precisions));
        return get(Measured.class).metrics();
    }

    /** Everything → a page. */
    Report report() {
        return get(ReportStage.class).run();
    }

    /** What is done here. */
    Experiment experiment() {
        return get(Experiment.class);
    }

    /** Makes sure that there are pictures and networks that fit them, before anything is written. */
    void prepare() {
        Images train = get(Data.class).images(Split.TRAIN);
        get(Data.class).images(Split.VALIDATION);
        get(Models.class).tokenizer().weights();
        if (experiment().transformer() != null) {
            if (train.size() > 0) {
                train.variants(0, experiment().transformer().variants());
            }
            get(Models.class).transformer(train.classes()).weights();
        }
    }

    /**
     * Places what a new run begins with.
     *
     * @param from another run, or null
     * @throws UserError if nothing trains the tokenizer, or what the other run learnt does not fit
     */
    void begin(RunDirectory from) {
        if (from != null) {
            get(Beginning.class).with(from);
        } else if (experiment().tokenizer().steps() == 0) {
            throw new UserError("tokenizer.training is missing: say how it is trained, as in"
                    + " --set tokenizer.training.steps=1000");
        } else if (!experiment().tokenizer().training().freeze().isEmpty()) {
            throw new UserError("tokenizer.training.freeze: a tokenizer that begins with nothing has nothing to keep: name"
                    + " the run whose tokenizer it is, with --from");
        }
    }

    /** Makes sure that the transformer has something to learn from. */
    void trainable() {
        get(TransformerStage.class).trainable();
    }

    /** Makes sure that there is something to judge by, and that samples can be drawn, before anything is trained. */
    void finishable() {
        trainable();
        get(EvaluateStage.class).held();
        get(SampleStage.class).drawable();
    }

    /** An object of this run; what the user can put right comes out as itself. */
    private <T> T get(Class<T> type) {
        try {
            return injector.getInstance(type);
        } catch (ProvisionException e) {
            throw e.getCause() instanceof UserError error ? error : e;
        }
    }

    /** Does a stage's work and counts its time. */
    void timed(String stage, Runnable work) {
        get(Measured.class).timed(stage, work);
    }

    @Override
    public void close() {
        torch.close();
    }
}
