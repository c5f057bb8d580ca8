package org.dnd4j.core.run;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Torch;

/** One run's objects, made fresh for it and forgotten with it, so that a plugin's classes can be let go. */
final class RunModule extends AbstractModule {
    private final Experiment experiment;
    private final RunDirectory directory;
    private final Torch torch;
    private final Progress progress;

    RunModule(Experiment experiment, RunDirectory directory, Torch torch, Progress progress) {
        this.experiment = experiment;
        this.directory = directory;
        this.torch = torch;
        this.progress = progress;
    }

    @Override
    protected void configure() {
        binder().requireExactBindingAnnotations();
        bind(Experiment.class).toInstance(experiment);
        bind(RunDirectory.class).toInstance(directory);
        bind(Torch.class).toInstance(torch);
        bind(Progress.class).toInstance(progress);
        bind(Measured.class).in(Singleton.class);
        bind(Data.class).in(Singleton.class);
    }

    @Provides
    @Singleton
    Key key() {
        return Key.of(experiment.seed());
    }

    @Provides
    @Singleton
    Tokenizer tokenizer() {
        return experiment.tokenizer().tokenizer();
    }
}
