package org.dnd4j.core.published;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.checkpoint.Yaml;
import org.dnd4j.spi.UserError;

/**
 * How a plan comes about where the files do not hold it: from shapes, from the arguments that a training kept, from the
 * tokenizer's configuration, and from what was published; what was said goes before all of them.
 */
final class Recognition {
    private static final String ATTENTION = "transformer.backbone.llama.heads=";
    private static final int FEW_CLASSES = 64;
    private static final int WIDE = 1024;
    private static final String TOKENIZER = "the tokenizer";
    private static final double CAPTIONS_GUIDANCE = 7.5;
    private static final int CAPTIONS_TOP_K = 1000;
    private static final double UNGUIDED_TEMPERATURE = 0.1;

    /** Weights that take more than a gigabyte in float32. */
    private static final long LARGE = 250_000_000;

    private final Import asked;
    private final List<Fact> facts = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Recognition(Import asked) {
        this.asked = asked;
    }

    ImportPlan plan(PublishedFile transformer, PublishedFile tokenizer) {
        PublishedTransformer seen = transformer == null
                ? null
                : PublishedTransformer.of(transformer.dict(), transformer.args(), transformer.where());
        boolean theirs = (tokenizer == null ? transformer : tokenizer).family() == Family.LLAMAGEN;
        PublishedTokenizer codes = theirs ? llamaGen(seen, tokenizer) : tokenizer(tokenizer);
        int published = codes.depth();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", asked.name());
        List<String> classes = List.of();
        Optional<Size> size = Optional.empty();
        int grid = codes.grid();
        String gridFrom = TOKENIZER;
        if (transformer != null) {
            codes = fitting(codes, seen);
            size = seen.size(asked.preset());
            classes = classes(seen);
            tree.put("transformer", transformer(seen, size, classes));
            tree.put("sampling", sampling(seen, size, classes, theirs, transformer.dict()));
            grid = seen.grid() > 0 ? seen.grid() : grid;
            gridFrom = seen.grid() > 0 ? "args.image_size and args.downsample_size" : gridFrom;
        }
        tree.put("side", side(codes, grid, gridFrom, transformer != null));
        tree.put("tokenizer", codes.plan());
        Family family = theirs ? Family.LLAMAGEN : asked.family() == null ? Family.DND : asked.family();
        return new ImportPlan(
                tree, family, size.map(Size::toString).orElse(""), classes, published, facts, warnings);
    }

    /** Recognised, or without a file the one that was published. */
    private PublishedTokenizer llamaGen(PublishedTransformer seen, PublishedFile tokenizer) {
        if (tokenizer != null) {
            PublishedTokenizer codes = PublishedTokenizer.ofLlamaGen(tokenizer.dict(), tokenizer.where());
            facts.add(tokenizer(codes, "shapes"));
            return codes;
        }
        int factor = seen.args().get("downsample_size") instanceof Number n ? n.intValue() : 16;
        warnings.add("there is no tokenizer, so that codes can be drawn but no pictures: import again with --tokenizer");
        PublishedTokenizer codes = PublishedTokenizer.ofLlamaGen(factor, seen.vocabulary());
        facts.add(tokenizer(codes, "LlamaGen's VQ-" + factor));
        return codes;
    }

    private static Fact tokenizer(PublishedTokenizer codes, String from) {
        return new Fact(
                "tokenizer",
                codes.depth() + (codes.depth() == 1 ? " code of " : " codes of ") + codes.sizes().stream().distinct().toList()
                        + " for each " + codes.factor() + "×" + codes.factor() + " pixels",
                from);
    }

    private PublishedTokenizer tokenizer(PublishedFile tokenizer) {
        boolean exported = tokenizer != null && tokenizer.said().containsKey(PublishedFile.EXPERIMENT);
        if (asked.config() == null && !exported) {
            throw new UserError(tokenizer == null
                    ? "the transformer's codes mean nothing without its tokenizer: name that file too, with --tokenizer, and"
                            + " the config.yaml beside it, with --tokenizer-config"
                    : tokenizer.file().path() + ": how the tokenizer is built is not in its file: name the config.yaml beside"
                            + " it, with --tokenizer-config");
        }
        PublishedTokenizer codes = exported
                ? PublishedTokenizer.of(tokenizer)
                : PublishedTokenizer.of(Yaml.read(asked.config()), asked.config().toString());
        facts.add(tokenizer(codes, exported ? tokenizer.where() : asked.config().toString()));
        return codes;
    }

