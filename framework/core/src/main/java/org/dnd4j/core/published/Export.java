package org.dnd4j.core.published;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.train.Piece;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weight;

/**
 * A run's weights as their family publishes them: the way back of {@link PublishedTransformer} and
 * {@link PublishedTokenizer}.
 *
 * @param experiment of the run
 * @param family whose names are written; those of the DnD-Transformer for a run that was trained here
 */
public record Export(Experiment experiment, Family family) {
    private static final String TABLE = "quantizer\\.codebooks\\.\\d+\\.weight";

    /**
     * What an importer needs besides the weights.
     *
     * @param kept what the transformer's weights are written in, so that they come back as they are
     */
    public Map<String, String> texts(List<String> classes, Precision kept) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(PublishedFile.EXPERIMENT, untrained(kept));
        texts.put(PublishedFile.FAMILY, family.label());
        texts.put(PublishedFile.GRID, Integer.toString(experiment.grid()));
        if (!classes.isEmpty()) {
            texts.put(PublishedFile.CLASSES, Json.line(classes));
        }
        return texts;
    }

    /** The experiment without what trained it and its pictures, which are not where the file goes. */
    @SuppressWarnings("unchecked")
    private String untrained(Precision kept) {
        Map<String, Object> tree = (Map<String, Object>) Json.read(ExperimentReader.write(experiment), "experiment");
        tree.put("data", null);
        tree.put("side", experiment.pixels());
        Map<String, Object> sampling = new LinkedHashMap<>((Map<String, Object>) tree.get("sampling"));
        sampling.put("precision", kept.label());
        tree.put("sampling", sampling);
        for (String part : List.of("tokenizer", "transformer")) {
            if (tree.get(part) instanceof Map<?, ?> plan) {
                Map<String, Object> changed = new LinkedHashMap<>((Map<String, Object>) plan);
                changed.put("training", null);
                if (changed.get("codebooks") instanceof Map<?, ?> codebooks) {
                    Map<String, Object> learning = new LinkedHashMap<>((Map<String, Object>) codebooks);
                    learning.put("start", "kept");
                    changed.put("codebooks", learning);
                }
                tree.put(part, changed);
            }
        }
        return Json.line(tree);
    }

    /** The transformer's weights; a matrix that serves several heads is named by each of them. */
    public List<Piece> transformer(List<Piece> pieces) {
        List<Piece> published = new ArrayList<>();
        for (Piece piece : pieces) {
            String name = piece.weight().name();
            published.add(family == Family.LLAMAGEN ? named(LlamaGenNames.publishedTransformer(name), piece) : piece);
            if (name.equals("output.0.weight") && experiment.transformer().tiedHeads()) {
                for (int k = 1; k < experiment.tokenizer().depth(); k++) {
                    published.add(named("output." + k + ".weight", piece));
                }
            }
        }
        return published;
    }

    /**
     * The tokenizer's weights. Residual tables have a row more, of zeros, and one that serves several depths is named by
     * each of them (REFERENCE A.2); mean and deviation of pixels are there only where they are not 0 and 1.
     */
    public List<Piece> tokenizer(List<Piece> pieces) {
        boolean residual = experiment.tokenizer().decomposition().name().equals("residual");
        boolean shared = residual && experiment.tokenizer().decomposition().plugin().table(1).equals("codebooks.0.weight");
        int last = LlamaGenNames.lastLevel(pieces.stream().map(p -> p.weight().name()).toList());
        List<Piece> published = new ArrayList<>();
        for (Piece piece : pieces) {
            String name = piece.weight().name();
            if (name.equals("pixels.mean") && all(piece, 0) || name.equals("pixels.deviation") && all(piece, 1)) {
                continue;
            }
            Piece one = residual && name.matches(TABLE) ? padded(piece) : piece;
            published.add(family == Family.LLAMAGEN ? named(LlamaGenNames.publishedTokenizer(name, last), one) : one);
            for (int k = 1; shared && name.startsWith("quantizer.codebooks.0.") && k < experiment.tokenizer().depth(); k++) {
                published.add(named(name.replace(".0.", "." + k + "."), one));
            }
        }
        return published;
    }

    private static boolean all(Piece piece, float value) {
        for (float element : piece.elements().get()) {
            if (element != value) {
                return false;
            }
        }
        return true;
    }

    private static Piece padded(Piece piece) {
        List<Long> shape = piece.weight().shape();
        Weight weight = Weight.of(piece.weight().name(), shape.get(0) + 1, shape.get(1));
        return new Piece(weight, () -> Arrays.copyOf(piece.elements().get(), Math.toIntExact(weight.size())));
    }

    private static Piece named(String name, Piece piece) {
        Weight w = piece.weight();
        return new Piece(new Weight(name, w.shape(), w.start(), w.learns(), w.matrix()), piece.elements());
    }
}
