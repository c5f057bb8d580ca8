package org.dnd4j.core.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;

class PublishedTransformerTest {
    private final List<Fact> facts = new ArrayList<>();

    private static PublishedTransformer of(int layers, int dim, int hidden, int depth, int classRows, Map<?, ?> args) {
        return new PublishedTransformer(layers, dim, hidden, 16384, depth, classRows, List.of(), false, args);
    }

    private static String complaint(org.junit.jupiter.api.function.Executable wrong) {
        return assertThrows(UserError.class, wrong).getMessage();
    }

    @Test
    void aSizeIsRecognisedByLayersAndWidth() {
        assertEquals("XXL", of(48, 1536, 4096, 2, 1001, Map.of()).size(null).orElseThrow().name());
        Size wide = of(48, 2560, 6912, 1, 1001, Map.of()).size(null).orElseThrow();
        assertEquals("XXXL (LlamaGen's)", wide.toString());
        assertEquals(32, of(48, 2048, 5632, 2, 1001, Map.of()).size(null).orElseThrow().heads());
        assertEquals(Optional.empty(), of(4, 64, 256, 2, 11, Map.of()).size(null));
        assertEquals(40, of(48, 2560, 6912, 1, 1001, Map.of()).size("GPT-XXXL").orElseThrow().heads());
        assertEquals(
                "--preset XL: has 36 layers of 1280, and the checkpoint 48 of 1536",
                complaint(() -> of(48, 1536, 4096, 2, 1001, Map.of()).size("XL")));
        assertTrue(complaint(() -> of(4, 64, 256, 2, 11, Map.of()).size("XX")).startsWith("--preset XX: is none: one of XL"));
    }

    @Test
    void theBackboneIsAPresetWhereThePluginHasIt() {
        PublishedTransformer known = of(48, 1536, 4096, 2, 1001, Map.of("dropout_p", 0.2, "drop_path_rate", 0.0));
        Map<String, Object> preset = known.backbone(known.size(null), facts);
        assertEquals(
                Map.of("preset", "XXL", "residualDropout", 0.2, "feedForwardDropout", 0.2, "dropPath", 0.0, "condition", "zero"),
                preset);
        PublishedTransformer wide = of(48, 2560, 6912, 1, 1001, Map.of());
        assertEquals(Map.of("dim", 2560, "blocks", 48, "heads", 40, "condition", "zero"), wide.backbone(wide.size(null), facts));
        PublishedTransformer tiny = of(3, 32, 96, 2, 11, Map.of());
        assertEquals(32, tiny.backbone(Optional.empty(), facts).get("multipleOf"), "85.3 rounded up to 96");
        assertFalse(tiny.backbone(Optional.empty(), facts).containsKey("heads"));
    }

    @Test
    void headsStandWhereTheFileSaysOrTheReleasedModelsHaveThem() {
        assertEquals(List.of(39, 47), of(48, 1536, 4096, 2, 1001, Map.of()).positions(null, facts));
        assertEquals(List.of(26, 29, 32, 35, 38, 41, 44, 47), of(48, 1536, 4096, 8, 1, Map.of()).positions(null, facts));
        assertEquals(List.of(1, 3), of(4, 64, 256, 2, 11, Map.of("pred_head_positions", "1,3")).positions(null, facts));
        assertEquals(List.of(0, 3), of(4, 64, 256, 2, 11, Map.of("pred_head_positions", "1,3")).positions(List.of(0, 3), facts));
        assertEquals(List.of(3), of(4, 64, 256, 1, 11, Map.of("pred_head_positions", "")).positions(null, facts));
        assertEquals("args.pred_head_positions", facts.get(2).from());
        String unsaid = complaint(() -> of(12, 768, 2048, 4, 1001, Map.of()).positions(null, facts));
        assertTrue(unsaid.contains("no released model has 4 heads on 12 layers: say it, as in --heads 5,11"), unsaid);
        // the reference's command line has a default of eight, whatever the number of heads
        String eight = complaint(() -> of(48, 1536, 4096, 2, 1001, Map.of("pred_head_positions", "26,29,32,35,38,41,44,47"))
                .positions(null, facts));
        assertTrue(eight.startsWith("args.pred_head_positions names 8 layers"), eight);
        assertTrue(complaint(() -> of(48, 1536, 4096, 2, 1001, Map.of()).positions(List.of(47), facts)).startsWith("--heads names 1"));
    }

    @Test
    void theLastRowOfTheClassTableIsForNoClassUnlessSomebodySaysOtherwise() {
        assertEquals(1000, of(48, 1536, 4096, 2, 1001, Map.of()).classes(0, facts));
        assertEquals(1, of(48, 1536, 4096, 8, 1, Map.of()).classes(0, facts));
        assertEquals(1001, of(48, 1536, 4096, 2, 1001, Map.of()).classes(1001, facts));
        assertEquals(11, of(48, 1536, 4096, 2, 11, Map.of("num_classes", 11L)).classes(0, facts));
        PublishedTransformer one = of(48, 1536, 4096, 8, 1, Map.of());
        assertEquals(0, one.classDropout(1));
        assertEquals(0.1, of(48, 1536, 4096, 2, 1001, Map.of()).classDropout(1000));
        assertEquals(16, of(48, 1536, 4096, 2, 1001, Map.of("image_size", 256L, "downsample_size", 16L)).grid());
        assertEquals(0, one.grid());
    }
}
