package org.dnd4j.core.published;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;

/**
 * A published tokenizer as its {@code config.yaml} describes it (REFERENCE A.1, A.2), or as {@code export} does.
 *
 * @param plan of an experiment in which nothing is trained
 * @param sizes K of each depth
 * @param grid side of the code grid that it was trained with
 * @param factor pixels along an edge of a place of that grid
 */
public record PublishedTokenizer(Map<String, Object> plan, List<Integer> sizes, int grid, int factor) {

    private static final int SIDE = 256;

    /**
     * The RQ-VAE that a configuration describes.
     *
     * @throws UserError if it lacks something, or asks for what no plugin does
     */
    public static PublishedTokenizer of(Map<String, Object> yaml, String where) {
        Map<?, ?> arch = map(yaml.get("arch"));
        Map<?, ?> hparams = map(arch.get("hparams"));
        Map<?, ?> network = map(arch.containsKey("ddconfig") ? arch.get("ddconfig") : hparams.get("ddconfig"));
        if (Boolean.TRUE.equals(network.get("double_z"))) {
            throw new UserError(where + ": double_z is true, which no plugin knows");
        }
        List<Integer> latents = wholes(hparams, "latent_shape", where);
        List<Integer> codes = wholes(hparams, "code_shape", where);
        if (latents.size() != 3 || codes.size() != 3 || codes.get(0) < 1 || codes.get(2) < 1) {
            throw new UserError(where + ": latent_shape and code_shape must have three numbers each, not " + latents + " and "
                    + codes);
        }
        List<Integer> multipliers = wholes(network, "ch_mult", where);
        int stride = 1 << (multipliers.size() - 1);
        int block = Math.max(1, latents.get(0) / codes.get(0));
        Map<String, Object> rqvae = new LinkedHashMap<>();
        rqvae.put("channels", whole(network, "ch", where));
        rqvae.put("multipliers", multipliers);
        rqvae.put("blocks", whole(network, "num_res_blocks", where));
        rqvae.put("attention", wholes(network, "attn_resolutions", where));
        rqvae.put("resolution", whole(network, "resolution", where));
        rqvae.put("latent", whole(network, "z_channels", where));
        rqvae.put("embed", whole(hparams, "embed_dim", where));
        rqvae.put("blockSide", block);
        boolean shared = Boolean.TRUE.equals(hparams.get("shared_codebook"));
        List<Integer> sizes = new ArrayList<>(wholes(hparams, "n_embed", where));
        while (sizes.size() < codes.get(2)) {
            sizes.add(sizes.get(0));
        }
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("autoencoder", Map.of("rqvae", rqvae));
        plan.put("decomposition", Map.of("residual", Map.of("shared", shared)));
        plan.put("standardise", false);
        plan.put("commitment", number(hparams, "latent_loss_weight", 0.25));
        plan.put("codebooks", Map.of("start", "kept", "decay", number(hparams, "decay", 0.99)));
        return new PublishedTokenizer(plan, sizes, codes.get(0), stride * block).first(sizes.size());
    }

    /** LlamaGen's network, recognised by its tensors under the names of this house (REFERENCE D.2). */
    public static PublishedTokenizer ofLlamaGen(StateDict dict, String where) {
        int levels = LlamaGenNames.lastLevel(dict.tensors().keySet()) + 1;
        int channels = out(dict, "encoder.conv_in", where);
        List<Integer> multipliers = new ArrayList<>();
        for (int i = 0; i < levels; i++) {
            multipliers.add(out(dict, "encoder.down." + i + ".block.0.conv1", where) / channels);
        }
        int blocks = 0;
        while (dict.tensors().containsKey("encoder.down.0.block." + blocks + ".conv1.weight")) {
            blocks++;
        }
        int codes = out(dict, "quantizer.codebooks.0", where);
        int latent = out(dict, "encoder.conv_out", where);
        return ofLlamaGen(channels, multipliers, blocks, latent, out(dict, "quant_conv", where), codes);
    }

    private static int out(StateDict dict, String name, String where) {
        Stored stored = dict.tensors().get(name + ".weight");
        if (stored == null || stored.shape().length < 2) {
            throw new UserError(where + ": has no matrix " + name + ".weight, so it is not LlamaGen's tokenizer");
        }
        return stored.size(0);
    }

    /** LlamaGen's tokenizer that was published for a factor of 8 or 16. */
    static PublishedTokenizer ofLlamaGen(int factor, int codes) {
        List<Integer> multipliers = factor == 8 ? List.of(1, 2, 2, 4) : List.of(1, 1, 2, 2, 4);
        return ofLlamaGen(128, multipliers, 2, 256, 8, codes);
    }

