package org.dnd4j.core.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.ConditionPlan;
import org.dnd4j.core.experiment.Experiment.SamplingPlan;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.image.Called;
import org.dnd4j.core.run.SampleStage;
import org.dnd4j.core.sample.Captions;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.spi.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "sample",
        description = {
            "Transformer → pictures, written as <label>/<index>.png, or caption-<number>/<index>.png.",
            "What is not given is as in the run's experiment.",
            "Equal seed, label and index give the same picture, whatever else is drawn."
        })
final class SampleVerb implements Verb {
    @Parameters(paramLabel = "RUN", description = "A run with a trained transformer.")
    String run;

    @Option(names = "--class", paramLabel = "LABEL", description = "Name or number of the class; of ImageNet's also WordNet's number (default: all in turn).")
    String label;

    @Option(
            names = "--captions",
            paramLabel = "FILE",
            description = "For a model that is asked by captions: their features [n,tokens,width], as .npy, or as"
                    + " .safetensors with 'features' and 'mask'.")
    Path captions;

    @Option(names = "--caption-mask", paramLabel = "FILE", description = "Which tokens are there, [n,tokens] as .npy.")
    Path captionMask;

    @Option(names = "-n", paramLabel = "N", description = "How many pictures (default: 16); of each caption (default: 1).")
    Integer count;

    @Option(names = "--seed", paramLabel = "SEED", description = "Names the draws (default: 0).")
    long seed;

    @Option(names = "--guidance", paramLabel = "X", description = "Strength of the class; 1 for none.")
    Double guidance;

    @Option(
            names = "--guidance-interval",
            paramLabel = "I",
            description = "Guide up to decoding step I, which is position I + 1; then not (default: guide everywhere).")
    Integer interval;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            split = ",",
            description = "Above 1 bolder, below 1 safer; one value, or one per depth as in 1,0.8.")
    List<Double> temperature;

    @Option(names = "--top-k", paramLabel = "K", split = ",", description = "Only the K most probable codes; 0 for all.")
    List<Integer> topK;

    @Option(names = "--top-p", paramLabel = "P", split = ",", description = "Only the codes that make up this probability.")
    List<Double> topP;

    @Option(names = "--greedy", description = "Always the most probable code.")
    boolean greedy;

    @Option(names = "--depths", paramLabel = "K", description = "Decode the first K codes of each position only.")
    Integer depths;

    @Option(names = "--precision", paramLabel = "PRECISION", description = "float32, bfloat16, int8 or int4.")
    String precision;

    @Option(names = "--batch", paramLabel = "N", description = "Pictures drawn at a time.")
    Integer batch;

    @Option(names = "--out", paramLabel = "DIR", description = "The folder to write to (default: the run's samples).")
    Path out;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    SampleVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        atLeastOne("-n", or(count, 1));
        atLeastOne("--batch", or(batch, 1));
        return Map.of("pictures", place.runs(plugins).sample(run, out, progress, this::order));
    }

    @Override
    public String gist(Object answer) {
        List<?> pictures = (List<?>) ((Map<?, ?>) answer).get("pictures");
        Path folder = ((Path) pictures.get(0)).toAbsolutePath().getParent().getParent();
        return pictures.size() + " pictures in " + folder;
    }

    private SampleStage.Order order(SampleStage.Wish wish) {
        SamplingPlan plan = wish.experiment().sampling();
        Sampling own = plan.options();
        int depth = wish.experiment().tokenizer().depth();
        if (depths != null && (depths < 1 || depths > depth)) {
            throw new UserError("--depths " + depths + ": the run's codes have 1 to " + depth);
        }
        Sampling sampling = new Sampling(
                or(guidance, own.guidance()),
                or(interval, own.interval()),
                or(temperature, own.temperature()),
                or(topK, own.topK()),
                or(topP, own.topP()),
                own.nucleus(),
                greedy || own.greedy());
        Captions asked = captions(wish.experiment().transformer().condition());
        return new SampleStage.Order(
                asked == null ? labels(wish.classes()) : each(asked.count(), or(count, 1)),
                asked,
                seed,
                sampling.fitting(depth),
                Place.precision(or(precision, plan.precision())),
                or(batch, plan.batch()),
                or(depths, depth));
    }

    /** The captions to draw; null for a model that is asked by classes. */
    private Captions captions(ConditionPlan condition) {
        if (condition instanceof ConditionPlan.Captions plan) {
            if (captions == null || label != null) {
                throw new UserError((label != null ? "--class " + label + ": " : "") + "this run draws pictures of captions:"
                        + " give their features, [n, up to " + plan.tokens() + ", " + plan.width() + "], with"
                        + " --captions FILE");
            }
            return Captions.read(captions, captionMask, plan.condition());
        }
        if (captions != null || captionMask != null) {
            throw new UserError("--captions: this run draws pictures of classes: name one with --class");
        }
        return null;
    }

    /** 0, 0, …, 1, 1, …: each number {@code times} times. */
    private static int[] each(int numbers, int times) {
        return IntStream.range(0, numbers * times).map(i -> i / times).toArray();
    }

    private int[] labels(List<String> classes) {
        int count = or(this.count, 16);
        if (label == null) {
            return IntStream.range(0, count).map(i -> i % classes.size()).toArray();
        }
        int chosen = Called.label(label, classes);
        return IntStream.range(0, count).map(i -> chosen).toArray();
    }

    private static void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new Misuse(option + " " + value + ": must be at least 1");
        }
    }

    private static <T> T or(T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
