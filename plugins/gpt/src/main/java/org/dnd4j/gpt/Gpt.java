package org.dnd4j.gpt;

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
 * GPT-2's decoder (Radford et al. 2019): h + attention(norm(h)), then h + mlp(norm(h)), LayerNorm, GELU by tanh, a bias in
 * every product, and a learnt vector a place, added before the first layer. Sizes come from a preset or are given one by
 * one.
 *
 * <p>A place is a token's number in its sequence, condition tokens first and then the picture row by row: a model's
 * sequences all have one form, so the number says row and column, and it is what GPT-2 learns. A picture of another size
 * needs other places, and so a new training.
 *
 * <p>Weights have GPT-2's published names ({@code wpe.weight}, {@code h.0.attn.c_attn.weight}) with a final norm a head
 * ({@code ln_f.0.weight}); the published matrices are {@code [in,out]}, these {@code [out,in]}. Its {@code wte} are the
 * transformer's token tables, its dropout of embeddings the transformer's tokenDropout, which leaves places alone.
 *
 * @param preset nano, mini, small, medium, large or xl; small if nothing else is given either
 * @param dim d, the length of a token's hidden state; a multiple of {@code heads}
 * @param blocks number of layers
 * @param heads attention heads; each is dim/heads wide
 * @param attentionDropout share of attention's weights dropped in training, which then all have to be kept; 0
 * @param residualDropout share of what attention and mlp add dropped in training; 0.1
 */
@Plugin("gpt")
public record Gpt(
        String preset, Integer dim, Integer blocks, Integer heads, Double attentionDropout, Double residualDropout)
        implements Backbone {
    private static final String PLACES = "wpe.weight";
    private static final double DEVIATION = 0.02;

    static final Program PROGRAM = Program.of(Gpt.class, "gpt.py");

    public Gpt {
        preset = preset == null && dim == null && blocks == null && heads == null ? "small" : preset;
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
            throw new UserError("gpt needs a preset, or dim, blocks and heads together");
        }
        if (dim < 1 || blocks < 1 || heads < 1) {
            throw new UserError("dim " + dim + ", blocks " + blocks + ", heads " + heads + ": each must be at least 1");
        }
        if (dim % heads != 0) {
            throw new UserError(
                    "dim " + dim + " does not divide into " + heads + " heads: dim must be a multiple of " + heads);
        }
        attentionDropout = share("attentionDropout", attentionDropout, 0);
        residualDropout = share("residualDropout", residualDropout, 0.1);
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
        double added = DEVIATION / Math.sqrt(2.0 * blocks); // by as many as this, whose variances add up
        List<Weight> weights = new ArrayList<>(List.of(Weight.of(PLACES, positions, dim).normal(DEVIATION)));
        for (int i = 0; i < blocks; i++) {
            String layer = "h." + i;
            Stream.of(
                            norm("ln_1"),
                            affine("attn.c_attn", 3 * dim, dim, DEVIATION),
                            affine("attn.c_proj", dim, dim, added),
                            norm("ln_2"),
                            affine("mlp.c_fc", 4 * dim, dim, DEVIATION),
                            affine("mlp.c_proj", dim, 4 * dim, added))
                    .flatMap(List::stream)
                    .forEach(w -> weights.add(w.under(layer)));
        }
        IntStream.range(0, norms).forEach(k -> weights.addAll(norm("ln_f." + k)));
        return weights;
    }

    private List<Weight> norm(String name) {
        return List.of(Weight.of(name + ".weight", dim).constant(1), Weight.of(name + ".bias", dim));
    }

    private static List<Weight> affine(String name, int out, int in, double deviation) {
        return List.of(Weight.matrix(name + ".weight", out, in).normal(deviation), Weight.of(name + ".bias", out));
    }

    /** The cache {@code [blocks,2,rows,heads,s,head]}, or nothing. */
    @Override
    public NDList prepare(NDArray places, int rows, Weights w) {
        long learnt = w.get(PLACES).size(0);
        if (places.size(0) > learnt) {
            throw new IllegalArgumentException(places.size(0) + " tokens, and places for " + learnt + " were declared");
        }
        long[] cache = {blocks, 2, rows, heads, places.size(0), dim / heads};
        return rows == 0 ? new NDList() : w.call(PROGRAM, "cache", places, cache, w.halves());
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
        boolean drops = pass.training() && (attentionDropout > 0 || residualDropout > 0);
        long[] seeds = drops
                ? IntStream.range(3 * from, 3 * to).mapToLong(i -> pass.key().at("dropout").at(i).seed()).toArray()
                : new long[0];
        return Step.of(
                PROGRAM,
                "run",
                pass.state(),
                pass.mask() == null ? List.of() : List.of(pass.mask()),
                from == 0 && to > 0 ? List.of(w.get(PLACES)) : List.of(),
                w.group(new Layers(from, to), () -> names(from, to)),
                from,
                heads,
                pass.start(),
                pass.cached(),
                w.halves(),
                seeds,
                attentionDropout,
                residualDropout,
                head);
    }

    /** What the weights of some layers are known by once they were asked for. */
    private record Layers(int from, int to) {}

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to)
                .boxed()
                .flatMap(i -> Stream.of("ln_1", "attn.c_attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp.c_proj")
                        .flatMap(n -> Stream.of("h." + i + "." + n + ".weight", "h." + i + "." + n + ".bias")))
                .toList();
    }

    @Override
    public NDArray norm(NDArray h, int head, Pass pass) {
        return pass.weights().run(PROGRAM, "norm", h, norm(head, pass), 0); // [b,t,d]
    }

    private static Weights.Group norm(int head, Pass pass) {
        return pass.weights().group("ln_f." + head + ".weight", "ln_f." + head + ".bias");
    }
}
