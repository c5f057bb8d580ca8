package org.dnd4j.core.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dnd4j.core.model.Decoding;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.model.Given;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.spi.Tap;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weights;

/**
 * The same drawing by one program that knows the whole model, one call a position: what the seam between plugins is
 * measured against. It reads the same weights, and has codes and cache of its own.
 *
 * @param drawing begun for this alone; its plugins are not called again
 * @param attention heads of the backbone
 */
record Fused(Generation.Drawing drawing, int attention, double guidance, boolean greedy,
        Weights.Group layers, Weights.Group heads, Weights.Group tables, long[] taps) {
    private static final Program PROGRAM = Program.of(Fused.class, "fused.py");

    /** For a llama with dnd heads and shared embeddings. */
    static Fused of(Generation.Drawing drawing, Preset preset, double guidance, boolean greedy) {
        DndTransformer model = (DndTransformer) drawing.decoding().model();
        List<String> layers = new ArrayList<>();
        List<String> heads = new ArrayList<>();
        for (int i = 0; i < preset.blocks(); i++) {
            String layer = "layers." + i + ".";
            Stream.of("attention_norm", "attention.wqkv", "attention.wo", "ffn_norm", "feed_forward.w1",
                            "feed_forward.w3", "feed_forward.w2")
                    .forEach(n -> layers.add(layer + n + ".weight"));
        }
        for (int k = 0; k < model.depth(); k++) {
            heads.add("norm." + k + ".weight");
            heads.add("output." + k + ".weight");
        }
        List<String> tables = new ArrayList<>(List.of("cls_embedding.embedding_table.weight"));
        model.taps().forEach(t -> tables.add("tok_embeddings.weight"));
        Weights w = drawing.decoding().weights();
        return new Fused(drawing, preset.heads(), guidance, greedy, w.group(layers), w.group(heads), w.group(tables),
                model.taps().stream().mapToLong(Tap::layer).toArray());
    }

    /** Draws all codes of one position. */
    void position(int p) {
        Decoding decoding = drawing.decoding();
        Weights w = decoding.weights();
        try (Scope step = w.torch().scope()) {
            w.run(PROGRAM, "position", codes(), ((Given.Labels) decoding.given()).labels(), drawing.sampler().uniforms(),
                    decoding.state().get(0), decoding.state().get(1), layers, heads, tables, p, attention, taps, guidance,
                    greedy, decoding.state().get(1).getDataType() != DataType.FLOAT32);
        }
    }

    NDArray codes() {
        return drawing.codes();
    }
}
