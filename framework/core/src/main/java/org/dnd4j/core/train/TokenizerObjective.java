package org.dnd4j.core.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnd4j.core.code.CodebookLearning;
import org.dnd4j.core.code.Codebooks;
import org.dnd4j.core.code.Quantizer.Quantized;
import org.dnd4j.core.guard.Law;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;

/**
 * Learning to say images in codes (REFERENCE A.3): squared error of the reconstruction, plus the commitment loss that
 * keeps latents near their codes, plus what the decomposition's own weights minimise. The decoder's gradient passes
 * straight through the codes to the encoder; tables follow by moving average after the step. Further terms (perceptual,
 * adversarial) join the sum in {@link #loss}.
 *
 * <p>The squared error is the mean over all elements of the images as the network sees them: with pixels standardised it
 * weighs each channel by its inverse variance.
 *
 * <p>Weights that are declared to be never moved stay as they are. Where that is the whole autoencoder, no picture is made:
 * the decomposition alone follows the latents, which nothing is differentiated by.
 */
public final class TokenizerObjective implements Objective, AutoCloseable {
    private final Tokenizer tokenizer;
    private final Weights w;
    private final Pictures pictures;
    private final double commitment;
    private final Key key;
    private final Codebooks codebooks;
    private final Set<String> anew;
    private final boolean moves;
    private final boolean learns;
    private final boolean byGradient;
    private final List<Quantized> parts = new ArrayList<>();
    private NDArray latents;

    /** Where the batches come from. */
    @FunctionalInterface
    public interface Pictures {
        /**
         * The pictures of one part of one step, always the same for the same step.
         *
         * @return uint8 {@code [b,3,s,s]} in the scope
         */
        NDArray batch(long step, int part, Scope scope);
    }

    /**
     * An objective for weights that are to be trained.
     *
     * @param commitment weight of the commitment loss; 0.25 in the reference
     * @param anew names of tables that do not go on from where another training left them, as the others do if the tables'
     *     start is {@code kept}
     * @param key names the draws of start and restart
     */
    public TokenizerObjective(
            Tokenizer tokenizer,
            Weights w,
            Pictures pictures,
            double commitment,
            CodebookLearning learning,
            Set<String> anew,
            Key key) {
        this.tokenizer = tokenizer;
        this.w = w;
        this.pictures = pictures;
        this.commitment = commitment;
        this.anew = anew;
        this.key = key;
        this.codebooks = new Codebooks(tokenizer.quantizer(), learning, w.at("quantizer"));
        List<Weight> own = w.at("quantizer").declared();
        this.moves = w.declared().stream().anyMatch(d -> !own.contains(d) && d.learns() == Learns.GRADIENT);
        this.learns = own.stream().anyMatch(d -> d.learns() != Learns.FIXED);
        this.byGradient = own.stream().anyMatch(d -> d.learns() == Learns.GRADIENT);
    }

    @Override
    public Loss loss(long step, int part, Scope scope) {
        NDArray x = tokenizer.standardise(tokenizer.pixels(pictures.batch(step, part, scope)), w); // [b,3,s,s]
        NDArray grid = tokenizer.toLatents(x, w); // [b,h,w,c]
        NDArray z = grid.reshape(-1, grid.getShape().get(3)); // [n,c]
        if (learns && step == 0 && part == 0) {
            codebooks.start(first(z, x, scope), anew, key);
        }
        Quantized q = learns
                ? codebooks.quantize(z, key.at("restart").at(step).at(part))
                : tokenizer.quantizer().quantize(z, w.at("quantizer"));
        Map<String, NDArray> log = new LinkedHashMap<>();
        NDArray commit = commitment(z, q.decoded()); // []
        NDArray total = commit; // []
        if (moves) {
            NDArray through = straightThrough(z, q.last()).reshape(grid.getShape()); // [b,h,w,c]
            NDArray l2 = tokenizer.fromLatents(through, w).sub(x).square().mean(); // []
            total = l2.add(commit.mul(scope.manager().full(new Shape(), (float) commitment))); // []
            log.put("l2", l2);
        }
        log.put("commitment", commit);
        if (byGradient) {
            NDArray own = tokenizer.quantizer().loss(z.stopGradient(), q.decoded(), w.at("quantizer")); // []
            total = moves ? total.add(own) : own; // []
            log.put("decomposition", own);
        }
        NDList perplexities = codebooks.perplexities(q.codes());
        for (int k = 0; k < perplexities.size(); k++) {
            log.put("perplexity." + k, perplexities.get(k));
        }
        if (learns) {
            codebooks.restarted().forEach((t, rows) -> log.put("restarted." + t.replaceFirst("\\.weight$", ""), rows));
            remember(q, z, scope);
        }
        return new Loss(total, log);
    }

