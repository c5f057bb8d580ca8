package org.dnd4j.core.image;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.guard.Law;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;

/**
 * Images as codes and back. Images are float32 {@code [b,3,s,s]} in [−1, 1]; the network sees each channel with its mean
 * subtracted and divided by its deviation, two weights that are set before training and stay ({@code pixels.mean},
 * {@code pixels.deviation}; 0 and 1 in published tokenizers, which have none).
 */
public record Tokenizer(Autoencoder autoencoder, Quantizer quantizer) {
    private static final Program PROGRAM = Program.of(Tokenizer.class, "tokenizer.py");
    private static final String MEAN = "pixels.mean";
    private static final String DEVIATION = "pixels.deviation";

    /** What a training may leave as it is. */
    public enum Part {
        ENCODER,
        DECODER,
        /** Tables, small networks, and all else that makes codes of latents. */
        DECOMPOSITION
    }

    /** The autoencoder's weights at the root, the decomposition's under {@code quantizer}, and the pixels'. */
    public List<Weight> weights() {
        List<Weight> weights = new ArrayList<>(autoencoder.weights());
        for (Weight weight : quantizer.decomposition().weights(quantizer.space())) {
            weights.add(weight.under("quantizer"));
        }
        weights.add(Weight.of(MEAN, 3).learning(Learns.FIXED));
        weights.add(Weight.of(DEVIATION, 3).constant(1).learning(Learns.FIXED));
        return weights;
    }

    /**
     * The same, those of some parts declared to be never moved: they take no gradient, and no optimiser has them. To
     * which part of the autoencoder a weight belongs is seen from gradients, whatever it is called; one that both encoding
     * and decoding ask for belongs to both.
     *
     * @param parts of {@link Part}
     * @param side pixels along an edge
     */
    public List<Weight> weights(Set<Part> parts, Torch torch, int side) {
        Set<String> fixed = new HashSet<>();
        if (parts.contains(Part.ENCODER) && parts.contains(Part.DECODER)) {
            autoencoder.weights().forEach(weight -> fixed.add(weight.name()));
        } else if (parts.contains(Part.ENCODER)) {
            Shape image = new Shape(1, 3, side, side);
            fixed.addAll(reached(torch, w -> autoencoder.encode(torch.manager().zeros(image), w)));
        } else if (parts.contains(Part.DECODER)) {
            int grid = side / autoencoder.factor();
            Shape latents = new Shape(1, grid, grid, autoencoder.width());
            fixed.addAll(reached(torch, w -> autoencoder.decode(torch.manager().zeros(latents), w)));
        }
        boolean codes = parts.contains(Part.DECOMPOSITION);
        return weights().stream()
                .map(w -> fixed.contains(w.name()) || codes && ofDecomposition(w)
                        ? w.learning(Learns.FIXED)
                        : w)
                .toList();
    }

    /** Whether one of {@link #weights} is the decomposition's. */
    public static boolean ofDecomposition(Weight weight) {
        return weight.name().startsWith("quantizer.");
    }

    /** The names of the autoencoder's weights that a result depends on. */
    private Set<String> reached(Torch torch, Function<Weights, NDArray> result) {
        Weights w = Weights.start(torch, autoencoder.weights(), Precision.FLOAT32, true, Key.of(0));
        try (Scope scope = torch.scope();
                Torch.Tape tape = torch.record()) {
            Map<Weight, NDArray> trainable = w.trainable();
            NDArray sum = result.apply(w).sum(); // []
            boolean[] found = w.run(PROGRAM, "reached", sum, new NDList(trainable.values())).toBooleanArray();
            Set<String> names = new HashSet<>();
            int i = 0;
            for (Weight weight : trainable.keySet()) {
                if (found[i++]) {
                    names.add(weight.name());
                }
            }
            return names;
        } finally {
            w.close();
        }
    }

    /** Bytes {@code [b,3,s,s]} as floats in [−1, 1]. */
    public NDArray pixels(NDArray bytes) {
        return bytes.toType(DataType.FLOAT32, true).div(255f).sub(0.5f).div(0.5f); // [b,3,s,s]
    }

