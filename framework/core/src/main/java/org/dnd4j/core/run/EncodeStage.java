package org.dnd4j.core.run;

import ai.djl.ndarray.NDArray;
import com.google.inject.Inject;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.code.CodeFile;
import org.dnd4j.core.code.CodeMap;
import org.dnd4j.core.code.CodeWriter;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.code.Usage;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.image.Images;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/** Pictures → code file, both splits. */
final class EncodeStage {
    private static final int PICTURES_AT_A_TIME = 32;

    private final Experiment experiment;
    private final RunDirectory directory;
    private final Data data;
    private final Models models;
    private final Torch torch;
    private final Measured measured;
    private final Progress progress;

    @Inject
    EncodeStage(
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
     * Encodes, unless this tokenizer's codes are there already.
     *
     * @param variants views of each picture; null for as many as there are already, or else as the experiment says
     * @throws UserError if the tokenizer is still to be trained, a transformer has learnt the codes of another, or the codes
     *     that are there came from elsewhere and do not belong to the tokenizer
     */
    void run(Integer variants) {
        CodeFile.Header there = there();
        if (there != null && there.elsewhere()) {
            stay(there, variants);
            return;
        }
        finished();
        Weights weights = models.tokenizerWeights();
        try {
            CodeFile.Header header = header(variants);
            if (header.equals(there) || variants == null && there != null && header.of(there.variants()).equals(there)) {
                return;
            }
            models.learnt(header.tokenizer()); // before the codes that it did learn are gone
            measured.timed("encode", () -> encode(header, weights));
        } finally {
            weights.close();
        }
    }

    /** What codes are there; null if none are. */
    private CodeFile.Header there() {
        if (!Files.exists(directory.codes())) {
            return null;
        }
        try (CodeFile file = CodeFile.open(directory.codes())) {
            return file.header();
        }
    }

    /** Codes that came from elsewhere cannot be made again; they mean something with their own tokenizer alone. */
    private void stay(CodeFile.Header there, Integer variants) {
        String made = Files.exists(directory.tokenizer()) ? Headers.hash(directory.tokenizer()) : "";
        if (variants != null && variants != there.variants()) {
            throw new UserError(directory.codes() + ": came from elsewhere with " + there.variants()
                    + " views of each picture, and there are no pictures to make others of");
        } else if (!there.tokenizer().equals(made)) {
            throw new UserError(directory.codes() + ": came from elsewhere and " + (there.tokenizer().isEmpty()
                    ? "nobody knows which tokenizer made them, so not the one in " + directory.tokenizer()
                    : "of the tokenizer with the SHA-256 " + there.tokenizer() + ", which " + directory.tokenizer()
                            + " is not"));
        }
    }

    /** Codes of a tokenizer that goes on learning would mean something else by the time that they are decoded. */
    private void finished() {
        int steps = experiment.tokenizer().steps();
        long taken = Headers.steps(directory.tokenizer());
        if (Files.exists(directory.tokenizer()) && taken < steps) {
            String name = directory.path().getFileName().toString();
            throw new UserError(directory.tokenizer() + ": has taken " + taken + " of its " + steps
                    + " steps; 'train-tokenizer " + name + "' or 'run " + name + "' finishes it");
        }
    }

    private CodeFile.Header header(Integer variants) {
        int planned = experiment.transformer() == null ? 1 : experiment.transformer().variants();
        return new CodeFile.Header(
                experiment.grid(),
                experiment.grid(),
                experiment.tokenizer().space().sizes(),
                variants == null ? planned : variants,
                data.images(Split.TRAIN).classes(),
                experiment.tokenizer().decomposition().identity(),
                Headers.hash(directory.tokenizer()));
    }

    private void encode(CodeFile.Header header, Weights weights) {
        long total = data.images(Split.TRAIN).size() + data.images(Split.VALIDATION).size();
        int skipped = data.skipped();
        long done = 0;
        Usage usage = new Usage(header.sizes());
        progress.stage("encode", total, "picture");
        try (CodeWriter out = CodeFile.create(directory.codes(), header)) {
            for (Split split : Split.values()) {
                Images images = data.images(split);
                for (int first = 0; first < images.size(); first += PICTURES_AT_A_TIME) {
                    int count = Math.min(PICTURES_AT_A_TIME, images.size() - first);
                    long[] codes = add(split, images, first, count, header, weights, out);
                    if (split == Split.TRAIN) {
                        usage.add(codes);
                    }
                    done += count;
                    progress.at(done, skipped == 0 ? "" : skipped + " unreadable or too small ones left out");
                    if (progress.stopped()) {
                        throw new Stopped("stopped while encoding; the same command encodes again");
                    }
                }
            }
            out.finish();
        }
        usage.warnings().forEach(progress::warn);
    }

    /** Adds pictures; returns their codes {@code [b,v,h,w,D]}. */
    private long[] add(
            Split split, Images images, int first, int count, CodeFile.Header header, Weights weights, CodeWriter out) {
        int variants = header.variants();
        List<Picture> pictures = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            pictures.addAll(images.variants(i, variants));
        }
        Tokenizer tokenizer = models.tokenizer();
        int perMap = header.height() * header.width() * header.depth();
        try (Scope scope = torch.scope()) {
            NDArray codes = tokenizer.encode(tokenizer.pixels(Data.array(pictures, scope)), weights); // [b,h,w,D]
            long[] all = codes.toLongArray();
            for (int i = 0; i < count; i++) {
                List<CodeMap> maps = new ArrayList<>();
                for (int v = 0; v < variants; v++) {
                    int[] map = new int[perMap];
                    for (int j = 0; j < perMap; j++) {
                        map[j] = (int) all[(i * variants + v) * perMap + j];
                    }
                    maps.add(CodeMap.of(header.height(), header.width(), header.depth(), map));
                }
                out.add(split, images.label(first + i), maps);
            }
            return all;
        }
    }
}
