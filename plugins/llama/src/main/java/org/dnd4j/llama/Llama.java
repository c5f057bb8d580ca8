package org.dnd4j.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.Pass;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Step;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * LLaMA's decoder with rotary places in two dimensions (REFERENCE B.1, B.2, B.5): h + attention(norm(h)), then
 * h + feed-forward(norm(h)), RMSNorm, SwiGLU, no biases. Sizes come from a preset or are given one by one.
 *
 * @param preset nano, mini, S, B, L, XL, XXL, XXXL, 1B, 3B or 7B; B if nothing else is given either
 * @param dim d, the length of a token's hidden state; a multiple of 4·{@code heads}
 * @param blocks number of layers
 * @param heads attention heads; each is dim/heads wide
 * @param multipleOf the feed-forward's width is the next multiple of this that is at least 2/3·4·dim; 256
 * @param residualDropout share of attention's output dropped in training; 0.1, or 0 with a dropPath
 * @param feedForwardDropout share of the feed-forward's output dropped in training; 0.1, or 0 with a dropPath
 * @param dropPath share of whole branches dropped at the last layer, rising from 0 at the first; 0
 * @param condition how condition tokens are rotated; plain
 */
@Plugin("llama")
public record Llama(
        String preset,
        Integer dim,
        Integer blocks,
        Integer heads,
        Integer multipleOf,
        Double residualDropout,
        Double feedForwardDropout,
        Double dropPath,
        Condition condition)
        implements Backbone {

    /** The rotation of tokens that have no place in the picture. */
    public enum Condition {
        /** As published: multiplied by zero, so that no query can tell them apart by their key. */
        ZERO,
        /** Not rotated. */
        PLAIN
    }

    static final Program PROGRAM = Program.of(Llama.class, "llama.py");

    public Llama {
        preset = preset == null && dim == null && blocks == null && heads == null ? "B" : preset;
        if (preset != null) {
            Size named = Size.NAMED.get(preset);
            if (named == null) {
                throw new UserError("unknown preset '" + preset + "': one of " + String.join(", ", Size.NAMED.keySet()));
            }
            dim = agreed("dim", dim, named.dim(), preset);
            blocks = agreed("blocks", blocks, named.blocks(), preset);
            heads = agreed("heads", heads, named.heads(), preset);
        }
        if (dim == null || blocks == null || heads == null) {
            throw new UserError("llama needs a preset, or dim, blocks and heads together");
        }
        multipleOf = multipleOf == null ? Integer.valueOf(256) : multipleOf;
        if (dim < 1 || blocks < 1 || heads < 1 || multipleOf < 1) {
            throw new UserError("dim " + dim + ", blocks " + blocks + ", heads " + heads + ", multipleOf " + multipleOf
                    + ": each must be at least 1");
        }
        if (dim % (4 * heads) != 0) {
            throw new UserError("dim " + dim + " does not divide into " + heads + " heads whose size is a multiple of 4"
                    + " (two places, each turning pairs): dim must be a multiple of " + 4 * heads);
        }
        dropPath = share("dropPath", dropPath, 0);
        residualDropout = share("residualDropout", residualDropout, dropPath > 0 ? 0 : 0.1);
        feedForwardDropout = share("feedForwardDropout", feedForwardDropout, dropPath > 0 ? 0 : 0.1);
        condition = condition == null ? Condition.PLAIN : condition;
    }

    private static Integer agreed(String field, Integer given, int named, String preset) {
        if (given != null && given != named) {
            throw new UserError(field + " " + given + ": preset " + preset + " has " + named + "; give one or the other");
        }
        return named;
    }

    private static Double share(String field, Double given, double otherwise) {
        double share = given == null ? otherwise : given;
        if (!(share >= 0 && share < 1)) {
            throw new UserError(field + " " + share + ": must be at least 0 and less than 1");
        }
        return share;
    }

    @Override
    public int width() {
        return dim;
    }

    @Override
    public int layers() {
        return blocks;
    }

    @Override
    public List<Weight> weights(int norms, int positions) {
        int hidden = (8 * dim / 3 + multipleOf - 1) / multipleOf * multipleOf;
        List<Weight> weights = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            String layer = "layers." + i;
            Stream.of(
                            Weight.matrix("attention.wqkv.weight", 3L * dim, dim),
                            Weight.matrix("attention.wo.weight", dim, dim),
                            Weight.matrix("feed_forward.w1.weight", hidden, dim),
                            Weight.matrix("feed_forward.w3.weight", hidden, dim),
                            Weight.matrix("feed_forward.w2.weight", dim, hidden),
                            Weight.of("attention_norm.weight", dim).constant(1),
                            Weight.of("ffn_norm.weight", dim).constant(1))
                    .forEach(w -> weights.add(w.under(layer)));
        }
        IntStream.range(0, norms).forEach(k -> weights.add(Weight.of("norm." + k + ".weight", dim).constant(1)));
        return weights;
    }

    /** The table of rotations {@code [s,head/2,2]} (cosine, sine) and the cache {@code [blocks,2,rows,heads,s,head]}. */
    @Override
    public NDList prepare(NDArray places, int rows, Weights w) {
        long[] cache = {blocks, 2, rows, heads, places.size(0), dim / heads};
        return w.call(PROGRAM, "prepare", places, dim / heads, condition == Condition.ZERO, rows == 0 ? new long[0] : cache,
                w.halves());
    }

    @Override
    public NDArray run(NDArray h, int from, int to, Pass pass) {
        return pass.weights().call(step(from, to, pass.weights().group(), pass), h).head(); // [b,t,d]
    }

    @Override
    public Step reach(int from, int to, int head, Pass pass) {
        return step(from, to, norm(head, pass), pass);
    }

    private Step step(int from, int to, Weights.Group head, Pass pass) {
        Weights w = pass.weights();
        boolean drops = pass.training() && (residualDropout > 0 || feedForwardDropout > 0 || dropPath > 0);
        long[] seeds = drops
                ? IntStream.range(2 * from, 2 * to).mapToLong(i -> pass.key().at("dropout").at(i).seed()).toArray()
                : new long[0];
        return Step.of(
                PROGRAM,
                "run",
                pass.state(),
                pass.mask() == null ? List.of() : List.of(pass.mask()),
                w.group(new Layers(from, to), () -> names(from, to)),
                from,
                heads,
                pass.start(),
                pass.cached(),
                w.halves(),
                seeds,
                residualDropout,
                feedForwardDropout,
                blocks == 1 ? 0 : dropPath / (blocks - 1),
                head);
    }

    /** What the weights of some layers are known by once they were asked for. */
    private record Layers(int from, int to) {}

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to)
                .boxed()
                .flatMap(i -> Stream.of("attention_norm", "attention.wqkv", "attention.wo", "ffn_norm", "feed_forward.w1",
                                "feed_forward.w3", "feed_forward.w2")
                        .map(n -> "layers." + i + "." + n + ".weight"))
                .toList();
    }

    @Override
    public NDArray norm(NDArray h, int head, Pass pass) {
        return pass.weights().run(PROGRAM, "norm", h, norm(head, pass)); // [b,t,d]
    }

    private static Weights.Group norm(int head, Pass pass) {
        return pass.weights().group("norm." + head + ".weight");
    }
}
