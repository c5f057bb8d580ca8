package org.dnd4j.core.run;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Stage;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.torch.Torch;

/**
 * An experiment at work in its directory. What it started with — plugins, programs, settings — stays to its end; objects
 * are made by an injector of its own, and everything native goes when it closes.
 */
final class Run implements AutoCloseable {
    private final Injector injector;

    Run(Experiment experiment, RunDirectory directory, Operations operations, Progress progress) {
        this.injector = Guice.createInjector(
                Stage.DEVELOPMENT, new RunModule(experiment, directory, operations, progress));
    }

    /** Pictures → tokenizer. */
    void trainTokenizer() {
        injector.getInstance(TokenizerStage.class).run();
    }

    /** Pictures → codes. */
    void encode() {
        timed("encode", () -> injector.getInstance(EncodeStage.class).run());
    }

    /** Codes → transformer. */
    void train() {
        injector.getInstance(TransformerStage.class).run();
    }

    /** Transformer → pictures. */
    SampleStage sampling() {
        return injector.getInstance(SampleStage.class);
    }

    /** Pictures → codes → pictures. */
    ReconstructStage reconstruction() {
        return injector.getInstance(ReconstructStage.class);
    }

    /** Held-out pictures → numbers. */
    Map<String, Object> evaluate() {
        timed("evaluate", () -> injector.getInstance(EvaluateStage.class).run());
        return injector.getInstance(Measured.class).metrics();
    }

    /** Everything → a page. */
    Report report() {
        return injector.getInstance(ReportStage.class).run();
    }

    /** The names of the classes that the transformer was trained on. */
    Models models() {
        return injector.getInstance(Models.class);
    }

    void timed(String stage, Runnable work) {
        long began = System.nanoTime();
        work.run();
        injector.getInstance(Measured.class).took(stage, (System.nanoTime() - began) / 1e9);
    }

    @Override
    public void close() {
        injector.getInstance(Torch.class).close();
    }
}
