package org.dnd4j.core.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.checkpoint.ElementType;
import org.dnd4j.core.checkpoint.Narrow;
import org.dnd4j.core.checkpoint.Safetensors;
import org.dnd4j.core.checkpoint.SafetensorsWriter;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Elements;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * Everything that a training needs to go on as if it had never stopped: weights under their own names, the optimiser's
 * moments as {@code exp_avg.NAME} and {@code exp_avg_sq.NAME}, averaged weights as {@code ema.NAME}, what else the
 * objective keeps, and the step.
 */
public record Checkpoint(Safetensors file) {
    private static final Program RESTORE = Program.text(
            "restore.py", "def restore(self, to: Tensor, values: Tensor) -> Tensor:\n  return to.detach().copy_(values)\n");
    private static final String STEP = "step";
    private static final String PRECISION = "precision";
    private static final String COUNTS = ".*\\.(cluster_size|embed)_ema";

    /** The checkpoint in a file. */
    public static Checkpoint open(Path path) {
        return new Checkpoint(Safetensors.open(path));
    }

    /** Writes a checkpoint; the file is replaced whole or not at all. */
    static void write(
            Path path, long step, Weights weights, Optimizer optimizer, Objective objective, Map<String, String> header) {
        try (Scope scope = weights.torch().scope()) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            weights.declared().forEach(w -> arrays.put(w.name(), weights.get(w.name())));
            arrays.putAll(optimizer.state());
            arrays.putAll(objective.state());
            Map<String, String> metadata = new LinkedHashMap<>(header);
            metadata.put(STEP, Long.toString(step));
            Safetensors.write(path, metadata, arrays);
        }
    }

    /** How many steps have been taken. */
    public long step() {
        String step = file.metadata().getOrDefault(STEP, "0");
        if (!step.matches("\\d{1,18}")) {
            throw new UserError("the checkpoint's step is '" + step + "', which is no number");
        }
        return Long.parseLong(step);
    }

    /** What the weights are kept in; int8 and int4 only where a model was imported so. */
    public Precision kept() {
        return Precision.of(file.metadata().getOrDefault(PRECISION, Precision.FLOAT32.label()));
    }

    /**
     * The weights as they were last moved, to be trained further.
     *
     * @throws UserError if one is missing or has another shape, or if they are kept in fewer bits than training needs
     */
    public Weights weights(Torch torch, Collection<Weight> declared, Precision precision) {
        return Weights.read(torch, declared, precision, true, w -> trainable().elements(w, w.name()));
    }

    /**
     * The same, if it can be trained further.
     *
     * @throws UserError if it is kept in fewer bits than that takes
     */
    public Checkpoint trainable() {
        if (kept() == Precision.INT8 || kept() == Precision.INT4) {
            throw new UserError(file.path() + ": is kept in " + kept().label() + " and cannot be trained further: import it again with"
                    + " --precision float32 or bfloat16");
        }
        return this;
    }

    /** The weights to use: the averaged ones where there are some. */
    public Weights trained(Torch torch, Collection<Weight> declared, Precision precision) {
        return Weights.read(torch, declared, precision, false, w -> elements(w, averaged(w)));
    }

    /**
     * Writes weights that no training here has moved yet, one at a time; the file is replaced whole or not at all.
     *
     * @param pieces in the order of the file
     * @param kept what the file holds them in; in int8 and int4 those that are not matrices are float32
     */
    public static void write(Path path, Map<String, String> header, List<Piece> pieces, Precision kept) {
        Map<String, String> metadata = new LinkedHashMap<>(header);
        metadata.put(PRECISION, kept.label());
        SafetensorsWriter.write(path, metadata, pieces.stream().flatMap(p -> p.parts(kept)).toList());
    }

    /**
     * The weights to use, and what tables have counted; no moments.
     *
     * @throws UserError if a weight is missing or has another shape
     */
    public List<Piece> pieces(Collection<Weight> declared) {
        List<Piece> pieces = new ArrayList<>();
        declared.forEach(w -> pieces.add(new Piece(w, () -> floats(w, averaged(w)))));
        for (String name : file.names()) {
            if (name.matches(COUNTS)) {
                long[] shape = file.shape(name).stream().mapToLong(n -> n).toArray();
                pieces.add(new Piece(Weight.of(name, shape), () -> file.floats(name)));
            }
        }
        return pieces;
    }

    /** Whether there is a weight of that name and shape. */
    public boolean fits(Weight weight) {
        return file.has(averaged(weight)) && file.shape(averaged(weight)).equals(weight.shape());
    }

    private String averaged(Weight weight) {
        String averaged = "ema." + weight.name();
        return file.has(averaged) ? averaged : weight.name();
    }

    private Elements elements(Weight weight, String name) {
        List<Long> shape = file.shape(name);
        if (file.type(name) == ElementType.U8 && weight.matrix()) { // two a byte
            shape = List.of(shape.get(0), 2 * shape.get(1));
        }
        if (!shape.equals(weight.shape())) {
            throw new UserError("weight '" + name + "' of the checkpoint is " + shape + ", the experiment wants "
                    + weight.shape());
        }
        return switch (file.type(name)) {
            case F32 -> new Elements(Elements.Kind.FLOAT32, file.bytes(name), null);
            case BF16 -> new Elements(Elements.Kind.BFLOAT16, file.bytes(name), null);
            case I8 -> new Elements(Elements.Kind.INT8, file.bytes(name), file.bytes(Piece.scale(name)));
            case U8 -> new Elements(Elements.Kind.INT4, file.bytes(name), file.bytes(Piece.scale(name)));
            default -> throw new UserError(file.path() + ": '" + name + "' has elements of the kind " + file.type(name)
                    + "; a checkpoint's are float32, bfloat16, int8 or int4");
        };
    }

    private float[] floats(Weight weight, String name) {
        Elements e = elements(weight, name);
        float[] floats = file.floats(name);
        if (e.kind() == Elements.Kind.INT8) {
            float[] scales = file.floats(Piece.scale(name));
            for (int i = 0; i < floats.length; i++) {
                floats[i] *= scales[i / (floats.length / scales.length)];
            }
        } else if (e.kind() == Elements.Kind.INT4) {
            return Narrow.floats4(floats, file.floats(Piece.scale(name)), Math.toIntExact(weight.shape().get(0)));
        }
        return floats;
    }

    /** Puts optimiser and objective where they were; before the first step they may have been nowhere yet. */
    void restore(Weights weights, Optimizer optimizer, Objective objective) {
        Map<String, NDArray> state = new LinkedHashMap<>(optimizer.state());
        state.putAll(objective.state());
        if (step() == 0) {
            state.keySet().retainAll(file.names());
        }
        state.forEach((name, array) -> {
            try (Scope scope = weights.torch().scope()) {
                long[] shape = array.getShape().getShape();
                weights.call(RESTORE, "restore", array, scope.manager().create(file.floats(name), new Shape(shape)));
            }
        });
    }
}
