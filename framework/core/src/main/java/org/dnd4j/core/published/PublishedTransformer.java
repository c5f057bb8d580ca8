package org.dnd4j.core.published;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;

/**
 * A published transformer as its tensors show it, and the arguments that its training kept beside them (REFERENCE B.1, I.4).
 * What neither says is as in the published samplers.
 *
 * @param layers of the backbone
 * @param dim width of a token
 * @param hidden width of the feed-forward
 * @param vocabulary K, the rows of the token table
 * @param depth D, the number of heads
 * @param classRows rows of the class table, one for "no class" included; 0 if it is asked by captions
 * @param captions tokens and width of a caption's features; empty if it is asked by classes
 * @param tied whether one output matrix serves all depths
 * @param args what the training was called with; empty if the file does not say
 */
public record PublishedTransformer(
        int layers,
        int dim,
        int hidden,
        int vocabulary,
        int depth,
        int classRows,
        List<Integer> captions,
        boolean tied,
        Map<?, ?> args) {
    private static final String TOKENS = "tok_embeddings.weight";
    private static final String CLASSES = "cls_embedding.embedding_table.weight";
    private static final String NO_CAPTION = "cls_embedding.uncond_embedding";
    private static final Map<Integer, List<Integer>> RELEASED =
            Map.of(1, List.of(47), 2, List.of(39, 47), 8, List.of(26, 29, 32, 35, 38, 41, 44, 47));
    private static final int RELEASED_LAYERS = 48;

    /** Whether a state dict is one of a transformer of this family, or of LlamaGen's under names of this house. */
    public static boolean in(StateDict dict) {
        return dict.tensors().keySet().stream().anyMatch(n -> n.startsWith("tok_embeddings."));
    }

    /**
     * The transformer of a state dict under the names of this house.
     *
     * @param where names it in messages
     * @throws UserError if it is not one
     */
    public static PublishedTransformer of(StateDict dict, Map<?, ?> args, String where) {
        Stored tokens = matrix(dict, TOKENS, where);
        boolean byCaptions = dict.tensors().containsKey(NO_CAPTION);
        Stored classes = matrix(dict, byCaptions ? NO_CAPTION : CLASSES, where); // [rows,d], or [tokens,width]
        Stored first = matrix(dict, "layers.0.feed_forward.w1.weight", where);
        int depth = Math.max(count(dict, "norm."), count(dict, "output."));
        if (depth == 0) {
            throw new UserError(where + ": has no output.0.weight, so it is not a DnD-Transformer");
        }
        boolean tied = Boolean.TRUE.equals(args.get("share_prediction_heads"))
                || depth > 1 && dict.tied("output.0.weight", "output.1.weight");
        return new PublishedTransformer(
                count(dict, "layers."),
                tokens.size(1),
                first.size(0),
                tokens.size(0),
                depth,
                byCaptions ? 0 : classes.size(0),
                byCaptions ? List.of(classes.size(0), classes.size(1)) : List.of(),
                tied,
                args);
    }

    private static Stored matrix(StateDict dict, String name, String where) {
        Stored stored = dict.tensors().get(name);
        if (stored == null || stored.shape().length != 2) {
            throw new UserError(where + ": has no matrix " + name + ", so it is not a transformer of this family");
        }
        return stored;
    }

    /** One more than the highest number behind a prefix. */
    private static int count(StateDict dict, String prefix) {
        return dict.tensors().keySet().stream()
                .filter(n -> n.startsWith(prefix))
                .map(n -> n.substring(prefix.length()).replaceFirst("\\..*", ""))
                .filter(n -> n.matches("\\d{1,6}"))
                .mapToInt(n -> Integer.parseInt(n) + 1)
                .max()
                .orElse(0);
    }

    /**
     * The published size that it has.
     *
     * @param preset one that is said to be it, or null
     */
    public Optional<Size> size(String preset) {
        return preset == null ? Size.of(layers, dim) : Optional.of(Size.named(preset, layers, dim));
    }

    /** The backbone's settings; without {@code heads} where neither shapes nor a size say how many there are. */
    Map<String, Object> backbone(Optional<Size> size, List<Fact> facts) {
        Map<String, Object> llama = new LinkedHashMap<>();
        if (size.isPresent() && size.get().plugged()) {
            llama.put("preset", size.get().name());
        } else {
            llama.put("dim", dim);
            llama.put("blocks", layers);
            size.ifPresent(s -> llama.put("heads", s.heads()));
        }
        int multiple = multipleOf();
        if (multiple != 256) {
            llama.put("multipleOf", multiple);
        }
        dropout("dropout_p", "residualDropout", llama);
        dropout("dropout_p", "feedForwardDropout", llama);
        dropout("drop_path_rate", "dropPath", llama);
        llama.put("condition", "zero");
        facts.add(new Fact("backbone", layers + " layers of " + dim
                + size.map(s -> ", " + s.heads() + " attention heads: " + s).orElse(""), "shapes"));
        return llama;
    }

    private void dropout(String argument, String setting, Map<String, Object> llama) {
        double share = number(argument, 0);
        if (args.containsKey(argument)) {
            llama.put(setting, number("drop_path_rate", 0) > 0 && !setting.equals("dropPath") ? 0 : share);
        }
    }

    /** The largest power of two that the width of the feed-forward is rounded up to a multiple of (REFERENCE B.1). */
    private int multipleOf() {
        for (int multiple = 256; multiple > 1; multiple /= 2) {
            if ((8 * dim / 3 + multiple - 1) / multiple * multiple == hidden) {
                return multiple;
            }
        }
        return 1;
    }

    /**
     * The layers that heads stand after, counted from 0.
     *
     * @param said by the one who imports, or null
     */
    List<Integer> positions(List<Integer> said, List<Fact> facts) {
        List<Integer> positions;
        String from;
        List<Integer> trained = argument("pred_head_positions");
        if (said != null) {
            positions = said;
            from = "--heads";
        } else if (!trained.isEmpty()) {
            positions = trained;
            from = "args.pred_head_positions";
        } else if (layers == RELEASED_LAYERS && RELEASED.containsKey(depth)) {
            positions = RELEASED.get(depth);
            from = "the released positions of " + depth + (depth == 1 ? " head" : " heads");
        } else if (depth == 1) {
            positions = List.of(layers - 1);
            from = "the last layer";
        } else {
            throw new UserError("behind which layers the " + depth + " heads stand is not in the file, and no released model"
                    + " has " + depth + " heads on " + layers + " layers: say it, as in --heads " + (layers / 2 - 1) + ","
                    + (layers - 1));
        }
        if (positions.size() != depth) {
            throw new UserError(from + " names " + positions.size() + " layers, " + positions + ", and there are " + depth
                    + " heads: give one layer a head, with --heads");
        }
        facts.add(new Fact("heads", "behind layers " + positions, from));
        return positions;
    }

    /** A list of numbers, which argument parsers keep as a text. */
    private List<Integer> argument(String name) {
        Object value = args.get(name);
        if (value instanceof List<?> list) {
            return list.stream().map(n -> ((Number) n).intValue()).toList();
        }
        String text = value == null ? "" : value.toString().replaceAll("[\\[\\] ]", "");
        return text.matches("\\d{1,6}(,\\d{1,6})*")
                ? Arrays.stream(text.split(",")).map(Integer::valueOf).toList()
                : List.of();
    }

    /**
     * How many classes there are, a row for "no class" not counted.
     *
     * @param named how many names the one who imports gave; 0 for none
     */
    int classes(int named, List<Fact> facts) {
        if (!captions.isEmpty()) {
            facts.add(new Fact("captions", captions.get(0) + " tokens of " + captions.get(1) + " features", NO_CAPTION));
            return 0;
        }
        int classes;
        String from;
        if (args.get("num_classes") instanceof Number n && (n.intValue() == classRows || n.intValue() == classRows - 1)) {
            classes = n.intValue();
            from = "args.num_classes";
        } else if (named > 0 && (named == classRows || named == classRows - 1)) {
            classes = named;
            from = "--labels";
        } else {
            classes = classRows == 1 ? 1 : classRows - 1;
            from = "the rows of " + CLASSES + ", the last one for no class, as published";
        }
        facts.add(new Fact("classes", classes + (classes < classRows ? " and none" : ""), from));
        return classes;
    }

    /** The share of labels that training withheld. */
    double classDropout(int classes) {
        return captions.isEmpty() && classes == classRows ? 0 : Math.max(number("class_dropout_prob", 0.1), 1e-6);
    }

    /** The share of token embeddings that training dropped. */
    double tokenDropout() {
        return number("token_dropout_p", 0.1);
    }

    /** The side of the code grid that training saw, or 0 if the file does not say. */
    int grid() {
        double factor = number("downsample_size", 0);
        return factor > 0 ? (int) (number("image_size", 0) / factor) : 0;
    }

    private double number(String argument, double otherwise) {
        return args.get(argument) instanceof Number n ? n.doubleValue() : otherwise;
    }

    /** Everything as the plan of an experiment, but for what the backbone does not say. */
    Map<String, Object> plan(Map<String, Object> backbone, List<Integer> positions, int classes) {
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("backbone", Map.of("llama", backbone));
        plan.put("heads", depth == 1
                ? Map.of("one", Map.of("positions", positions))
                : Map.of("dnd", Map.of("positions", positions)));
        if (!captions.isEmpty()) {
            plan.put("condition", Map.of("captions", Map.of("tokens", captions.get(0), "width", captions.get(1))));
        }
        plan.put("embeddings", "shared");
        plan.put("tiedHeads", tied);
        plan.put("classDropout", classDropout(classes));
        plan.put("tokenDropout", tokenDropout());
        return plan;
    }

    /** Which tensors become which weights of the model. */
    static Fitting fit(String where, StateDict dict, DndTransformer model) {
        Fitting fitting = new Fitting(where, dict);
        for (Weight weight : model.weights()) {
            fitting.take(weight);
        }
        if (model.sharedHeads()) {
            IntStream.range(1, model.depth()).forEach(k -> fitting.same("output." + k + ".weight", "output.0.weight"));
        }
        return fitting;
    }
}
