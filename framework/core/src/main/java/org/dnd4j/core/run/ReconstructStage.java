package org.dnd4j.core.run;

import ai.djl.ndarray.NDArray;
import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.image.Grid;
import org.dnd4j.core.image.Images;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Png;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/** Pictures → codes → pictures, beside the originals. */
final class ReconstructStage {
    private static final int SHOWN = 8;

    private final Experiment experiment;
    private final Data data;
    private final Models models;
    private final Torch torch;

    @Inject
    ReconstructStage(Experiment experiment, Data data, Models models, Torch torch) {
        this.experiment = experiment;
        this.data = data;
        this.models = models;
        this.torch = torch;
    }

    /** Held-out pictures, spread over the split. */
    Path write(Path out) {
        Images held = data.images(Split.VALIDATION);
        if (held.size() == 0) {
            throw new UserError("data: no pictures are held out, so there is nothing to show: name pictures");
        }
        int count = Math.min(SHOWN, held.size());
        List<Picture> pictures = IntStream.range(0, count)
                .mapToObj(i -> held.get(i * held.size() / count))
                .toList();
        return sheet(pictures, out);
    }

    /** Pictures from files, cut to the side of the run's pictures. */
    Path write(List<Path> files, Path out) {
        return sheet(files.stream().map(experiment::middle).toList(), out);
    }

    private Path sheet(List<Picture> pictures, Path out) {
        int depth = experiment.tokenizer().depth();
        Weights weights = models.tokenizerWeights();
        List<List<Picture>> rows = new ArrayList<>();
        try {
            for (Picture picture : pictures) {
                try (Scope scope = torch.scope()) {
                    NDArray image = models.tokenizer().pixels(Data.array(List.of(picture), scope)); // [1,3,s,s]
                    List<Picture> row = new ArrayList<>(List.of(picture));
                    for (NDArray made : models.tokenizer().reconstruct(image, weights)) {
                        row.addAll(SampleStage.pictures(made));
                    }
                    rows.add(row);
                }
            }
        } finally {
            weights.close();
        }
        List<String> heads = Stream.concat(
                        Stream.of("original"), IntStream.rangeClosed(1, depth).mapToObj(k -> k == 1 ? "1 code" : k + " codes"))
                .toList();
        Png.write(out, new Grid("", heads, rows.stream().map(r -> new Grid.Row("", r)).toList()).draw(zoom(), 1));
        return out;
    }

    private int zoom() {
        return experiment.pixels() <= 64 ? 2 : 1;
    }
}
