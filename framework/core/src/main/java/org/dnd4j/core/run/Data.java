package org.dnd4j.core.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.inject.Inject;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.image.Images;
import org.dnd4j.core.image.Picture;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Scope;

/** The run's pictures, opened when they are first asked for, and as arrays. */
final class Data {
    private static final int SURVEYED = 2048;

    private final Experiment experiment;
    private final Map<Split, Images> open = new EnumMap<>(Split.class);

    @Inject
    Data(Experiment experiment) {
        this.experiment = experiment;
    }

    Images images(Split split) {
        return open.computeIfAbsent(split, s -> experiment.pictures().open(s, experiment.seed()));
    }

    /** How many pictures of both splits were left out because they cannot be read. */
    int skipped() {
        int train = images(Split.TRAIN).skipped();
        // a share of the same pictures has counted the same
        return experiment.pictures().apart() ? train + images(Split.VALIDATION).skipped() : train;
    }

    /**
     * The pictures of a training step, drawn with replacement and augmented, always the same for the same key.
     *
     * @return uint8 {@code [b,3,s,s]}
     */
    NDArray drawn(int count, Key key, Scope scope) {
        Images images = images(Split.TRAIN);
        List<Picture> pictures = IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> {
                    Key one = key.at(i);
                    return images.get((int) (one.seed() % images.size()), one.at("augment"));
                })
                .toList();
        return array(pictures, scope);
    }

    /** Pictures of one size as uint8 {@code [b,3,s,s]}. */
    static NDArray array(List<Picture> pictures, Scope scope) {
        Picture first = pictures.get(0);
        ByteBuffer bytes = ByteBuffer.allocateDirect(pictures.size() * first.rgb().length);
        pictures.forEach(p -> bytes.put(p.rgb()));
        bytes.flip();
        Shape shape = new Shape(pictures.size(), 3, first.height(), first.width());
        return scope.manager().create(bytes, shape, DataType.UINT8);
    }

    /** Mean and standard deviation of each channel over up to 2048 training pictures, on pixels from −1 to 1. */
    float[][] survey() {
        Images images = images(Split.TRAIN);
        if (images.size() == 0) {
            throw new UserError("data: there are no pictures to train on");
        }
        int count = Math.min(SURVEYED, images.size());
        double[] sums = new double[3];
        double[] squares = new double[3];
        long pixels = 0;
        for (int n = 0; n < count; n++) {
            Picture picture = images.get((int) ((long) n * images.size() / count));
            int plane = picture.rgb().length / 3;
            pixels += plane;
            for (int i = 0; i < picture.rgb().length; i++) {
                double x = (picture.rgb()[i] & 0xFF) / 127.5 - 1;
                sums[i / plane] += x;
                squares[i / plane] += x * x;
            }
        }
        float[] means = new float[3];
        float[] deviations = new float[3];
        for (int c = 0; c < 3; c++) {
            double mean = sums[c] / pixels;
            means[c] = (float) mean;
            deviations[c] = (float) Math.max(1e-3, Math.sqrt(Math.max(0, squares[c] / pixels - mean * mean)));
        }
        return new float[][] {means, deviations};
    }
}