    /** Latents of the first part, and of as many pictures more as tables want to start from. */
    private NDArray first(NDArray z, NDArray x, Scope scope) {
        try (Torch.Tape unrecorded = w.torch().pause()) {
            NDList latents = new NDList(finite(z.stopGradient(), x));
            long count = z.getShape().get(0);
            for (int part = 1; count < codebooks.wanted(anew); part++) {
                try (Scope more = w.torch().scope()) {
                    NDArray images = tokenizer.standardise(tokenizer.pixels(pictures.batch(0, part, more)), w); // [b,3,s,s]
                    NDArray rows = tokenizer.toLatents(images, w).reshape(-1, z.getShape().get(1)); // [m,c]
                    latents.add(more.keep(finite(rows, images)));
                    count += rows.getShape().get(0);
                }
            }
            return NDArrays.concat(latents); // [n,c]
        }
    }

    private NDArray finite(NDArray z, NDArray x) {
        return Law.finite("A1", tokenizer.autoencoder(), "encode", z, x); // [n,c]
    }

    @Override
    public void examine(long step, int part, Scope scope) {
        NDArray images = tokenizer.pixels(pictures.batch(step, part, scope)); // [b,3,s,s]
        tokenizer.reconstruct(images, w);
        if (byGradient) {
            NDArray grid = tokenizer.latents(images, w); // [b,h,w,c]
            NDArray z = grid.reshape(-1, grid.getShape().get(3)); // [n,c]
            Quantized q = tokenizer.quantizer().quantize(z, w.at("quantizer"));
            NDArray own = tokenizer.quantizer().loss(z, q.decoded(), w.at("quantizer")); // []
            Law.finite("D8", tokenizer.quantizer().decomposition(), "loss", own, z);
        }
    }

    /** z forward with the value of ẑ: the gradient to z is the identity (REFERENCE A.2). */
    public static NDArray straightThrough(NDArray z, NDArray decoded) {
        return z.add(decoded.sub(z).stopGradient()); // [n,c]
    }

    /** The mean over depths of the mean of (z − sg ẑₖ)²: every prefix is compared with z (REFERENCE A.2). */
    public static NDArray commitment(NDArray z, NDList decoded) {
        NDList errors = new NDList();
        decoded.forEach(zHat -> errors.add(z.sub(zHat.stopGradient()).square().mean())); // []
        return NDArrays.stack(errors).mean(); // []
    }

    /** Keeps what the tables learn from until the step is over, without the graph. */
    private void remember(Quantized q, NDArray z, Scope scope) {
        parts.add(new Quantized(
                scope.keep(q.codes().stopGradient()), kept(q.targets(), scope), kept(q.codewords(), scope), new NDList()));
        latents = scope.keep(z.stopGradient()); // [n,c]
    }

    private static NDList kept(NDList arrays, Scope scope) {
        NDList kept = new NDList();
        arrays.forEach(a -> kept.add(scope.keep(a.stopGradient())));
        return kept;
    }

    @Override
    public void afterStep(long step, Scope scope) {
        if (!learns) {
            return;
        }
        codebooks.update(parts, key.at("restart").at(step));
        codebooks.refit(step, latents, key.at("refit").at(step));
        parts.clear();
        latents = null;
    }

    @Override
    public Map<String, NDArray> state() {
        return codebooks.state();
    }

    @Override
    public void close() {
        codebooks.close();
    }
}
