package org.dnd4j.core.published;

import static org.dnd4j.core.published.Names.mirrored;
import static org.dnd4j.core.published.Names.row;

import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * LlamaGen's names (REFERENCE B.1, D.2): its transformers are DnD-Transformers of one head, its tokenizers RQ-VAEs of one
 * code a position, whose decoder counts its levels in the order in which they run.
 */
public final class LlamaGenNames {
    private static final Names TRANSFORMER =
            new Names(List.of(row("norm.weight", "norm.0.weight"), row("output.weight", "output.0.weight")));

    private static final Names TOKENIZER = new Names(List.of(
            row("encoder.conv_blocks.#.res.#.*", "encoder.down.#.block.#.*"),
            row("encoder.conv_blocks.#.*", "encoder.down.#.*"),
            mirrored("decoder.conv_blocks.#.res.#.*", "decoder.up.#.block.#.*"),
            mirrored("decoder.conv_blocks.#.*", "decoder.up.#.*"),
            row("encoder.mid.0.*", "encoder.mid.block_1.*"),
            row("encoder.mid.1.*", "encoder.mid.attn_1.*"),
            row("encoder.mid.2.*", "encoder.mid.block_2.*"),
            row("decoder.mid.0.*", "decoder.mid.block_1.*"),
            row("decoder.mid.1.*", "decoder.mid.attn_1.*"),
            row("decoder.mid.2.*", "decoder.mid.block_2.*"),
            row("quantize.embedding.weight", "quantizer.codebooks.0.weight")));

    private static final Pattern LEVEL = Pattern.compile("decoder\\.(?:conv_blocks|up)\\.(\\d{1,9})\\..*");

    private LlamaGenNames() {}

    /** What a weight of a published transformer is called here. */
    public static String transformer(String published) {
        return TRANSFORMER.here(published, 0);
    }

    /** What a transformer's weight is published as. */
    public static String publishedTransformer(String here) {
        return TRANSFORMER.published(here, 0);
    }

    /**
     * What a weight of a published tokenizer is called here.
     *
     * @param last number of the highest level, as {@link #lastLevel} finds it
     */
    public static String tokenizer(String published, int last) {
        return TOKENIZER.here(published, last);
    }

    /** What a tokenizer's weight is published as. */
    public static String publishedTokenizer(String here, int last) {
        return TOKENIZER.published(here, last);
    }

    /** The weights of a published transformer or tokenizer under the names of this house. */
    public static StateDict here(StateDict published) {
        if (published.tensors().containsKey("output.weight")) {
            return published.renamed(LlamaGenNames::transformer);
        }
        int last = lastLevel(published.tensors().keySet());
        return published.renamed(name -> tokenizer(name, last));
    }

    /** The number of the highest level among a tokenizer's names, published or not; 0 if there is none. */
    public static int lastLevel(Collection<String> names) {
        return names.stream()
                .map(LEVEL::matcher)
                .filter(Matcher::matches)
                .mapToInt(m -> Integer.parseInt(m.group(1)))
                .max()
                .orElse(0);
    }
}
