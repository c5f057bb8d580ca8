package org.dnd4j.core.bench;

import java.util.Collection;
import java.util.List;
import org.dnd4j.core.checkpoint.Narrow;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weight;

/** What a work cannot do without, however it is done: bytes that must be read, operations that must be computed. */
final class Floor {
    /** A product forward, and two backward: for what was multiplied and for the weights. */
    static final int TRAINING = 3;

    private Floor() {}

    /**
     * The bytes of all matrices, and of their scales where there are some: in int8 a bfloat16 a row, in int4 two a
     * group of 128. Embeddings are no matrices: a row of them is read, not the table.
     */
    static double bytes(Collection<Weight> declared, Precision precision) {
        return declared.stream()
                .filter(Weight::matrix)
                .mapToDouble(w -> switch (precision) {
                    case FLOAT32 -> 4. * w.size();
                    case BFLOAT16 -> 2. * w.size();
                    case INT8 -> w.size() + 2. * w.shape().get(0);
                    case INT4 -> w.size() / 2. + 4. * w.shape().get(0) * Narrow.groups(w.shape().get(1));
                })
                .sum();
    }

    /** A multiplication and an addition per token and element of a matrix, three times; attention's own products aside. */
    static double training(Collection<Weight> declared, long tokens) {
        return TRAINING * 2. * tokens * declared.stream().filter(Weight::matrix).mapToLong(Weight::size).sum();
    }

    /**
     * What an rqvae's convolutions compute for a picture; attention's own products aside.
     *
     * @param names which weights, by how their names begin
     */
    static double convolutions(Collection<Weight> declared, Preset.Network network, List<String> names) {
        return declared.stream()
                .filter(w -> w.shape().size() == 4 && names.stream().anyMatch(w.name()::startsWith))
                .mapToDouble(w -> {
                    long side = network.side() >> level(w.name(), network.levels());
                    return 2. * w.size() * side * side;
                })
                .sum();
    }

    /** Which level a convolution writes to, by its published name (REFERENCE A.1); each level halves the sides. */
    private static int level(String name, int levels) {
        String[] parts = name.split("\\.");
        boolean blocks = parts.length > 3 && (parts[1].equals("down") || parts[1].equals("up"));
        if (blocks) {
            int level = Integer.parseInt(parts[2]);
            return parts[3].equals("downsample") ? level + 1 : parts[3].equals("upsample") ? level - 1 : level;
        }
        return name.startsWith("encoder.conv_in") || name.startsWith("decoder.conv_out") ? 0 : levels - 1;
    }

    /**
     * The products that a search takes, greedy or by beam: one a depth with the whole table.
     *
     * @param vectors n, each of {@code width} c
     * @param beam prefixes that are kept from the first depth on
     */
    static double search(long vectors, long width, long codes, int depth, int beam) {
        return 2. * vectors * width * codes * (1 + (double) beam * (depth - 1));
    }
}
