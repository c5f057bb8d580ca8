package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Yaml;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.published.StateDict;
import org.dnd4j.core.train.TokenizerObjective;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/**
 * Images to latents, codes and back (REFERENCE A.1 to A.3): whole and partial reconstructions, losses, and gradients that
 * pass straight through. In other precisions what follows from codes is computed from the recorded ones.
 */
final class TokenizerCase implements Check.Kind {
    private static final Pattern PARTIAL = Pattern.compile("partial_(add|select)_(\\d+)");
    private static final Pattern SOFT = Pattern.compile("soft_codes_t(\\d+(?:p\\d+)?)_img(\\d+)");

    @Override
    public String name() {
        return "rq-vae";
    }

    @Override
    public boolean fits(Case c) {
        return c.has("image", "z_e", "codes", "recon") && c.hasFile("config.yaml") && c.hasFile("checkpoint.pt");
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        Tokenizer tokenizer = TokenizerModel.of(Yaml.read(c.inside("config.yaml")), machine);
        try (Container file = c.checkpoint("checkpoint.pt")) {
            Weights.Source source = TokenizerModel.source(StateDict.in(file));
            Weights w = Weights.load(machine.torch(), tokenizer.weights(), machine.precision(), false, source);
            new Walk(c, machine, tokenizer, w, findings).run();
            w.close();
            if (c.hasLike("grad__.*")) {
                Weights trained = Weights.load(machine.torch(), tokenizer.weights(), machine.training(), true, source);
                gradients(c, machine, tokenizer, trained, findings);
                trained.close();
            }
        }
    }

    private record Walk(Case c, Check.Machine machine, Tokenizer tokenizer, Weights w, Findings findings) {
        void run() {
            Quantizer quantizer = tokenizer.quantizer();
            Weights tables = w.at("quantizer");
            NDArray image = TokenizerModel.floats(c.array("image"), machine); // [b,3,s,s]
            NDArray grid = tokenizer.latents(image, w); // [b,h,w,c]
            NDArray z = TokenizerModel.rows(grid); // [n,c]
            NDArray recorded = TokenizerModel.rows(DndModel.longs(c.array("codes"), machine.torch())); // [n,D]
            if (c.array("z_e").size(1) == grid.getShape().get(1)) { // latents that are not stacked into blocks
                findings.fractions("z_e", z.toFloatArray());
            }
            boolean exact = machine.precision() == Precision.FLOAT32;
            findings.codes(
                    "codes",
                    exact
                            ? tokenizer.encode(image, w).toLongArray()
                            : TokenizerModel.nearest(quantizer, z, recorded, tables));
            NDList decoded = quantizer.decode(recorded, tables); // D × [n,c]
            NDArray last = decoded.get(decoded.size() - 1); // [n,c]
            if (c.has("z_q") && c.array("z_q").size(1) == grid.getShape().get(1)) {
                findings.fractions("z_q", last.toFloatArray());
            }
            if (c.has("quant_loss")) {
                findings.fractions("quant_loss", TokenizerObjective.commitment(z, decoded).toFloatArray());
            }
            NDArray made = tokenizer.images(last.reshape(grid.getShape()), w); // [b,3,s,s]
            findings.fractions("recon", made.toFloatArray());
            if (c.has("loss_recon")) {
                findings.fractions("loss_recon", made.sub(image).square().mean().toFloatArray());
            }
            NDList codewords = TokenizerModel.codewords(quantizer, recorded, tables); // D × [n,c]
            partial(grid.getShape(), decoded, codewords);
            if (c.has("code_emb_with_depth")) {
                findings.fractions("code_emb_with_depth", NDArrays.stack(codewords, 1).toFloatArray()); // [n,D,c]
            }
            soft(grid, recorded);
        }

