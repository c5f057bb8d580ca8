package org.dnd4j.core.bench;

import java.util.List;
import java.util.Map;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.core.model.Condition;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.UserError;

/**
 * A model to measure, a llama with dnd heads and shared embeddings, and the tokenizer that goes with it.
 *
 * @param dim d, the length of a token's hidden state
 * @param heads attention heads
 * @param codes K, how many codes a depth has
 * @param side of the code grid: the cache is for side² positions
 */
public record Preset(String name, int blocks, int dim, int heads, int codes, int side) {
    /** Those that have a name: one for tests, and the published sizes for 256×256 pictures. */
    public static final List<Preset> NAMED = List.of(
            new Preset("toy", 4, 256, 4, 1024, 16),
            new Preset("b", 12, 768, 12, 16384, 16),
            new Preset("l", 24, 1024, 16, 16384, 16),
            new Preset("xl", 36, 1280, 20, 16384, 16),
            new Preset("xxl", 48, 1536, 24, 16384, 16));

    /** D, unless another is asked for. */
    static final int DEPTH = 2;

    static final int CLASSES = 1000;
    private static final int SMALL = 512;

    /** A tokenizer's network by the settings of {@code rqvae}, its pictures' side in pixels, and c of its latents. */
    record Network(String name, Map<String, ?> settings, int levels, int side, int width) {
        static final Network F16 = new Network("f16", Map.of(), 5, 256, 256);
        static final Network F2 = new Network(
                "f2",
                Map.of("channels", 32, "multipliers", List.of(1, 2), "blocks", 1, "attention", List.of(16), "resolution", 32,
                        "latent", 16, "embed", 16),
                2,
                32,
                16);
    }

    /**
     * The preset of that name.
     *
     * @throws UserError naming the known ones
     */
    public static Preset of(String name) {
        return NAMED.stream().filter(p -> p.name.equals(name)).findFirst().orElseThrow(() -> new UserError(
                "unknown preset '" + name + "'" + Nearest.among(name, NAMED.stream().map(Preset::name).toList())));
    }

    /** S, the number of positions. */
    int positions() {
        return side * side;
    }

    /** The published one, or a small one beside a small model. */
    Network network() {
        return dim < SMALL ? Network.F2 : Network.F16;
    }

    /** The model, put together from plugins; of {@code depth} codes a position. */
    DndTransformer model(ExperimentReader plugins, int depth) {
        Backbone llama = plugins.plugin(Backbone.class, "llama", Map.of("dim", dim, "blocks", blocks, "heads", heads));
        HeadTopology dnd = plugins.plugin(HeadTopology.class, "dnd", Map.of());
        return new DndTransformer(llama, dnd.taps(blocks, depth), CodeSpace.of(4, depth, codes), side, side,
                new Condition.Classes(CLASSES, true), DndTransformer.Embeddings.SHARED, false, 0);
    }
}
