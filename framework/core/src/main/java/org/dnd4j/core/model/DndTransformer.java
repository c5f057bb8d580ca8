package org.dnd4j.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.core.guard.Law;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Pass;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * Predicts all D codes of the next position in one walk through a backbone (arXiv 2410.01912, section 3.2; REFERENCE B).
 * A sequence is a class token followed by the picture's positions, row by row; the token before position p predicts
 * position p. Holds no arrays: weights are handed in, under published names.
 *
 * @param taps one per depth, coarse to fine
 * @param space how many codes there are at each depth
 * @param rows h, the height of the code grid
 * @param columns w, its width
 * @param classes number of classes, 1 for pictures without
 * @param nullClass whether there is a row for "no class", which guidance needs
 * @param sharedHeads whether one output matrix serves all depths (published as {@code share_prediction_heads})
 * @param tokenDropout share of the input embeddings that training drops
 */
public record DndTransformer(
        Backbone backbone,
        List<Tap> taps,
        CodeSpace space,
        int rows,
        int columns,
        int classes,
        boolean nullClass,
        Embeddings embeddings,
        boolean sharedHeads,
        double tokenDropout) {

    /** Which table the codes of a depth are embedded by. */
    public enum Embeddings {
        /** One table for all depths, as published. */
        SHARED,
        /** A table per depth, for codes that mean something else at each. */
        PER_DEPTH
    }

    private static final Program PROGRAM = Program.of(DndTransformer.class, "transformer.py");
    private static final String CLASSES = "cls_embedding.embedding_table.weight";

    public DndTransformer {
        taps = List.copyOf(taps);
        if (rows < 1 || columns < 1) {
            throw new UserError("a code grid of " + rows + "×" + columns + ": both must be at least 1");
        }
        if (classes < 1) {
            throw new UserError("classes is " + classes + ": must be at least 1 (1 for pictures without classes)");
        }
        if (!(tokenDropout >= 0 && tokenDropout < 1)) {
            throw new UserError("tokenDropout is " + tokenDropout + ": must be at least 0 and less than 1");
        }
        if (sharedHeads && space.sizes().stream().distinct().count() > 1) {
            throw new UserError("shared heads need codebooks of one size, not " + space.sizes());
        }
        for (int k = 0; k < taps.size() || k < space.depth(); k++) {
            int before = k == 0 ? 0 : taps.get(k - 1).layer();
            if (k >= taps.size() || k >= space.depth() || taps.get(k).depth() != k
                    || taps.get(k).layer() < before || taps.get(k).layer() >= backbone.layers()) {
                throw new UserError("taps " + taps + " do not fit codes of depth " + space.depth() + " and "
                        + backbone.layers() + " layers: one tap per depth, in order, is needed");
            }
        }
    }

    /** S, the number of positions of a picture and of tokens of a sequence. */
    public int positions() {
        return rows * columns;
    }

    /** D, the number of codes of a position. */
    public int depth() {
        return space.depth();
    }

    /** The label that stands for "no class". */
    public int nullLabel() {
        return classes;
    }

    /** All weights, under the published names (REFERENCE B.1). */
    public List<Weight> weights() {
        int d = backbone.width();
        List<Weight> weights = new ArrayList<>();
        weights.add(Weight.of(CLASSES, nullClass ? classes + 1 : classes, d).normal(0.02));
        if (embeddings == Embeddings.SHARED) {
            weights.add(Weight.of(table(0), Collections.max(space.sizes()), d).normal(0.02));
        } else {
            IntStream.range(0, depth()).forEach(k -> weights.add(Weight.of(table(k), space.size(k), d).normal(0.02)));
        }
        weights.addAll(backbone.weights(depth(), positions()));
        IntStream.range(0, sharedHeads ? 1 : depth())
                .forEach(k -> weights.add(Weight.matrix(output(k), space.size(k), d).constant(0)));
        return weights;
    }

    private String table(int depth) {
        return embeddings == Embeddings.SHARED ? "tok_embeddings.weight" : "tok_embeddings." + depth + ".weight";
    }

    private String output(int depth) {
        return "output." + (sharedHeads ? 0 : depth) + ".weight";
    }

    private Weights.Group tables(Weights w) {
        return w.group(IntStream.range(0, depth()).mapToObj(this::table).toList());
    }

    /**
     * What walks over one batch of sequences need.
     *
     * @param cached how many sequences a cache must hold; 0 for no cache
     */
    public NDList prepare(int cached, Weights w) {
        long[] places = new long[2 * positions()];
        for (int t = 0; t < positions(); t++) {
            places[2 * t] = t == 0 ? -1 : (t - 1) / columns; // token t is position t−1, token 0 the class
            places[2 * t + 1] = t == 0 ? -1 : (t - 1) % columns;
        }
        return backbone.prepare(w.torch().manager().create(places, new Shape(positions(), 2)), cached, w);
    }

    /**
     * The class tokens.
     *
     * @param labels int64 {@code [b]}
     * @return {@code [b,1,d]}
     */
    public NDArray condition(NDArray labels, Weights w) {
        return w.run(PROGRAM, "condition", labels, w.group(CLASSES));
    }

    /**
     * The tokens of one position.
     *
     * @param codes int64 {@code [n,S,D]}
     * @param batch n, or 2n to have every token twice
     * @return {@code [batch,1,d]}
     */
    public NDArray token(NDArray codes, int position, int batch, Weights w) {
        return w.run(PROGRAM, "position", codes, position, batch, tables(w));
    }

    /** One walk from head to head: {@code h} is {@code [b,t,d]}, the tokens from {@code pass.start()} on. */
    public void walk(NDArray h, Pass pass, CodeSource source) {
        Weights w = pass.weights();
        NDArray first = h; // [b,t,d]
        int from = 0;
        for (Tap tap : taps) {
            int to = tap.layer() + 1;
            if (to > from) {
                h = Law.floats("B1", backbone, "run", backbone.run(h, from, to, pass), h.getShape(), h); // [b,t,d]
                from = to;
            }
            int k = tap.depth();
            NDArray normed = Law.floats("B1", backbone, "norm", backbone.norm(h, k, pass), h.getShape(), h); // [b,t,d]
            if (k == depth() - 1 && !pass.training() && pass.start() + h.getShape().get(1) == positions()) {
                // what is no number at one position is none at any later one: asked once a picture, not once a position
                Law.finite("B1", backbone, Law.finite(h) ? "norm" : "run", normed, first);
            }
            NDArray logits = w.run(PROGRAM, "logits", normed, w.group(output(k))); // [b,t,K]
            NDArray code = source.choose(logits, k, pass.start()); // [b,t]
            if (tap.feedsBack()) {
                h = w.run(PROGRAM, "feed", h, code, w.group(table(k))); // [b,t,d]
            }
        }
    }

    /**
     * What every head predicts at every position of known pictures.
     *
     * @param labels int64 {@code [b]}
     * @param codes int64 {@code [b,S,D]}
     * @param training whether dropout is active; {@code key} names its draws
     * @return one float32 {@code [b,S,K]} per depth
     */
    public NDList logits(NDArray labels, NDArray codes, boolean training, Key key, Weights w) {
        NDArray h = w.run(PROGRAM, "sequence", labels, codes, w.group(CLASSES), tables(w),
                training ? tokenDropout : 0., key.at("token dropout")); // [b,S,d]
        Teacher teacher = Teacher.of(codes);
        walk(h, new Pass(0, false, null, prepare(0, w), training, key, w), teacher);
        return teacher.logits();
    }

    /**
     * Cross-entropy in nats: its mean over pictures, positions and depths, which is what training minimises; then its
     * mean per depth; then the share of codes that are the most probable one, per depth.
     *
     * @param logits one {@code [b,S,K]} per depth
     * @param codes int64 {@code [b,S,D]}
     * @return 1 + 2·D scalars
     */
    public NDList loss(NDList logits, NDArray codes, Weights w) {
        return w.call(PROGRAM, "loss", logits, codes);
    }
}
