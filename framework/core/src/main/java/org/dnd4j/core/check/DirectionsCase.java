package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.published.LlamaGenNames;
import org.dnd4j.core.published.PublishedTokenizer;
import org.dnd4j.core.published.StateDict;
import org.dnd4j.core.train.TokenizerObjective;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weights;

/**
 * LlamaGen's tokenizer (REFERENCE D.2): an RQ-VAE's network with attention in the lowest level, whose latents and codes are
 * directions; images to codes and back, and the losses. The reference divides its distances by the temperature in place,
 * after its codes are chosen, so that nothing else changes and there is nothing to repeat. In other precisions what follows
 * from latents and codes is computed from the recorded ones.
 */
final class DirectionsCase implements Check.Kind {
    private static final Pattern ENTROPY = Pattern.compile("entropy_loss_ratio(\\d+(?:[pd]\\d+)?)");

    @Override
    public String name() {
        return "llamagen-vq";
    }

    @Override
    public boolean fits(Case c) {
        return c.has("image", "codes")
                && c.config().keySet().containsAll(
                        List.of("ch", "ch_mult", "num_res_blocks", "z_channels", "codebook_size", "codebook_embed_dim"))
                && c.hasFile("checkpoint.pt");
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        try (Container file = c.checkpoint("checkpoint.pt")) {
            StateDict here = LlamaGenNames.here(StateDict.in(file));
            Map<String, Object> rqvae = PublishedTokenizer.ofLlamaGen(here, "checkpoint.pt").settings("autoencoder", "rqvae");
            Autoencoder network = machine.plugins().plugin(Autoencoder.class, "rqvae", rqvae);
            CodeSpace space = CodeSpace.of(network.width(), 1, Case.whole(c.config(), "codebook_size"));
            Tokenizer tokenizer = new Tokenizer(network, new Quantizer(cosine(machine, 0), space, 1));
            rqvae.put("unit", false);
            Autoencoder plain = machine.plugins().plugin(Autoencoder.class, "rqvae", rqvae);
            Weights w = Weights.load(
                    machine.torch(), tokenizer.weights(), machine.precision(), false, TokenizerModel.source(here));
            compare(c, machine, tokenizer, plain, w, findings);
            w.close();
        }
    }

    private static Decomposition cosine(Check.Machine machine, double entropy) {
        return machine.plugins().plugin(Decomposition.class, "cosine", Map.of("entropy", entropy));
    }

    /** {@code plain} is the network whose latents are as they come out. */
    private static void compare(
            Case c, Check.Machine machine, Tokenizer tokenizer, Autoencoder plain, Weights w, Findings findings) {
        boolean exact = machine.precision() == Precision.FLOAT32;
        NDArray image = TokenizerModel.floats(c.array("image"), machine); // [b,3,s,s]
        NDArray grid = tokenizer.latents(image, w); // [b,h,w,c]
        NDArray recorded = DndModel.longs(c.array("codes"), machine.torch()).reshape(-1, 1); // [n,1]
        Weights table = w.at("quantizer");
        findings.codes(
                "codes",
                exact
                        ? tokenizer.encode(image, w).toLongArray()
                        : TokenizerModel.nearest(tokenizer.quantizer(), TokenizerModel.rows(grid), recorded, table));
        NDList decoded = tokenizer.quantizer().decode(recorded, table); // 1 × [n,c]
        NDArray directions = decoded.head().reshape(grid.getShape()); // [b,h,w,c]
        if (c.has("quant")) {
            findings.fractions("quant", channelsFirst(directions));
        }
        if (c.has("recon")) {
            findings.fractions("recon", tokenizer.images(directions, w).toFloatArray());
        }
        if (c.has("z_before_quant")) {
            findings.fractions("z_before_quant", channelsFirst(plain.encode(image, w)));
        }
        losses(c, machine, exact ? TokenizerModel.rows(grid) : known(c, machine, grid), decoded, table, findings);
    }

    private static void losses(
            Case c, Check.Machine machine, NDArray z, NDList decoded, Weights table, Findings findings) {
        float error = loss(cosine(machine, 0), z, decoded, table);
        if (c.has("vq_loss")) {
            findings.fractions("vq_loss", new float[] {error});
        }
        if (c.has("commit_loss")) {
            double beta = Case.number(c.config().get("commit_loss_beta"), 0.25);
            float commitment = TokenizerObjective.commitment(z, decoded).toFloatArray()[0];
            findings.fractions("commit_loss", new float[] {(float) beta * commitment});
        }
        for (String name : c.like(ENTROPY.pattern())) {
            Matcher ratio = ENTROPY.matcher(name);
            if (ratio.matches()) {
                double entropy = Case.decimal(ratio.group(1));
                float both = loss(cosine(machine, entropy), z, decoded, table);
                findings.fractions(name, new float[] {both - error});
            }
        }
    }

    private static float loss(Decomposition cosine, NDArray z, NDList decoded, Weights table) {
        return cosine.loss(z, decoded, table).toFloatArray()[0];
    }

    /** The recorded latents {@code [n,c]}, of length 1; those that came out where none are recorded. */
    private static NDArray known(Case c, Check.Machine machine, NDArray grid) {
        if (!c.has("z_before_quant")) {
            return TokenizerModel.rows(grid);
        }
        NDArray recorded = TokenizerModel.floats(c.array("z_before_quant"), machine); // [b,c,h,w]
        NDArray z = TokenizerModel.rows(recorded.transpose(0, 2, 3, 1)); // [n,c]
        return z.div(z.square().sum(new int[] {1}, true).sqrt());
    }

    /** {@code [b,h,w,c]} as {@code [b,c,h,w]}, row-major. */
    private static float[] channelsFirst(NDArray grid) {
        NDArray turned = grid.transpose(0, 3, 1, 2); // [b,c,h,w]
        return turned.reshape(new Shape(turned.size())).toFloatArray();
    }
}
