package org.dnd4j.core.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.checkpoint.Safetensors;
import org.dnd4j.spi.UserError;
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

    /**
     * The weights as they were last moved, to be trained further.
     *
     * @throws UserError if one is missing or has another shape
     */
    public Weights weights(Torch torch, Collection<Weight> declared, Precision precision) {
        return Weights.load(torch, declared, precision, true, w -> floats(w, w.name()));
    }

    /** The weights to use: the averaged ones where there are some. */
    public Weights trained(Torch torch, Collection<Weight> declared, Precision precision) {
        return Weights.load(torch, declared, precision, false, w -> floats(w, averaged(w)));
    }

    /**
     * Writes weights that no training here has moved yet; the file is replaced whole or not at all.
     *
     * @param pieces in the order of the file
     */
    public static void write(Path path, Map<String, String> header, List<Piece> pieces, Torch torch) {
        try (Scope scope = torch.scope()) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            pieces.forEach(p -> arrays.put(
                    p.weight().name(), scope.manager().create(p.elements().get(), shape(p.weight().shape()))));
            Safetensors.write(path, header, arrays);
        }
    }

    private static Shape shape(List<Long> sizes) {
        return new Shape(sizes.stream().mapToLong(n -> n).toArray());
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
                long[] shape = shape(file.shape(name)).getShape();
                pieces.add(new Piece(Weight.of(name, shape), () -> file.floats(name)));
            }
        }
        return pieces;
    }

    private String averaged(Weight weight) {
        String averaged = "ema." + weight.name();
        return file.has(averaged) ? averaged : weight.name();
    }

    private float[] floats(Weight weight, String name) {
        float[] floats = file.floats(name);
        List<Long> shape = file.shape(name);
        if (!shape.equals(weight.shape())) {
            throw new UserError("weight '" + name + "' of the checkpoint is " + shape + ", the experiment wants "
                    + weight.shape());
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
