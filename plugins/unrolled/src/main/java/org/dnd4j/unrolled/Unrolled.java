package org.dnd4j.unrolled;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Generator;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * The brute-force control of the DnD-Transformer (arXiv 2410.01912, section 3.2): the codes of a picture in one row of
 * D·S tokens that begins with its class, position by position and coarse to fine, and an ordinary causal transformer over
 * them. It predicts each code from all before it in a walk of its own, so that a picture takes D times as many walks.
 *
 * <p>RMSNorm, SwiGLU, no biases, learned places: a token is told which position and depth it predicts. Every depth has
 * a table and an output matrix of its own.
 *
 * @param dim d, the length of a token's hidden state; a multiple of {@code heads}
 * @param blocks number of layers
 * @param heads attention heads; each is dim/heads wide
 * @param multipleOf the feed-forward's width is the next multiple of this that is at least 2/3·4·dim; 256
 * @param dropout share of each branch's output dropped in training; 0.1
 * @param tokenDropout share of the input embeddings dropped in training; 0.1
 */
@Plugin("unrolled")
public record Unrolled(
        Integer dim, Integer blocks, Integer heads, Integer multipleOf, Double dropout, Double tokenDropout)
        implements Generator {
    static final Program PROGRAM = Program.of(Unrolled.class, "unrolled.py");

    public Unrolled {
        if (dim == null || blocks == null || heads == null) {
            throw new UserError("unrolled needs dim, blocks and heads");
        }
        multipleOf = multipleOf == null ? Integer.valueOf(256) : multipleOf;
        if (dim < 1 || blocks < 1 || heads < 1 || multipleOf < 1) {
            throw new UserError("dim " + dim + ", blocks " + blocks + ", heads " + heads + ", multipleOf " + multipleOf
                    + ": each must be at least 1");
        }
        if (dim % heads != 0) {
            throw new UserError(
                    "dim " + dim + " does not divide into " + heads + " heads: must be a multiple of " + heads);
        }
        dropout = share("dropout", dropout);
        tokenDropout = share("tokenDropout", tokenDropout);
    }

    private static Double share(String field, Double given) {
        double share = given == null ? 0.1 : given;
        if (!(share >= 0 && share < 1)) {
            throw new UserError(field + " " + share + ": must be at least 0 and less than 1");
        }
        return share;
    }

    @Override
    public boolean predicts() {
        return true;
    }

    @Override
    public List<Weight> weights(CodeSpace space, int rows, int columns, int classes) {
        if (rows * columns < 2) {
            throw new UserError("a code grid of " + rows + "×" + columns + ": unrolled needs at least two positions");
        }
        List<Weight> weights = new ArrayList<>(List.of(
                Weight.of("classes.weight", classes + 1L, dim).normal(0.02), // the last row for no class
                Weight.of("positions.weight", (long) rows * columns, dim).normal(0.02),
                Weight.of("depths.weight", space.depth(), dim).normal(0.02)));
        IntStream.range(0, space.depth())
                .forEach(k -> weights.add(Weight.of("codes." + k + ".weight", space.size(k), dim).normal(0.02)));
        int hidden = (8 * dim / 3 + multipleOf - 1) / multipleOf * multipleOf;
        for (int i = 0; i < blocks; i++) {
            String layer = "layers." + i;
            Stream.of(
                            Weight.of("attention_norm.weight", dim).constant(1),
                            Weight.matrix("attention.wqkv.weight", 3L * dim, dim),
                            Weight.matrix("attention.wo.weight", dim, dim),
                            Weight.of("ffn_norm.weight", dim).constant(1),
                            Weight.matrix("feed_forward.w1.weight", hidden, dim),
                            Weight.matrix("feed_forward.w3.weight", hidden, dim),
                            Weight.matrix("feed_forward.w2.weight", dim, hidden))
                    .forEach(w -> weights.add(w.under(layer)));
        }
        weights.add(Weight.of("norm.weight", dim).constant(1));
        IntStream.range(0, space.depth())
                .forEach(k -> weights.add(Weight.matrix("output." + k + ".weight", space.size(k), dim).constant(0)));
        return weights;
    }

    static Weights.Group tables(int depth, Weights w) {
        return w.group(Stream.concat(
                        Stream.of("classes.weight", "positions.weight", "depths.weight"),
                        IntStream.range(0, depth).mapToObj(k -> "codes." + k + ".weight"))
                .toList());
    }

    /** What the weights of all layers are known by once they were asked for. */
    private record Layers() {}

    Weights.Group layers(Weights w) {
        return w.group(new Layers(), () -> IntStream.range(0, blocks)
                .boxed()
                .flatMap(i -> Stream.of("attention_norm", "attention.wqkv", "attention.wo", "ffn_norm",
                                "feed_forward.w1", "feed_forward.w3", "feed_forward.w2")
                        .map(n -> "layers." + i + "." + n + ".weight"))
                .toList());
    }

    static Weights.Group outputs(int depth, Weights w) {
        return w.group(Stream.concat(
                        Stream.of("norm.weight"), IntStream.range(0, depth).mapToObj(k -> "output." + k + ".weight"))
                .toList());
    }

    @Override
    public NDArray loss(NDArray codes, NDArray classes, Key key, Weights w) {
        return losses(codes, classes, true, key, w).head(); // []
    }

    @Override
    public NDList losses(NDArray codes, NDArray classes, boolean training, Key key, Weights w) {
        NDArray rows = flat(codes); // [b,S,D]
        return w.call(PROGRAM, "losses", rows, logits(rows, classes, training, key, w));
    }

    /** Position by position. */
    private static NDArray flat(NDArray codes) {
        Shape shape = codes.getShape(); // [b,h,w,D]
        return codes.reshape(shape.get(0), shape.get(1) * shape.get(2), shape.get(3)); // [b,S,D]
    }

    /**
     * What is predicted for known codes.
     *
     * @param codes int64 {@code [b,S,D]}
     * @return one {@code [b,S,K]} per depth
     */
    NDList logits(NDArray codes, NDArray classes, boolean training, Key key, Weights w) {
        int depth = (int) codes.getShape().get(2);
        long[] seeds = training && dropout > 0
                ? IntStream.range(0, 2 * blocks).mapToLong(i -> key.at("dropout").at(i).seed()).toArray()
                : new long[0];
        long[] first = training && tokenDropout > 0 ? new long[] {key.at("token dropout").seed()} : new long[0];
        return w.call(PROGRAM, "logits", codes, classes, tables(depth, w), layers(w), outputs(depth, w), heads,
                w.halves(), seeds, first, tokenDropout, dropout);
    }

    /** The cache {@code [blocks,2,rows,heads,S·D,head]}. */
    @Override
    public NDList prepare(int rows, long[] shape, Weights w) {
        long[] sizes = {blocks, 2, rows, heads, shape[0] * shape[1] * shape[2], dim / heads};
        return new NDList(w.run(PROGRAM, "empty", w.get("norm.weight"), sizes, w.halves()));
    }

    @Override
    public NDArray predict(NDArray before, int position, int depth, long[] shape, NDList state, Weights w) {
        int all = (int) shape[2];
        return w.run(PROGRAM, "predict", before, state, tables(all, w), layers(w), outputs(all, w), heads, w.halves(),
                position, depth); // [b,K]
    }
}
