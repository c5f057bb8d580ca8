package org.dnd4j.core.run;

import ai.djl.ndarray.NDArray;
import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.image.Glyphs;
import org.dnd4j.core.image.Grid;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Png;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.image.WordReader;
import org.dnd4j.core.model.CodeModel;
import org.dnd4j.core.model.Given;
import org.dnd4j.core.sample.Captions;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/** Transformer → codes → new pictures. */
public final class SampleStage {
    private static final int LARGEST_GRID = 64;
    private static final int COLUMNS = 8;
    private static final String ANY = "any";

    private final Models models;
    private final Torch torch;
    private final Progress progress;
    private final Experiment experiment;
    private final RunDirectory directory;
    private final Data data;
    private final Measured measured;

    @Inject
    SampleStage(
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

    /**
     * What to draw.
     *
     * @param labels one per picture, an index of a class or {@link Generation#NO_CLASS}; of a caption if there are some
     * @param captions what the model is asked for by, if not classes; else null
     * @param depths how many codes of each position are decoded: D, or fewer for an early picture
     */
    public record Order(
            int[] labels, Captions captions, long seed, Sampling sampling, Precision precision, int batch, int depths) {
        /** What the folders of its pictures are called. */
        List<String> names(List<String> classes) {
            return captions == null
                    ? classes
                    : IntStream.range(0, captions.count()).mapToObj(i -> "caption-" + i).toList();
        }
    }

    /**
     * Makes sure that the experiment's own samples can be drawn here, before anything is trained.
     *
     * @throws UserError if their precision cannot be had on this device
     */
    void drawable() {
        drawable(Precision.of(experiment.sampling().precision()));
    }

    /** The same for another precision. */
    void drawable(Precision precision) {
        if (!torch.loads(precision)) {
            throw new UserError("precision " + precision.label() + " is not there on " + torch.device() + ": use "
                    + Experiment.SamplingPlan.PRECISIONS.stream()
                            .filter(torch::loads)
                            .map(Precision::label)
                            .collect(Collectors.joining(" or ")));
        }
    }

    /** New pictures, one per label, in order. */
    List<Picture> draw(Order order) {
        drawable(order.precision());
        CodeModel model = models.transformer(models.classes());
        Weights transformer = models.transformerWeights(model, order.precision());
        try {
            return draw(order, model, transformer);
        } finally {
            transformer.close();
        }
    }

    /** The same with a transformer that is loaded, in whatever precision. */
    private List<Picture> draw(Order order, CodeModel model, Weights transformer) {
        Weights tokenizer = models.tokenizerWeights();
        progress.stage("sample", order.labels().length, "picture");
        List<Picture> pictures = new ArrayList<>();
        try {
            Generation generation = new Generation(model, order.sampling(), transformer);
            for (int first = 0; first < order.labels().length; first += order.batch()) {
                int count = Math.min(order.batch(), order.labels().length - first);
                int[] labels = java.util.Arrays.copyOfRange(order.labels(), first, first + count);
                try (Scope scope = torch.scope()) {
                    Given given = order.captions() == null
                            ? generation.given(labels)
                            : order.captions().given(labels, scope.manager());
                    List<Key> keys = Generation.keys(order.seed(), first, count);
                    long began = System.nanoTime();
                    NDArray codes = generation.codes(given, keys, p -> at(p, model, pictures.size(), began)); // [b,h,w,D]
                    pictures.addAll(pictures(models.tokenizer(), prefix(codes, order.depths()), tokenizer));
                    progress.at(pictures.size(), pace(model.positions(), began));
                }
            }
            return pictures;
        } finally {
            tokenizer.close();
        }
    }

    /** What an order is made from. */
    public record Wish(Experiment experiment, List<String> classes) {}

    /** Draws what the experiment itself asks for, and writes it into the run: pictures, grid, spreads. */
    void write() {
        List<String> classes = models.classes();
        int[] labels = planned(classes);
        if (labels.length == 0) {
            return;
        }
        List<Picture> pictures = draw(planned(labels));
        write(directory.samples(), labels, classes, pictures);
        Png.write(directory.file("samples.png"), grid(labels, classes, pictures));
        Map<String, Object> spread = new LinkedHashMap<>();
        spread.put("real", Spread.of(data.images(Split.TRAIN), progress));
        spread.put("sampled", Spread.of(labels, pictures));
        measured.put("spread", Map.of("real", "train", "sampled", "samples"), spread);
        if (experiment.data() instanceof Glyphs glyphs) {
            measured.put("words", "samples", new WordReader(glyphs).accuracy(labels, pictures));
        }
    }

    /** The share of the experiment's own samples that show their words, drawn with these weights; null if none would. */
    Double words(CodeModel model, Weights transformer) {
        int[] labels = planned(models.classes());
        return labels.length > 0 && experiment.data() instanceof Glyphs glyphs
                ? new WordReader(glyphs).accuracy(labels, draw(planned(labels), model, transformer))
                : null;
    }

    /** The labels of the experiment's own samples. */
    private int[] planned(List<String> classes) {
        int each = experiment.sampling().perClass();
        return IntStream.range(0, classes.size() * each).map(i -> i / each).toArray();
    }

    /** How the experiment's own samples are drawn. */
    private Order planned(int[] labels) {
        Experiment.SamplingPlan plan = experiment.sampling();
        return new Order(
                labels,
                null,
                experiment.samplingSeed(),
                plan.options(),
                Precision.of(plan.precision()),
                plan.batch(),
                experiment.tokenizer().depth());
    }

    /** A row of samples for each label, in as many blocks as make the sheet about square. */
    private Picture grid(int[] labels, List<String> classes, List<Picture> pictures) {
        List<Grid.Row> rows = IntStream.range(0, Math.min(classes.size(), LARGEST_GRID))
                .mapToObj(c -> new Grid.Row(
                        classes.size() == 1 ? "" : classes.get(c),
                        IntStream.range(0, labels.length)
                                .filter(i -> labels[i] == c)
                                .limit(COLUMNS)
                                .mapToObj(pictures::get)
                                .toList()))
                .toList();
        int side = pictures.get(0).width();
        int blocks = (int) Math.max(1, Math.round(Math.sqrt(rows.size() / (double) COLUMNS)));
        return new Grid(experiment.name(), List.of(), rows).draw(side < 64 ? 2 : 1, blocks);
    }

    /** Draws an order and writes it to a folder. */
    List<Path> write(Function<Wish, Order> wish, Path folder) {
        List<String> classes = models.classes();
        Order order = wish.apply(new Wish(experiment, classes));
        return write(folder, order.labels(), order.names(classes), draw(order));
    }

    private void at(int position, CodeModel model, int done, long began) {
        if (progress.stopped()) {
            throw new Stopped("stopped while sampling; the same command samples again");
        }
        progress.at(done, "position " + position + " of " + model.positions() + ", " + pace(position, began));
    }

    /** Of all pictures of a batch together; the pictures themselves are made after the last position. */
    private static String pace(int positions, long began) {
        return String.format(Locale.ROOT, "%.3g s a position", (System.nanoTime() - began) / 1e9 / positions);
    }

    private static NDArray prefix(NDArray codes, int depths) {
        return codes.get("..., :" + depths); // [b,h,w,k]
    }

    static List<Picture> pictures(Tokenizer tokenizer, NDArray codes, Weights weights) {
        return pictures(tokenizer.decode(codes, weights)); // [b,3,s,s]
    }

    /** Images {@code [b,3,s,s]} in [−1, 1], rounded to bytes. */
    static List<Picture> pictures(NDArray images) {
        int count = (int) images.getShape().get(0);
        int height = (int) images.getShape().get(2);
        int width = (int) images.getShape().get(3);
        float[] all = images.toFloatArray();
        int size = 3 * height * width;
        return IntStream.range(0, count)
                .mapToObj(i -> Png.picture(java.util.Arrays.copyOfRange(all, i * size, (i + 1) * size), width, height))
                .toList();
    }

    /**
     * The name of each class's folder: what a file name should not hold is replaced, and a name that another has taken
     * is given a number, also where only capitals differ, which some file systems take for the same.
     */
    static List<String> folders(List<String> classes) {
        Set<String> taken = new HashSet<>(Set.of(ANY));
        List<String> folders = new ArrayList<>();
        for (String name : classes) {
            String plain = name.replaceAll("[^\\p{L}\\p{N} ._-]", "_").replaceFirst("^[. ]*$", "_");
            String folder = plain;
            for (int n = 2; !taken.add(folder.toLowerCase(Locale.ROOT)); n++) {
                folder = plain + "-" + n;
            }
            folders.add(folder);
        }
        return folders;
    }

    /** Writes pictures as {@code <label>/<index>.png}, the index counting up within a label. */
    static List<Path> write(Path folder, int[] labels, List<String> classes, List<Picture> pictures) {
        int[] counts = new int[classes.size() + 1];
        List<String> folders = folders(classes);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            int label = labels[i];
            String name = label == Generation.NO_CLASS ? ANY : folders.get(label);
            int index = counts[label == Generation.NO_CLASS ? classes.size() : label]++;
            Path file = folder.resolve(name).resolve(index + ".png");
            Png.write(file, pictures.get(i));
            files.add(file);
        }
        return files;
    }
}
