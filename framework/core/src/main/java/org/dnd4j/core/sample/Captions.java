package org.dnd4j.core.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Npy;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.model.Condition;
import org.dnd4j.core.model.Given;
import org.dnd4j.spi.UserError;

/**
 * Captions to draw pictures of, as the features that a language model has made of their tokens. Padding stands first, as
 * the published models take it (REFERENCE D.1): tokens that are there are moved to the end.
 *
 * @param shape C and width
 * @param features of each caption, row-major {@code [C,width]}
 * @param present of each caption, {@code [C]}: false for padding
 */
public record Captions(Condition.Captions shape, List<float[]> features, List<boolean[]> present) {
    private static final String FEATURES = "features";
    private static final String MASK = "mask";

    /** Numbers and what to call them. */
    private record Numbers(String name, List<Long> shape, float[] values) {
        Numbers(String name, Stored stored) {
            this(name, Arrays.stream(stored.shape()).boxed().toList(), stored.floats());
        }
    }

    /**
     * Reads captions.
     *
     * @param file {@code .npy}, or a container, such as {@code .safetensors}, with {@code features} and perhaps
     *     {@code mask}: features {@code [n,T,width]}, T up to C
     * @param maskFile {@code .npy} {@code [n,T]}, not 0 where a token is there; null if all are, or the mask is in
     *     {@code file}
     * @param shape what the model takes
     * @throws UserError if one cannot be read or has another shape, or a feature is no number
     */
    public static Captions read(Path file, Path maskFile, Condition.Captions shape) {
        if (file.getFileName().toString().endsWith(".npy")) {
            return of(array(file), maskFile == null ? null : array(maskFile), shape);
        }
        try (Container container = Container.open(file)) {
            Map<String, Stored> tensors = container.tensors();
            if (!tensors.containsKey(FEATURES)) {
                throw new UserError(file + ": holds no '" + FEATURES + "', only " + tensors.keySet());
            }
            if (maskFile != null && tensors.containsKey(MASK)) {
                throw new UserError(maskFile + ": is one mask too many: " + file + " holds one as well");
            }
            Numbers mask = tensors.containsKey(MASK)
                    ? new Numbers(file + ": '" + MASK + "'", tensors.get(MASK))
                    : maskFile == null ? null : array(maskFile);
            return of(new Numbers(file + ": '" + FEATURES + "'", tensors.get(FEATURES)), mask, shape);
        }
    }

    private static Numbers array(Path file) {
        return new Numbers(file + ": the array", Npy.read(file));
    }

    private static Captions of(Numbers features, Numbers mask, Condition.Captions shape) {
        List<Long> sizes = features.shape();
        if (sizes.size() != 3 || sizes.get(0) < 1 || sizes.get(1) < 1 || sizes.get(1) > shape.tokens()
                || sizes.get(2) != shape.width()) {
            throw new UserError(features.name() + " is " + sizes + ": the features of captions must be [n, up to "
                    + shape.tokens() + ", " + shape.width() + "]");
        }
        if (mask != null && !mask.shape().equals(sizes.subList(0, 2))) {
            throw new UserError(mask.name() + " is " + mask.shape() + ": a mask must be " + sizes.subList(0, 2)
                    + ", as the features are");
        }
        int n = sizes.get(0).intValue();
        int there = sizes.get(1).intValue();
        float[][] moved = new float[n][shape.tokens() * shape.width()];
        boolean[][] present = new boolean[n][shape.tokens()];
        for (int i = 0; i < n; i++) {
            int to = shape.tokens();
            for (int t = there - 1; t >= 0; t--) {
                if (mask == null || mask.values()[i * there + t] != 0) {
                    present[i][--to] = true;
                    System.arraycopy(
                            features.values(), (i * there + t) * shape.width(), moved[i], to * shape.width(), shape.width());
                }
            }
            for (float f : moved[i]) {
                if (!Float.isFinite(f)) {
                    throw new UserError(features.name() + " holds a feature of caption " + i + " that is no number: " + f);
                }
            }
        }
        return new Captions(shape, List.of(moved), List.of(present));
    }

    /** How many there are. */
    public int count() {
        return features.size();
    }

    /**
     * Some of them on the device.
     *
     * @param which the caption of each picture, by number
     */
    public Given.Captions given(int[] which, NDManager manager) {
        int tokens = shape.tokens();
        float[] all = new float[which.length * tokens * shape.width()];
        boolean[] there = new boolean[which.length * tokens];
        for (int i = 0; i < which.length; i++) {
            System.arraycopy(features.get(which[i]), 0, all, i * tokens * shape.width(), tokens * shape.width());
            System.arraycopy(present.get(which[i]), 0, there, i * tokens, tokens);
        }
        NDArray withheld = manager.create(new boolean[which.length]); // [b]
        return new Given.Captions(
                manager.create(all, new Shape(which.length, tokens, shape.width())), // [b,C,width]
                manager.create(there, new Shape(which.length, tokens)), // [b,C]
                withheld);
    }
}
