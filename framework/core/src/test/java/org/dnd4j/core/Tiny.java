package org.dnd4j.core;

/** An experiment that takes a second: two words, three steps of each training. */
public final class Tiny {
    public static final String EXPERIMENT = """
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
}
