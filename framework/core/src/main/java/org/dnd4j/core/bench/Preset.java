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
 * A model to measure: a llama with two dnd heads and shared embeddings.
 *
 * @param dim d, the length of a token's hidden state
 * @param heads attention heads
 * @param codes K, how many codes a depth has
 * @param side of the code grid: the cache is for side² positions
 */
public record Preset(String name, int blocks, int dim, int heads, int codes, int side) {
    /** Those that have a name. */
    public static final List<Preset> NAMED =
            List.of(new Preset("toy", 4, 256, 4, 1024, 16), new Preset("b", 12, 768, 12, 16384, 16));

    static final int DEPTH = 2;
    private static final int CLASSES = 1000;

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

    /** The model, put together from plugins. */
    DndTransformer model(ExperimentReader plugins) {
        Backbone llama = plugins.plugin(Backbone.class, "llama", Map.of("dim", dim, "blocks", blocks, "heads", heads));
        HeadTopology dnd = plugins.plugin(HeadTopology.class, "dnd", Map.of());
        return new DndTransformer(llama, dnd.taps(blocks, DEPTH), CodeSpace.of(4, DEPTH, codes), side, side,
                new Condition.Classes(CLASSES, true), DndTransformer.Embeddings.SHARED, false, 0);
    }
}