    private static PublishedTokenizer ofLlamaGen(
            int channels, List<Integer> multipliers, int blocks, int latent, int embed, int codes) {
        int resolution = Math.max(SIDE, 1 << multipliers.size() - 1);
        int factor = 1 << multipliers.size() - 1;
        Map<String, Object> rqvae = new LinkedHashMap<>();
        rqvae.put("channels", channels);
        rqvae.put("multipliers", multipliers);
        rqvae.put("blocks", blocks);
        rqvae.put("attention", List.of(resolution / factor)); // the lowest level
        rqvae.put("resolution", resolution);
        rqvae.put("latent", latent);
        rqvae.put("embed", embed);
        rqvae.put("unit", true);
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("autoencoder", Map.of("rqvae", rqvae));
        plan.put("decomposition", Map.of("cosine", Map.of()));
        plan.put("standardise", false);
        return new PublishedTokenizer(plan, List.of(codes), SIDE / factor, factor).first(1);
    }

    /** The tokenizer of a file that was exported. */
    static PublishedTokenizer of(PublishedFile exported) {
        Map<String, Object> tree = exported.experiment();
        Map<String, Object> plan = PublishedFile.object(tree.get("tokenizer"));
        List<Integer> sizes = new ArrayList<>(wholes(plan, "codes", exported.where()));
        while (sizes.size() < whole(plan, "depth", exported.where())) {
            sizes.add(sizes.get(0));
        }
        String grid = exported.said().getOrDefault(PublishedFile.GRID, "");
        if (!grid.matches("[1-9]\\d{0,5}")) {
            throw new UserError(exported.where() + ": is damaged: " + PublishedFile.GRID + " is '" + grid + "'");
        }
        int side = Integer.parseInt(grid);
        return new PublishedTokenizer(plan, sizes, side, whole(tree, "side", exported.where()) / side);
    }

    private static double number(Map<?, ?> map, String key, double otherwise) {
        return map.get(key) instanceof Number n ? n.doubleValue() : otherwise;
    }

    private static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static int whole(Map<?, ?> map, String key, String where) {
        if (map.get(key) instanceof Number n) {
            return n.intValue();
        }
        throw new UserError(where + ": gives no number '" + key + "', only " + map.keySet());
    }

    /** A list, or one number. */
    private static List<Integer> wholes(Map<?, ?> map, String key, String where) {
        if (map.get(key) instanceof List<?> list && list.stream().allMatch(n -> n instanceof Number)) {
            return list.stream().map(n -> ((Number) n).intValue()).toList();
        }
        return List.of(whole(map, key, where));
    }

    /** The settings of the plugin that plays a part. */
    public Map<String, Object> settings(String part, String plugin) {
        return PublishedFile.object(PublishedFile.object(plan.get(part)).get(plugin));
    }

    /** D, the number of codes of a position. */
    public int depth() {
        return sizes.size();
    }

    /** Its first codes alone, for a transformer that predicts no more of them (REFERENCE C, {@code train_code_depth}). */
    public PublishedTokenizer first(int depth) {
        List<Integer> first = sizes.subList(0, depth);
        Map<String, Object> shorter = new LinkedHashMap<>(plan);
        shorter.put("depth", depth);
        shorter.put("codes", first.stream().distinct().count() == 1 ? first.subList(0, 1) : first);
        return new PublishedTokenizer(shorter, first, grid, factor);
    }

    /**
     * Which tensors become which weights.
     *
     * @param all D of the tokenizer that was published, of which a run may use the first codes only
     */
    static Fitting fit(String where, StateDict dict, Tokenizer tokenizer, int all) {
        Fitting fitting = new Fitting(where, dict);
        List<String> tables = new ArrayList<>();
        for (Weight weight : tokenizer.weights()) {
            if (weight.name().equals("pixels.mean") || weight.name().equals("pixels.deviation")) {
                fitting.takeOr(weight, weight.name().endsWith("mean") ? 0 : 1);
            } else if (weight.learns() == Learns.EMA) {
                fitting.takeTable(weight);
                String table = weight.name().replaceFirst("\\.weight$", "");
                tables.add(table);
                long size = weight.shape().get(0);
                fitting.takeIfThere(Weight.of(table + ".cluster_size_ema", size));
                fitting.takeIfThere(Weight.of(table + ".embed_ema", size, weight.shape().get(1)));
            } else {
                fitting.take(weight);
            }
        }
        fitting.ignore("quantize.codebook_used"); // the codes of LlamaGen's last training steps
        for (int k = 0; k < all; k++) {
            String table = "quantizer.codebooks." + k;
            if (!tables.contains(table) && tables.size() == 1 && tokenizer.quantizer().space().depth() > 1) {
                List.of(".weight", ".cluster_size_ema", ".embed_ema")
                        .forEach(leaf -> fitting.same(table + leaf, tables.get(0) + leaf));
            } else if (!tables.contains(table)) {
                fitting.ignore(table + ".");
            }
        }
        return fitting;
    }
}