    /** The codes that the transformer predicts: all of the tokenizer's, or the first of them. */
    private PublishedTokenizer fitting(PublishedTokenizer codes, PublishedTransformer seen) {
        if (seen.depth() > codes.depth()) {
            throw new UserError("the transformer predicts " + seen.depth() + " codes a position, and the tokenizer makes "
                    + codes.depth() + ": they do not belong together");
        }
        int largest = codes.sizes().stream().mapToInt(k -> k).max().orElseThrow();
        if (seen.vocabulary() != largest) {
            throw new UserError("the transformer knows " + seen.vocabulary() + " codes, and the tokenizer has " + largest
                    + ": they do not belong together");
        }
        if (seen.depth() < codes.depth()) {
            warnings.add("the tokenizer makes " + codes.depth() + " codes a position, and the transformer predicts the first "
                    + seen.depth() + ": the run uses those");
        }
        return codes.first(seen.depth());
    }

    private Map<String, Object> transformer(PublishedTransformer seen, Optional<Size> size, List<String> classes) {
        Map<String, Object> backbone = seen.backbone(size, facts);
        boolean said = asked.settings().stream().anyMatch(s -> s.startsWith(ATTENTION));
        if (size.isEmpty() && !said) {
            throw new UserError(seen.layers() + " layers of " + seen.dim() + " are no published size, and how many attention"
                    + " heads there are is not in the file: say it, as in --set " + ATTENTION + Math.max(1, seen.dim() / 64));
        }
        if (seen.tied()) {
            facts.add(new Fact("output", "one matrix for all depths", "its storage or args.share_prediction_heads"));
        }
        return seen.plan(backbone, seen.positions(asked.heads(), facts), classes.size());
    }

    private List<String> classes(PublishedTransformer seen) {
        List<String> named = asked.labels() == null ? List.of() : Labels.read(asked.labels());
        int classes = seen.classes(named.size(), facts);
        return asked.labels() == null ? Labels.of(classes) : Labels.read(asked.labels(), classes);
    }

    /** As published results were drawn (REFERENCE B.5, D.1). */
    private Map<String, Object> sampling(
            PublishedTransformer seen, Optional<Size> size, List<String> classes, boolean llamaGen, StateDict dict) {
        boolean captions = !seen.captions().isEmpty();
        boolean guided = captions || seen.classRows() > classes.size();
        double guidance = captions ? CAPTIONS_GUIDANCE : !guided ? 1 : size.map(s -> s.guidance(llamaGen)).orElse(2.0);
        double temperature = guided ? 1 : UNGUIDED_TEMPERATURE;
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("guidance", guidance);
        options.put("temperature", List.of(temperature));
        options.put("topK", List.of(captions ? CAPTIONS_TOP_K : 0));
        facts.add(new Fact("sampling", "guidance " + guidance + ", temperature " + temperature
                + (captions ? ", top-k " + CAPTIONS_TOP_K : ""), "as published results were drawn"));
        long weights = dict.tensors().values().stream().mapToLong(Stored::size).sum();
        String precision = asked.precision() != null ? asked.precision() : weights > LARGE ? "bfloat16" : "float32";
        facts.add(new Fact("precision", precision, asked.precision() != null
                ? "--precision"
                : "float32 would take " + weights * Float.BYTES / 1_000_000 + " MB"));
        Map<String, Object> sampling = new LinkedHashMap<>();
        sampling.put("perClass", classes.size() > FEW_CLASSES ? 0 : 4);
        sampling.put("batch", seen.dim() >= WIDE ? 8 : 32);
        sampling.put("precision", precision);
        sampling.put("options", options);
        return sampling;
    }

    private int side(PublishedTokenizer codes, int grid, String from, boolean transformer) {
        int asIs = asked.grid() != null ? asked.grid() : asked.side() != null ? asked.side() / codes.factor() : grid;
        int side = asIs * codes.factor();
        if (asked.side() != null && asked.side() != side) {
            throw new UserError("--side " + asked.side() + ": a grid of " + asIs + "×" + asIs + " codes of " + codes.factor()
                    + "×" + codes.factor() + " pixels has a side of " + side);
        }
        String said = asked.grid() != null ? "--grid" : asked.side() != null ? "--side" : from;
        if (said.equals(TOKENIZER) && transformer) {
            warnings.add("the transformer's file does not say how large its pictures are: " + side + "×" + side
                    + " is taken from the tokenizer; import with --side if it is another, as --side 384");
        }
        facts.add(new Fact("pictures", side + "×" + side + " pixels, " + asIs + "×" + asIs + " positions", said));
        return side;
    }
}
