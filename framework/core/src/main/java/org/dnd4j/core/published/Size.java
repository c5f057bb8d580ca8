package org.dnd4j.core.published;

import java.util.List;
import java.util.Optional;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;

/**
 * A published size of transformer (REFERENCE B.1). Attention heads cannot be seen in a checkpoint, so they are known from
 * here; so is the guidance that published results were drawn with (REFERENCE B.5, D.1).
 *
 * @param name as papers and {@code args.gpt_model} have it, without {@code GPT-}
 * @param llamaGen whether it is LlamaGen's, where the DnD-Transformer has another size of this name
 * @param guidance of DnD-Transformers and of LlamaGen's
 */
public record Size(String name, boolean llamaGen, int layers, int dim, int heads, double dnd, double llamaGenGuidance) {
    static final List<Size> ALL = List.of(
            new Size("B", false, 12, 768, 12, 2, 2),
            new Size("L", false, 24, 1024, 16, 2, 2),
            new Size("XL", false, 36, 1280, 20, 2, 1.75),
            new Size("XXL", false, 48, 1536, 24, 2, 1.75),
            new Size("XXXL", false, 48, 2048, 32, 1.7, 1.65),
            new Size("XXXL", true, 48, 2560, 40, 1.7, 1.65),
            new Size("1B", false, 22, 2048, 32, 2, 1.75),
            new Size("3B", false, 24, 3200, 32, 2, 1.65),
            new Size("7B", false, 32, 4096, 32, 2, 1.65));

    /** The size with so many layers of that width. */
    static Optional<Size> of(int layers, int dim) {
        return ALL.stream().filter(s -> s.layers == layers && s.dim == dim).findFirst();
    }

    /**
     * The size of that name, which must be the one that the shapes show.
     *
     * @throws UserError if there is none, or it is another
     */
    static Size named(String name, int layers, int dim) {
        String plain = name.replaceFirst("^GPT-", "");
        List<Size> called = ALL.stream().filter(s -> s.name.equals(plain)).toList();
        if (called.isEmpty()) {
            throw new UserError("--preset " + name + ": is none"
                    + Nearest.among(plain, ALL.stream().map(Size::name).distinct().toList()));
        }
        return called.stream().filter(s -> s.layers == layers && s.dim == dim).findFirst().orElseThrow(() -> {
            Size size = called.get(0);
            return new UserError("--preset " + name + ": has " + size.layers + " layers of " + size.dim
                    + ", and the checkpoint " + layers + " of " + dim);
        });
    }

    /** What published results were drawn with. */
    double guidance(boolean theirs) {
        return theirs ? llamaGenGuidance : dnd;
    }

    /** Whether the llama plugin has it under this name. */
    boolean plugged() {
        return !llamaGen;
    }

    @Override
    public String toString() {
        return llamaGen ? name + " (LlamaGen's)" : name;
    }
}
