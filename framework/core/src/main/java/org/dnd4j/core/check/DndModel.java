package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.model.Condition;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.model.Given;
import org.dnd4j.core.published.LlamaGenNames;
import org.dnd4j.core.published.StateDict;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/**
 * The reference's transformer as a case's configuration describes it, with the weights of its checkpoint: a
 * DnD-Transformer, or one of LlamaGen's, which are DnD-Transformers of one head under other names (REFERENCE B.1, D.1).
 *
 * @param transformer what users train and sample
 * @param published its weights
 */
record DndModel(DndTransformer transformer, StateDict published) {

    /** Whether a configuration is one of a DnD-Transformer. */
    static boolean described(Case c) {
        return c.config().containsKey("pred_head_positions") && c.config().containsKey("n_layer");
    }

    /** Whether a configuration is one of LlamaGen's transformers, which know no positions of heads. */
    static boolean plain(Case c) {
        return !c.config().containsKey("pred_head_positions")
                && c.config().keySet().containsAll(List.of("n_layer", "n_head", "dim", "vocab_size", "block_size"));
    }

    /**
     * The model.
     *
     * @param heads the topology's plugin: {@code dnd}, {@code parallel} and {@code vertical} of the paper's ablations, or
     *     {@code one} for LlamaGen's
     */
    static DndModel of(Case c, Check.Machine machine, String heads, Container file) {
        Map<String, Object> config = c.config();
        StateDict published = StateDict.in(file);
        if (plain(c)) {
            published = LlamaGenNames.here(published);
        }
        int width = Case.whole(config, "dim");
        Map<String, Object> llama = new HashMap<>();
        llama.put("dim", width);
        llama.put("blocks", Case.whole(config, "n_layer"));
        llama.put("heads", Case.whole(config, "n_head"));
        llama.put("multipleOf", (int) Case.number(config.get("multiple_of"), 256));
        llama.put("residualDropout", Case.number(config.get("resid_dropout_p"), 0));
        llama.put("feedForwardDropout", Case.number(config.get("ffn_dropout_p"), 0));
        llama.put("condition", "zero");
        Backbone backbone = machine.plugins().plugin(Backbone.class, "llama", llama);
        List<Integer> positions = Case.wholes(config.get("pred_head_positions"));
        int depth = Math.max(1, positions.size());
        HeadTopology topology = machine.plugins()
                .plugin(
                        HeadTopology.class,
                        heads,
                        positions.isEmpty() || heads.equals("parallel") ? Map.of() : Map.of("positions", positions));
        int grid = (int) Math.round(Math.sqrt(Case.whole(config, "block_size")));
        DndTransformer transformer = new DndTransformer(
                backbone,
                topology.taps(backbone.layers(), depth),
                CodeSpace.of(width, depth, Case.whole(config, "vocab_size")),
                grid,
                grid,
                condition(config),
                DndTransformer.Embeddings.SHARED,
                Case.number(config.get("share_prediction_heads"), 0) > 0 || depth > 1 && published.tied("output.0.weight", "output.1.weight"),
                Case.number(config.get("token_dropout_p"), 0));
        return new DndModel(transformer, published);
    }

    private static Condition condition(Map<String, Object> config) {
        return "t2i".equals(config.get("model_type"))
                ? new Condition.Captions(Case.whole(config, "cls_token_num"), Case.whole(config, "caption_dim"))
                : new Condition.Classes(
                        Case.whole(config, "num_classes"), Case.number(config.get("class_dropout_prob"), 0) > 0);
    }

    /** What a case's pictures are asked for by: captions where there are some, else the classes of {@code labels}. */
    static Given given(Case c, String labels, Torch torch) {
        if (!c.has("caption_emb")) {
            return new Given.Labels(longs(c.array(labels), torch)); // [b]
        }
        Stored features = c.array("caption_emb"); // [b,C,width]
        NDArray present = longs(c.array("emb_mask"), torch).neq(0); // [b,C]
        NDArray withheld = torch.manager().zeros(new Shape(features.size(0)), DataType.BOOLEAN); // [b]
        return new Given.Captions(
                torch.manager().create(features.floats(), new Shape(features.shape())), present, withheld);
    }

    /** Recorded codes, int64 {@code [n,S,D]}; LlamaGen records them without the last dimension. */
    static NDArray codes(Stored stored, Torch torch) {
        NDArray codes = longs(stored, torch);
        return stored.shape().length == 2 ? codes.expandDims(2) : codes; // [n,S,D]
    }

    Weights weights(Check.Machine machine, boolean training) {
        Precision precision = training ? machine.training() : machine.precision();
        return Weights.load(machine.torch(), transformer.weights(), precision, training, published.source());
    }

    /** Recorded whole numbers as int64, of their own shape. */
    static NDArray longs(Stored stored, Torch torch) {
        return torch.manager().create(stored.longs(), new Shape(stored.shape()));
    }
}
