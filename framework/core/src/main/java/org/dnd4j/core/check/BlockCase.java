package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.published.StateDict;
import org.dnd4j.core.train.TokenizerObjective;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * Blocks of latents stacked into one vector, quantised, and unstacked (REFERENCE A.2). The latents are recorded, not the
 * network before them, so the network is set to 0 and the latents are laid into pixels, which the linear way beside the
 * network carries over unchanged.
 */
final class BlockCase implements Check.Kind {
    @Override
    public String name() {
        return "rq-vae-blocks";
    }

    @Override
    public boolean fits(Case c) {
        return c.has("z_e", "codes", "to_code_shape") && c.hasFile("checkpoint.pt");
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        Stored z = c.array("z_e"); // [b,h,w,e]
        int embed = z.size(3);
        int side = z.size(1) / c.array("to_code_shape").size(1);
        int patch = (int) Math.ceil(Math.sqrt(embed / 3.0));
        Autoencoder autoencoder = carrier(embed, side, patch, machine);
        Weights identity = Weights.load(
                machine.torch(), autoencoder.weights(), machine.precision(), false, weight -> carrying(weight, embed));
        NDArray grid = autoencoder.encode(pixels(z, patch, machine), identity); // [b,h/s,w/s,s·s·e]
        findings.fractions("to_code_shape", grid.toFloatArray());
        try (Container file = c.checkpoint("checkpoint.pt")) {
            StateDict published = StateDict.in(file).below("quantizer.");
            int depth = c.array("codes").size(3);
            Stored table = published.tensors().get("codebooks.0.weight");
            boolean shared = depth > 1 && published.tied("codebooks.0.weight", "codebooks.1.weight");
            Quantizer quantizer = TokenizerModel.quantizer(
                    autoencoder.width(), Collections.nCopies(depth, table.size(0) - 1), shared, machine);
            Weights w = Weights.load(
                    machine.torch(),
                    quantizer.decomposition().weights(quantizer.space()),
                    machine.precision(),
                    false,
                    published.source());
            NDArray rows = TokenizerModel.rows(grid); // [n,c]
            NDArray recorded = TokenizerModel.rows(DndModel.longs(c.array("codes"), machine.torch())); // [n,D]
            findings.codes(
                    "codes",
                    machine.precision() == Precision.FLOAT32
                            ? quantizer.quantize(rows, w).codes().toLongArray()
                            : TokenizerModel.nearest(quantizer, rows, recorded, w));
            NDList decoded = quantizer.decode(recorded, w); // D × [n,c]
            if (c.has("quant_loss")) {
                findings.fractions("quant_loss", TokenizerObjective.commitment(rows, decoded).toFloatArray());
            }
            if (c.has("z_q")) {
                NDArray image = autoencoder.decode(decoded.get(depth - 1).reshape(grid.getShape()), identity); // [b,3,h·p,w·p]
                findings.fractions("z_q", latents(image.toFloatArray(), z, patch));
            }
            w.close();
        }
        identity.close();
    }

    private static Autoencoder carrier(int embed, int side, int patch, Check.Machine machine) {
        Map<String, Object> rqvae = new HashMap<>();
        rqvae.put("channels", 32);
        rqvae.put("multipliers", List.of(1));
        rqvae.put("blocks", 1);
        rqvae.put("attention", List.of());
        rqvae.put("middle", "none");
        rqvae.put("latent", embed);
        rqvae.put("embed", embed);
        rqvae.put("blockSide", side);
        rqvae.put("patch", patch);
        rqvae.put("skip", true);
        return machine.plugins().plugin(Autoencoder.class, "rqvae", rqvae);
    }

    /** The identity on the first channels beside the network, 0 in it. */
    private static float[] carrying(Weight weight, int embed) {
        float[] values = new float[(int) weight.size()];
        if (weight.name().endsWith("skip.weight")) { // [out,in,1,1]
            int in = Math.toIntExact(weight.shape().get(1));
            for (int i = 0; i < embed; i++) {
                values[i * in + i] = 1;
            }
        }
        return values;
    }

    /** Where latent {@code i} of {@code [b,h,w,e]} lies among pixels {@code [b,3,h·p,w·p]}: channel c·p·p + y·p + x. */
    private static int pixel(int i, Stored z, int patch) {
        int h = z.size(1);
        int w = z.size(2);
        int e = i % z.size(3);
        int column = i / z.size(3) % w;
        int row = i / z.size(3) / w % h;
        int image = i / z.size(3) / w / h;
        int channel = e / (patch * patch);
        int y = row * patch + e / patch % patch;
        int x = column * patch + e % patch;
        return ((image * 3 + channel) * h * patch + y) * w * patch + x;
    }

    private static NDArray pixels(Stored z, int patch, Check.Machine machine) {
        Shape shape = new Shape(z.size(0), 3, (long) z.size(1) * patch, (long) z.size(2) * patch);
        float[] pixels = new float[(int) shape.size()];
        float[] latents = z.floats();
        for (int i = 0; i < latents.length; i++) {
            pixels[pixel(i, z, patch)] = latents[i];
        }
        return machine.torch().manager().create(pixels, shape); // [b,3,h·p,w·p]
    }

    private static float[] latents(float[] pixels, Stored like, int patch) {
        float[] latents = new float[like.size()];
        for (int i = 0; i < latents.length; i++) {
            latents[i] = pixels[pixel(i, like, patch)];
        }
        return latents;
    }
}
