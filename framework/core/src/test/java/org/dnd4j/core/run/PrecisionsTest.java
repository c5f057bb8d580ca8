package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Tiny;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.heads.Dnd;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecisionsTest {
    private static final Plugins PLUGINS =
            Plugins.of("0.1.0", Residual.class, Dnd.class, Llama.class, RqVae.class);

    @TempDir
    Path folder;

    private Runs runs() {
        return new Runs(PLUGINS, new Operations("cpu", 0, folder.resolve("runs")));
    }

    private String config() throws IOException {
        return Files.writeString(folder.resolve("tiny.json"), Tiny.EXPERIMENT).toString();
    }

    @Test
    void eachIsComparedWithFloat32() throws IOException {
        runs().run(config(), List.of("transformer.training.learningRate=0.05", "transformer.training.steps=300"), null,
                Progress.NONE);
        List<Precision> asked = List.of(Precision.INT4, Precision.FLOAT32, Precision.INT8);
        Map<String, Object> measured = runs().evaluate("tiny", List.of(), asked, Progress.NONE);
        Map<?, ?> compared = (Map<?, ?>) measured.get("precisions");
        assertEquals(List.of("float32", "int4", "int8"), List.copyOf(compared.keySet()));
        Map<?, ?> exact = (Map<?, ?>) compared.get("float32");
        assertEquals(measured.get("loss"), exact.get("loss"));
        assertEquals(List.of(0.0, 0.0), exact.get("change"));
        assertEquals(List.of(1.0, 1.0), exact.get("greedy"));
        assertEquals(measured.get("words"), exact.get("words"), "drawn as the report's samples were");
        double int8 = largest(compared, "int8", exact);
        double int4 = largest(compared, "int4", exact);
        assertNotEquals(0, int8);
        assertTrue(int8 < int4 && int4 < 0.1, int8 + " " + int4);
    }

    /** The largest change of a depth's loss; what is said of it fits the losses. */
    private static double largest(Map<?, ?> compared, String precision, Map<?, ?> exact) {
        Map<?, ?> one = (Map<?, ?>) compared.get(precision);
        double largest = 0;
        for (int k = 0; k < 2; k++) {
            double change = number(one, "loss", k) - number(exact, "loss", k);
            assertEquals(change, number(one, "change", k));
            assertTrue(number(one, "greedy", k) > 0.1 && number(one, "greedy", k) <= 1);
            largest = Math.max(largest, Math.abs(change));
        }
        return largest;
    }

    private static double number(Map<?, ?> one, String metric, int k) {
        return (Double) ((List<?>) one.get(metric)).get(k);
    }

    @Test
    void agreementIsCountedByDepth() {
        long[] codes = {1, 2, 3, 4, 5, 6, 7, 8};
        long[] others = {1, 0, 3, 0, 0, 6, 7, 8};
        assertEquals(List.of(0.75, 0.5), Precisions.agreement(codes, others, 2));
    }

    @Test
    void thereMustBeATransformer() throws IOException {
        runs().trainTokenizer(config(), List.of(), null, null, Progress.NONE);
        String message = assertThrows(
                        UserError.class,
                        () -> runs().evaluate("tiny", List.of(), List.of(Precision.INT8), Progress.NONE))
                .getMessage();
        assertEquals(
                "--precision compares transformers of classes, and there is none, or no codes: 'train tiny' makes them",
                message);
    }
}
