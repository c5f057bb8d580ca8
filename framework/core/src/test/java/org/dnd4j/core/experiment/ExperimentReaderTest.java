package org.dnd4j.core.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.dnd4j.heads.Dnd;
import org.dnd4j.heads.One;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.UserError;
import org.dnd4j.unrolled.Unrolled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentReaderTest {
    private static final Plugins PLUGINS =
            Plugins.of("0.1.0", Residual.class, Dnd.class, One.class, Llama.class, Unrolled.class, RqVae.class);
    private static final ExperimentReader READER = new ExperimentReader(PLUGINS);
    private static final String TINY = """
            {"name": "tiny", "data": {"glyphs": {}},
             "tokenizer": {"autoencoder": {"rqvae": {"channels": 32, "multipliers": [1, 1], "attention": [], "latent": 8,
               "embed": 8, "patch": 4}}, "decomposition": {"residual": {}}, "depth": 2, "codes": 16,
               "training": {"steps": 5, "batch": 4}},
             "transformer": {"backbone": {"llama@0.1": {"dim": 32, "blocks": 4, "heads": 2}},
               "heads": {"dnd": {"positions": [1, 3]}}, "training": {"steps": 5}}}
            """;

    private static String complaint(String... settings) {
        return assertThrows(UserError.class, () -> READER.parse(TINY, "x.json", List.of(settings)))
                .getMessage();
    }

    @Test
    void whatIsWrittenReadsBackTheSame() {
        Experiment read = READER.parse(TINY, "x.json", List.of());
        String written = ExperimentReader.write(read);
        Experiment again = READER.parse(written, "y.json", List.of());
        assertEquals(read, again);
        assertEquals(written, ExperimentReader.write(again));
        assertTrue(written.contains("\"llama@0.1\""), "a pin stays: " + written);
        assertTrue(written.contains("\"topP\""), "defaults are written out: " + written);
    }

    @Test
    void embeddingsFollowTheTablesOfTheDecompositionUnlessGiven() {
        String shared = "tokenizer.decomposition={\"residual\":{\"shared\":true}}";
        String apart = "tokenizer.decomposition={\"residual\":{\"shared\":false}}";
        assertEquals("shared", embeddings(shared));
        assertEquals("per-depth", embeddings(apart));
        assertEquals("shared", embeddings(apart, "transformer.embeddings=shared"));
        assertEquals("per-depth", embeddings(shared, "transformer.embeddings=per-depth"));
    }

    private static String embeddings(String... settings) {
        Experiment read = READER.parse(TINY, "x.json", List.of(settings));
        assertTrue(ExperimentReader.write(read).contains("\"embeddings\" : \"" + read.transformer().embeddings()));
        return read.transformer().embeddings();
    }

    @Test
    void aTokenizersTrainingHasItsOwnDefaults() {
        Experiment read = READER.parse(TINY, "x.json", List.of());
        assertEquals(4e-5, read.tokenizer().training().learningRate());
        assertEquals(2e-4, read.transformer().training().learningRate());
        assertEquals(0, read.tokenizer().training().ema());
    }

    @Test
    void settingsChangeOneFieldAndNothingElse() {
        Experiment read = READER.parse(
                TINY,
                "x.json",
                List.of("seed=7", "tokenizer.training.steps=9", "tokenizer.depth=1", "transformer.heads={\"one\":{}}", "name=other"));
        assertEquals(7, read.seed());
        assertEquals(9, read.tokenizer().training().steps());
        assertEquals("other", read.name());
        assertEquals("one", read.transformer().heads().name());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            tokenizer.depht=3                       | x.json: tokenizer: unknown field 'depht': one of depth
            tokenizer.depth="two"                   | x.json: tokenizer.depth: "two" is not a whole number
            tokenizer.depth=2.5                     | x.json: tokenizer.depth: 2.5 is not a whole number
            tokenizer.depth=0                       | x.json: tokenizer: depth is 0: must be at least 1
            tokenizer.codes=1                       | codebook of 1
            tokenizer.codes=[16,16,16]              | codes has 3 values
            tokenizer.decomposition={"residul":{}}  | x.json: tokenizer.decomposition: unknown decomposition 'residul': there is only residual
            tokenizer.decomposition.residual.a=1    | x.json: tokenizer.decomposition.residual: unknown field 'a'
            transformer.backbone={"llama@9":{}}     | backbone 'llama' is not here in version 9, only in 0.1.0
            transformer.heads.dnd.positions=[1,9]   | 9
            transformer.heads.dnd.positions=[3,1]   | ascend
            transformer.heads.dnd.positions=[1,2]   | put it at 3, or have 3 layers
            transformer.training.steps=null         | x.json: transformer.training: steps is null
            transformer.training.batch=-1           | batch is -1
            sampling.options.temperature=[1,1,1]    | temperature has 3 values
            sampling.precision=int3                 | precision is 'int3': must be one of float32, bfloat16, int8, int4
            tokenizer.depth=99999999999             | x.json: tokenizer.depth: 99999999999 is not within ±2147483647
            tokenizer.commitment=1e999              | x.json: tokenizer.commitment: "Infinity" is not a number that is finite
            .=1                                     | --set .=1: must be path=value, as in --set seed=1
            tokenizer..depth=1                      | --set tokenizer..depth=1: must be path=value, as in --set seed=1
            data={"glyphs":{},"tar":{}}             | x.json: data: must be one kind with its settings
            data={"glyfs":{}}                       | x.json: data: unknown kind 'glyfs': one of glyphs
            data.glyphs.side=60                     | side 60
            name=a/b                                | letters, digits
            """)
    void mistakesAreNamedWithTheirPlace(String setting, String expected) {
        String message = complaint(setting);
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count(), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"generator": {"unroled": {}}}       | x.json: transformer.generator: unknown generator 'unroled': there is only unrolled
            {"generator": {"unrolled": {}}}      | x.json: transformer.generator.unrolled: unrolled needs dim, blocks and heads
            {"generator": G, "heads": {"one": {}}} | x.json: transformer: heads goes with a backbone and its heads; a generator
            {"generator": G, "tiedHeads": true}  | x.json: transformer: tiedHeads goes with a backbone and its heads; a generator
            {"generator": G, "embeddings": "shared"} | x.json: transformer: embeddings goes with a backbone
            {"generator": G, "tokenDropout": 0.2} | x.json: transformer: tokenDropout goes with a backbone
            {"generator": G, "condition": {"captions": {}}} | x.json: transformer: condition: a generator is asked by classes
            {"generator": G, "classDropout": 1}  | x.json: transformer: a dropout is 1.0: must be from 0 to below 1
            {"training": {"steps": 1}}           | x.json: transformer: field 'backbone' is missing
            """)
    void aGeneratorStandsAlone(String plan, String expected) {
        String generator = "{\"unrolled\": {\"dim\": 32, \"blocks\": 1, \"heads\": 2}}";
        String message = complaint("transformer=" + plan.replace(" G,", " " + generator + ",").replace(" G}", " " + generator + "}"));
        assertTrue(message.startsWith(expected), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void aGeneratorIsWrittenAndReadBackLikeTheRest() {
        String plan = "transformer={\"generator\": {\"unrolled@0.1\": {\"dim\": 32, \"blocks\": 1, \"heads\": 2}}}";
        Experiment read = READER.parse(TINY, "x.json", List.of(plan, "sampling.options.guidance=1.5"));
        assertEquals("unrolled@0.1.0", read.transformer().generator().identity());
        assertEquals(0.1, read.transformer().classDropout());
        assertEquals(read, READER.parse(ExperimentReader.write(read), "y.json", List.of()));
        String message = complaint(plan, "transformer.classDropout=0", "sampling.options.guidance=1.5");
        assertTrue(message.startsWith("x.json: sampling.options.guidance is 1.5 and transformer.classDropout 0: "), message);
    }

    @Test
    void guidanceNeedsPicturesThatWereLearntWithoutTheirLabels() {
        String message = complaint("transformer.classDropout=0", "sampling.options.guidance=1.5");
        assertTrue(message.startsWith("x.json: sampling.options.guidance is 1.5 and transformer.classDropout 0: "), message);
        assertEquals(1, message.lines().count(), message);
        for (String unguided : List.of("sampling.options.guidance=1", "sampling.options.guidance=null")) {
            READER.parse(TINY, "x.json", List.of("transformer.classDropout=0", unguided));
        }
    }

    @Test
    void textThatIsNotJsonNamesTheLine() {
        String message = assertThrows(UserError.class, () -> READER.parse("{\n  \"name\": ,\n}", "x.json", List.of()))
                .getMessage();
        assertTrue(message.startsWith("x.json: not JSON: ") && message.contains("line 2"), message);
        assertThrows(UserError.class, () -> READER.parse("", "x.json", List.of()));
        assertThrows(UserError.class, () -> READER.parse("{\"name\":\"a\",\"name\":\"b\"}", "x.json", List.of()));
        assertThrows(UserError.class, () -> READER.parse("[]", "x.json", List.of()));
    }

    @Test
    void aMissingFileIsNamed() {
        assertEquals(
                "none.json: there is no such file",
                assertThrows(UserError.class, () -> READER.read(Path.of("none.json"), List.of())).getMessage());
    }

    @Test
    void unknownPluginsListTheKnownOnesNearestFirst() {
        String message = assertThrows(
                        UserError.class, () -> READER.plugin(org.dnd4j.spi.HeadTopology.class, "onne", java.util.Map.of()))
                .getMessage();
        assertTrue(message.endsWith("one of one, dnd"), message);
        assertEquals(32, READER.plugin(Backbone.class, "llama", java.util.Map.of("dim", 32, "blocks", 1, "heads", 2)).width());
    }
}
