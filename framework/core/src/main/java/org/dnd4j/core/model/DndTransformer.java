package org.dnd4j.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.core.guard.Guard;
import org.dnd4j.core.guard.Identity;
import org.dnd4j.core.guard.Law;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Pass;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.ProgramException;
import org.dnd4j.torch.Step;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * Predicts all D codes of the next position in one walk through a backbone (arXiv 2410.01912, section 3.2; REFERENCE B).
 * A sequence is a condition of C tokens — one for a class, as many as a caption has — followed by the picture's positions,
 * row by row: token C + p is position p, and the token before it predicts it. Condition tokens but the last predict nothing;
 * there codes are neither asked for nor fed back. Holds no arrays: weights are handed in, under published names.
 *
 * <p>The reference cannot train several heads on captions, and in sampling feeds a code back to all tokens of a caption
 * (REFERENCE B.6, 2 to 4). Here both do what one condition token does.
 *
 * @param taps one per depth, coarse to fine
 * @param space how many codes there are at each depth
 * @param rows h, the height of the code grid
 * @param columns w, its width
 * @param condition by what pictures are asked for
 * @param sharedHeads whether one output matrix serves all depths (published as {@code share_prediction_heads})
 * @param tokenDropout share of the input embeddings that training drops
 */
public record DndTransformer(
        Backbone backbone,
        List<Tap> taps,
        CodeSpace space,
        int rows,
        int columns,
        Condition condition,
        Embeddings embeddings,
        boolean sharedHeads,
        double tokenDropout)
        implements CodeModel {

    /** Which table the codes of a depth are embedded by. */
    public enum Embeddings {
        /** One table for all depths, as published. */
        SHARED,
        /** A table per depth, for codes that mean something else at each. */
        PER_DEPTH
    }

    private static final Program PROGRAM = Program.of(DndTransformer.class, "transformer.py");

    public DndTransformer {
        taps = List.copyOf(taps);
        if (rows < 1 || columns < 1) {
            throw new UserError("a code grid of " + rows + "×" + columns + ": both must be at least 1");
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

    /** C + S − 1, the number of tokens of a sequence: that of the last position would predict nothing. */
    public int length() {
        return condition.tokens() + positions() - 1;
    }

    /** All weights, under the published names (REFERENCE B.1). */
    @Override
    public List<Weight> weights() {
        int d = backbone.width();
        List<Weight> weights = new ArrayList<>(condition.weights(d));
        if (embeddings == Embeddings.SHARED) {
            weights.add(Weight.of(table(0), Collections.max(space.sizes()), d).normal(0.02));
        } else {
            IntStream.range(0, depth()).forEach(k -> weights.add(Weight.of(table(k), space.size(k), d).normal(0.02)));
        }
        weights.addAll(backbone.weights(depth(), length()));
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
        return w.group(new Named("tables", depth()), () -> IntStream.range(0, depth()).mapToObj(this::table).toList());
    }

    /** What weights are known by once they were asked for. */
    private record Named(String what, int depth) {}

    @Override
    public NDList prepare(int cached, Weights w) {
        long[] places = new long[2 * length()];
        for (int t = 0; t < length(); t++) {
            int p = t - condition.tokens();
            places[2 * t] = p < 0 ? -1 : p / columns;
            places[2 * t + 1] = p < 0 ? -1 : p % columns;
        }
        return backbone.prepare(w.torch().manager().create(places, new Shape(length(), 2)), cached, w);
    }

    /**
     * The tokens of the condition.
     *
     * @return {@code [b,C,d]}
     */
    public NDArray tokens(Given given, Weights w) {
        if (given instanceof Given.Captions c && condition instanceof Condition.Captions) {
            Weights.Group group = w.group(Condition.Captions.NONE, Condition.Captions.IN, Condition.Captions.OUT);
            return w.run(PROGRAM, "captions", c.features(), c.withheld(), group); // [b,C,d]
        }
        if (given instanceof Given.Labels c && condition instanceof Condition.Classes) {
            return w.run(PROGRAM, "classes", c.labels(), w.group(Condition.Classes.TABLE)); // [b,1,d]
        }
        throw new IllegalArgumentException(given.getClass().getSimpleName() + " for a transformer of " + condition);
    }

    /** Which tokens of a sequence may be attended to, bool {@code [b,C+S−1]}; null for all. */
    @Override
    public NDArray mask(Given given, Weights w) {
        return given instanceof Given.Captions c ? w.run(PROGRAM, "mask", c.present(), positions() - 1) : null;
    }

    /**
     * The tokens of one position.
     *
     * @param codes int64 {@code [n,S,D]}
     * @param batch n, or 2n to have every token twice
     * @return {@code [batch,1,d]}
     */
    public NDArray token(NDArray codes, int position, int batch, Weights w) {
        return w.call(tokenStep(codes, position, batch, w)).head();
    }

    private Step tokenStep(NDArray codes, int position, int batch, Weights w) {
        return Step.of(PROGRAM, "position", codes, position, batch, tables(w));
    }

    /**
     * Walks to all heads of one position: the whole condition for the first, else the token of the position before it. Where
     * backbone and source describe their steps, all are taken in one call (decision 0021), but for the first position and the
     * last, which {@link #walk} looks at closely.
     */
    @Override
    public void position(int p, Decoding decoding, CodeSource source) {
        Weights w = decoding.weights();
        int start = p == 0 ? 0 : condition.tokens() - 1 + p;
        Pass pass = new Pass(start, true, decoding.mask(), decoding.state(), false, decoding.key(), w);
        List<Step> steps = p == 0 || p == positions() - 1 ? List.of() : steps(p, decoding, pass, source);
        if (steps.isEmpty()) {
            walk(p, decoding, pass, source);
            return;
        }
        try {
            Guard.during(Identity.of(backbone), "reach", () -> w.call(steps));
        } catch (ProgramException | IllegalArgumentException e) {
            walk(p, decoding, pass, source); // step by step it is found who is to blame
            throw e;
        }
    }

    private void walk(int p, Decoding decoding, Pass pass, CodeSource source) {
        Weights w = decoding.weights();
        NDArray h = p == 0
                ? tokens(decoding.given(), w) // [rows,C,d]
                : token(decoding.codes(), p - 1, decoding.given().size(), w); // [rows,1,d]
        walk(h, pass, source);
    }

    /** What a position takes that is not the first, or nothing if not all of it can be described. */
    private List<Step> steps(int p, Decoding decoding, Pass pass, CodeSource source) {
        Weights w = decoding.weights();
        int rows = decoding.given().size();
        List<Step> steps = new ArrayList<>();
        steps.add(tokenStep(decoding.codes(), p - 1, rows, w));
        int from = 0;
        for (Tap tap : taps) {
            int to = tap.layer() + 1;
            Step reach = backbone.reach(from, to, tap.depth(), pass);
            Step draw = source.step(head(tap, p, rows, 1, 0, w));
            if (reach == null || draw == null) {
                return List.of();
            }
            steps.add(reach);
            steps.add(draw);
            from = to;
        }
        return steps;
    }

    private Head head(Tap tap, int position, long rows, long tokens, int silent, Weights w) {
        int k = tap.depth();
        Weights.Group output = w.group(new Named("output", k), () -> List.of(output(k)));
        Weights.Group table = w.group(new Named("table", k), () -> List.of(table(k)));
        return new Head(k, position, (int) rows, (int) tokens, silent, output, table, tap.feedsBack(), w);
    }

    /** One walk from head to head: {@code h} is {@code [b,t,d]}, the tokens from {@code pass.start()} on. */
    public void walk(NDArray h, Pass pass, CodeSource source) {
        Weights w = pass.weights();
        int silent = Math.max(0, condition.tokens() - 1 - pass.start()); // tokens that predict nothing
        int position = pass.start() + silent - (condition.tokens() - 1);
        NDArray first = h; // [b,t,d]
        int from = 0;
        for (Tap tap : taps) {
            int to = tap.layer() + 1;
            int k = tap.depth();
            NDList reached = reach(h, from, to, k, pass);
            h = reached.get(0); // [b,t,d]
            NDArray normed = reached.get(1); // [b,t,d]
            from = to;
            if (k == depth() - 1 && !pass.training() && pass.start() + h.getShape().get(1) == length()) {
                // what is no number at one position is none at any later one: asked once a picture, not once a position
                Law.finite("B1", backbone, Law.finite(h) ? "norm" : "run", normed, first);
            }
            Head met = head(tap, position, first.getShape().get(0), first.getShape().get(1), silent, w);
            h = source.pass(met, h, normed); // [b,t,d]
        }
    }

    /** The hidden state behind some layers, if any, and what a head's norm makes of it. */
    private NDList reach(NDArray h, int from, int to, int head, Pass pass) {
        Step step = backbone.reach(from, to, head, pass);
        if (step == null) {
            NDArray run = to == from
                    ? h
                    : Law.floats("B1", backbone, "run", backbone.run(h, from, to, pass), h.getShape(), h); // [b,t,d]
            return new NDList(run, norm(run, head, pass));
        }
        NDList reached = Guard.call(Identity.of(backbone), "reach", () -> pass.weights().call(step, h));
        if (reached.size() != 2) {
            throw Law.broken("B3", backbone, "reach returned " + reached.size() + " arrays, not the state and its norm");
        }
        reached.forEach(array -> Law.floats("B1", backbone, "reach", array, h.getShape(), h));
        return reached;
    }

    private NDArray norm(NDArray h, int head, Pass pass) {
        return Law.floats("B1", backbone, "norm", backbone.norm(h, head, pass), h.getShape(), h); // [b,t,d]
    }

    /** {@link #logits(Given, NDArray, boolean, Key, Weights)} for classes, int64 {@code [b]}. */
    public NDList logits(NDArray labels, NDArray codes, boolean training, Key key, Weights w) {
        return logits(new Given.Labels(labels), codes, training, key, w);
    }

    /**
     * What every head predicts at every position of known pictures.
     *
     * @param given what they are asked for by
     * @param codes int64 {@code [b,S,D]}
     * @param training whether dropout is active; {@code key} names its draws
     * @return one float32 {@code [b,S,K]} per depth
     */
    public NDList logits(Given given, NDArray codes, boolean training, Key key, Weights w) {
        NDArray h = w.run(PROGRAM, "sequence", tokens(given, w), codes, tables(w), training ? tokenDropout : 0.,
                key.at("token dropout")); // [b,C+S−1,d]
        Teacher teacher = Teacher.of(codes);
        walk(h, new Pass(0, false, mask(given, w), prepare(0, w), training, key, w), teacher);
        return teacher.logits();
    }

    @Override
    public NDList losses(NDArray labels, NDArray codes, boolean training, Key key, Weights w) {
        return loss(logits(labels, codes, training, key, w), codes, w);
    }

    /** Without training the walk looks at what it ends with. */
    @Override
    public void examine(NDArray labels, NDArray codes, Key key, Weights w) {
        logits(labels, codes, false, key, w);
    }

    /** {@link #loss(NDList, NDArray, NDArray, Weights)} of all pictures. */
    public NDList loss(NDList logits, NDArray codes, Weights w) {
        return loss(logits, codes, null, w);
    }

    /**
     * Cross-entropy in nats: its mean over pictures, positions and depths, which is what training minimises; then its
     * mean per depth; then the share of codes that are the most probable one, per depth.
     *
     * @param logits one {@code [b,S,K]} per depth
     * @param codes int64 {@code [b,S,D]}
     * @param valid bool {@code [b]}: pictures that count, 0 for all means if none does (REFERENCE D.1); null for all
     * @return 1 + 2·D scalars
     */
    public NDList loss(NDList logits, NDArray codes, NDArray valid, Weights w) {
        return w.call(PROGRAM, "loss", logits, codes, valid == null ? List.of() : List.of(valid));
    }
}