    /** Images as the network sees them. */
    public NDArray standardise(NDArray images, Weights w) {
        return images.sub(channels(w, MEAN)).div(channels(w, DEVIATION)); // [b,3,s,s]
    }

    /** What the network makes, as images; not clipped. */
    public NDArray restore(NDArray standardised, Weights w) {
        return standardised.mul(channels(w, DEVIATION)).add(channels(w, MEAN)); // [b,3,s,s]
    }

    private static NDArray channels(Weights w, String name) {
        return w.get(name).reshape(1, 3, 1, 1); // [1,3,1,1]
    }

    /** Images as latents {@code [b,h,w,c]}. */
    public NDArray latents(NDArray images, Weights w) {
        NDArray standardised = standardise(images, w); // [b,3,s,s]
        return Law.finite("A1", autoencoder, "encode", toLatents(standardised, w), standardised); // [b,h,w,c]
    }

    /** Latents {@code [b,h,w,c]} as images. */
    public NDArray images(NDArray latents, Weights w) {
        return restore(Law.finite("A1", autoencoder, "decode", fromLatents(latents, w), latents), w); // [b,3,s,s]
    }

    /** Standardised images {@code [b,3,s,s]} as latents {@code [b,h,w,c]}, held to law A1. */
    public NDArray toLatents(NDArray standardised, Weights w) {
        Shape s = standardised.getShape();
        int factor = autoencoder.factor();
        Shape grid = new Shape(s.get(0), s.get(2) / factor, s.get(3) / factor, autoencoder.width());
        return Law.floats("A1", autoencoder, "encode", autoencoder.encode(standardised, w), grid, standardised); // [b,h,w,c]
    }

    /** Latents {@code [b,h,w,c]} as standardised images {@code [b,3,s,s]}, held to law A1. */
    public NDArray fromLatents(NDArray latents, Weights w) {
        Shape s = latents.getShape();
        int factor = autoencoder.factor();
        Shape wanted = new Shape(s.get(0), 3, s.get(1) * factor, s.get(2) * factor);
        return Law.floats("A1", autoencoder, "decode", autoencoder.decode(latents, w), wanted, latents); // [b,3,s,s]
    }

    /** Images as codes, int64 {@code [b,h,w,D]}. */
    public NDArray encode(NDArray images, Weights w) {
        NDArray z = latents(images, w); // [b,h,w,c]
        return quantized(z, w).codes().reshape(grid(z, quantizer.space().depth())); // [b,h,w,D]
    }

    private Quantizer.Quantized quantized(NDArray z, Weights w) {
        Quantizer.Quantized q = quantizer.quantize(rows(z), w.at("quantizer"));
        Law.finite("D2", quantizer.decomposition(), "decode", q.last(), z);
        return q;
    }

    /** Codes int64 {@code [b,h,w,k]}, k ≤ D, as images. */
    public NDArray decode(NDArray codes, Weights w) {
        NDList decoded = quantizer.decode(rows(codes), w.at("quantizer"));
        return images(decoded.get(decoded.size() - 1).reshape(grid(codes, quantizer.space().width())), w); // [b,3,s,s]
    }

    /** Images as 1, 2, … D codes describe them, each {@code [b,3,s,s]}. */
    public NDList reconstruct(NDArray images, Weights w) {
        NDArray z = latents(images, w); // [b,h,w,c]
        NDList reconstructed = new NDList();
        for (NDArray decoded : quantized(z, w).decoded()) {
            reconstructed.add(images(decoded.reshape(z.getShape()), w)); // [b,3,s,s]
        }
        return reconstructed;
    }

    private static NDArray rows(NDArray grid) {
        return grid.reshape(-1, grid.getShape().get(3)); // [b·h·w,c]
    }

    private static Shape grid(NDArray like, long last) {
        Shape s = like.getShape();
        return new Shape(s.get(0), s.get(1), s.get(2), last);
    }
}
