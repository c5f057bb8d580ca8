package org.dnd4j.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The smallest experiment that makes the whole trip: two words, three steps of each training. */
final class Tiny {
    private static final String EXPERIMENT = """
            {"name": "tiny", "seed": 3, "data": {"glyphs": {"words": ["sun", "fox"], "side": 32, "sizes": 16, "count": 24,
               "heldOut": 0.25}},
             "tokenizer": {"autoencoder": {"rqvae": {"channels": 32, "multipliers": [1], "blocks": 1, "attention": [],
               "middle": "none", "latent": 8, "embed": 8, "patch": 8}}, "decomposition": {"residual": {}}, "depth": 2,
               "codes": 16, "training": {"steps": 3, "batch": 4, "learningRate": 1e-3}},
             "transformer": {"backbone": {"llama": {"dim": 32, "blocks": 2, "heads": 2}},
               "heads": {"dnd": {"positions": [0, 1]}}, "training": {"steps": 3, "batch": 4}},
             "sampling": {"perClass": 2, "options": {"guidance": 1.5}}}
            """;

    private Tiny() {}

    /** Writes it to {@code tiny.json} in a folder. */
    static Path in(Path folder) throws IOException {
        return Files.writeString(folder.resolve("tiny.json"), EXPERIMENT);
    }
}
