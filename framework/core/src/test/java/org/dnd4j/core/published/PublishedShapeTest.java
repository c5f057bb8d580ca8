package org.dnd4j.core.published;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.checkpoint.TorchSave;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that only looks published is taken for what it looks like. The one of 5.7 GB is written, for measurements, by
 * {@code mvn -B -pl framework/core -am verify -Dtest=PublishedShapeTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dxxl.file=FILE}, or only read if it is there.
 */
class PublishedShapeTest {
    private static final PublishedShape TINY = new PublishedShape("tiny", 3, 32, List.of(0, 2), 40, 5, 4, 7);

    @TempDir
    Path folder;

    @Test
    void theLargeOneHasThePublishedNumberOfWeights() {
        long weights = PublishedShape.XXL.shapes().values().stream()
                .mapToLong(s -> Arrays.stream(s).reduce(1, (a, b) -> a * b))
                .sum();
        assertEquals(1_436_140_032L, weights);
    }

    @Test
    void aSmallOneIsRecognised() {
        Path file = folder.resolve("0250000.pt");
        TINY.write(file);
        recognised(file, TINY, List.copyOf(TINY.shapes().keySet()));
    }

    /** Trainers of the Lightning kind keep their settings as objects of their own classes beside the weights. */
    @Test
    void whatIsMoreThanDataIsReadOnlyWhereItIsSkipped() {
        Path file = folder.resolve("last.ckpt");
        TorchSave.Tensor table = new TorchSave.Tensor(new long[] {2, 3}, () -> () -> 0.5);
        TorchSave.write(file, Map.of(
                "state_dict", new TorchSave.State(Map.of("tok_embeddings.weight", table)),
                "hyper_parameters", new TorchSave.Other("omegaconf.dictconfig", "DictConfig")));
        for (List<String> skip : List.of(List.<String>of(), List.of("state_dict"))) {
            String message = assertThrows(UserError.class, () -> PublishedFile.open(file, false, skip)).getMessage();
            assertTrue(message.contains("omegaconf.dictconfig.DictConfig is not allowed"), message);
        }
        try (PublishedFile open = PublishedFile.open(file, false, List.of("hyper_parameters"))) {
            float[] read = open.dict().tensors().get("tok_embeddings.weight").floats();
            assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f}, read);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "xxl.file", matches = ".+")
    void theLargeOneIsWrittenAndRecognised() throws IOException {
        Path file = Path.of(System.getProperty("xxl.file"));
        if (!Files.exists(file)) { // it takes minutes
            PublishedShape.XXL.write(file);
        }
        long bytes = Files.size(file);
        assertTrue(bytes > 4 * 1_436_140_032L && bytes < 4 * 1_436_140_032L + (1 << 20), bytes + " bytes");
        recognised(file, PublishedShape.XXL, List.of(
                "cls_embedding.embedding_table.weight", "layers.0.attention.wo.weight", "layers.47.feed_forward.w2.weight",
                "layers.9.ffn_norm.weight", "norm.1.weight", "output.1.weight"));
    }

    private static void recognised(Path path, PublishedShape shape, List<String> read) {
        try (PublishedFile file = PublishedFile.open(path, false, List.of())) {
            Map<String, Stored> tensors = file.dict().tensors();
            assertEquals(List.copyOf(shape.shapes().keySet()), List.copyOf(tensors.keySet()));
            shape.shapes().forEach((name, size) -> assertArrayEquals(size, tensors.get(name).shape(), name));
            read.forEach(name -> assertArrayEquals(shape.values(name), tensors.get(name).floats(), name));
            assertEquals("model", file.key());
            assertEquals(250_000L, file.file().at("steps"));
            PublishedTransformer seen = PublishedTransformer.of(file.dict(), file.args(), file.where());
            List<Fact> facts = new ArrayList<>();
            assertEquals(shape.layers(), seen.layers());
            assertEquals(shape.positions(), seen.positions(null, facts));
            assertEquals(shape.classes(), seen.classes(0, facts));
            assertEquals(shape.grid(), seen.grid());
            assertEquals(shape.name().equals("XXL"), seen.size(null).isPresent());
        }
    }
}
