package org.dnd4j.core.published;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dnd4j.rqvae.RqVae;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlamaGenNamesTest {
    @ParameterizedTest
    @CsvSource({
        "norm.weight, norm.0.weight",
        "output.weight, output.0.weight",
        "layers.3.attention_norm.weight, layers.3.attention_norm.weight",
    })
    void aTransformerIsOneOfOneHead(String published, String here) {
        assertEquals(here, LlamaGenNames.transformer(published));
        assertEquals(published, LlamaGenNames.publishedTransformer(here));
    }

    @ParameterizedTest
    @CsvSource({
        "encoder.conv_blocks.1.res.0.norm1.weight, encoder.down.1.block.0.norm1.weight",
        "encoder.conv_blocks.4.attn.1.q.bias, encoder.down.4.attn.1.q.bias",
        "encoder.conv_blocks.0.downsample.conv.weight, encoder.down.0.downsample.conv.weight",
        "decoder.conv_blocks.0.res.2.conv2.bias, decoder.up.4.block.2.conv2.bias",
        "decoder.conv_blocks.0.attn.0.norm.weight, decoder.up.4.attn.0.norm.weight",
        "decoder.conv_blocks.3.upsample.conv.bias, decoder.up.1.upsample.conv.bias",
        "encoder.mid.1.proj_out.weight, encoder.mid.attn_1.proj_out.weight",
        "decoder.mid.2.norm1.weight, decoder.mid.block_2.norm1.weight",
        "quantize.embedding.weight, quantizer.codebooks.0.weight",
        "post_quant_conv.bias, post_quant_conv.bias",
    })
    void aTokenizersDecoderCountsItsLevelsInTheOrderInWhichTheyRun(String published, String here) {
        assertEquals(here, LlamaGenNames.tokenizer(published, 4));
        assertEquals(published, LlamaGenNames.publishedTokenizer(here, 4));
    }

    @Test
    void everyNameOfANetworkComesBack() {
        RqVae network = new RqVae(null, null, null, null, null, null, null, 8, null, null, null, null, null, null);
        List<String> here = network.weights().stream().map(w -> w.name()).toList();
        assertEquals(4, LlamaGenNames.lastLevel(here));
        Set<String> published =
                here.stream().map(n -> LlamaGenNames.publishedTokenizer(n, 4)).collect(Collectors.toSet());
        assertEquals(here.size(), published.size());
        assertEquals(4, LlamaGenNames.lastLevel(published));
        assertEquals(
                Set.copyOf(here), published.stream().map(n -> LlamaGenNames.tokenizer(n, 4)).collect(Collectors.toSet()));
    }
}