        /** Pictures of the first codes, or of one code alone. */
        private void partial(Shape grid, NDList decoded, NDList codewords) {
            for (String name : c.like(PARTIAL.pattern())) {
                Matcher m = PARTIAL.matcher(name);
                if (m.matches()) {
                    NDArray part = (m.group(1).equals("add") ? decoded : codewords).get(Integer.parseInt(m.group(2))); // [n,c]
                    findings.fractions(name, tokenizer.images(part.reshape(grid), w).toFloatArray());
                }
            }
        }

        /** The softmax of −‖target − row‖² / t over each table, at every depth of one picture. */
        private void soft(NDArray grid, NDArray recorded) {
            Decomposition d = tokenizer.quantizer().decomposition();
            Weights tables = w.at("quantizer");
            long each = grid.getShape().get(1) * grid.getShape().get(2);
            for (String name : c.like(SOFT.pattern())) {
                Matcher m = SOFT.matcher(name);
                if (m.matches()) {
                    float temperature = (float) Case.decimal(m.group(1));
                    long first = each * Long.parseLong(m.group(2));
                    NDIndex picture = new NDIndex("{}:{}", first, first + each);
                    NDArray z = TokenizerModel.rows(grid).get(picture); // [m,c]
                    NDArray codes = recorded.get(picture); // [m,D]
                    NDArray state = d.begin(z, tables); // [m,c]
                    NDList soft = new NDList();
                    for (int k = 0; k < tokenizer.quantizer().space().depth(); k++) {
                        NDArray away = d.target(z, state, k, tables).expandDims(1).sub(tables.get(d.table(k)).expandDims(0)); // [m,K,c]
                        soft.add(away.square().sum(new int[] {2}).div(-temperature).softmax(1)); // [m,K]
                        state = d.next(state, d.codeword(TokenizerModel.column(codes, k), state, k, tables), k, tables); // [m,c]
                    }
                    findings.fractions(name, NDArrays.stack(soft, 1).toFloatArray()); // [m,D,K]
                }
            }
        }
    }

    private static void gradients(Case c, Check.Machine machine, Tokenizer tokenizer, Weights w, Findings findings) {
        List<String> names = c.like("grad__.*");
        List<NDArray> moved = names.stream().map(n -> w.get(published(n, w))).toList();
        NDArray image = TokenizerModel.floats(c.array("image"), machine); // [b,3,s,s]
        NDArray recorded = TokenizerModel.rows(DndModel.longs(c.array("codes"), machine.torch())); // [n,D]
        NDList gradients;
        float total;
        try (Torch.Tape tape = machine.torch().record()) {
            NDArray grid = tokenizer.latents(image, w); // [b,h,w,c]
            NDArray z = TokenizerModel.rows(grid); // [n,c]
            NDList decoded = tokenizer.quantizer().decode(recorded, w.at("quantizer")); // D × [n,c]
            NDArray through = TokenizerObjective.straightThrough(z, decoded.get(decoded.size() - 1)); // [n,c]
            NDArray error = tokenizer.images(through.reshape(grid.getShape()), w).sub(image).square().mean(); // []
            NDArray quarter = machine.torch().manager().full(new Shape(), 0.25f); // []
            NDArray loss = error.add(TokenizerObjective.commitment(z, decoded).mul(quarter)); // []
            total = loss.toFloatArray()[0];
            gradients = machine.torch().gradients(loss, moved);
        }
        if (c.has("loss_total")) {
            findings.fractions("loss_total", new float[] {total});
        }
        for (int i = 0; i < names.size(); i++) {
            findings.gradients(names.get(i), gradients.get(i).toFloatArray());
        }
    }

    /** The weight whose published name, dots as underscores, follows {@code grad__}. */
    private static String published(String gradient, Weights w) {
        return w.declared().stream()
                .map(weight -> weight.name())
                .filter(n -> gradient.equals("grad__" + n.replace('.', '_')))
                .findFirst()
                .orElseThrow(() -> new UserError("the tokenizer has no weight for '" + gradient + "'"));
    }
}
