package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Tiny;
import org.dnd4j.core.Watch;
import org.dnd4j.core.checkpoint.Safetensors;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.train.Journal;
import org.dnd4j.heads.Dnd;
import org.dnd4j.history.Additive;
import org.dnd4j.history.Conditioned;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A tokenizer that begins with another run's, of which some parts stay and some may differ. */
class FreezeTest {
    private static final Plugins PLUGINS = Plugins.of(
            "0.1.0", Residual.class, Additive.class, Conditioned.class, Dnd.class, Llama.class, RqVae.class);
    private static final List<String> PARTS = List.of("encoder", "decoder", "decomposition");

    @TempDir
    Path folder;

    private Runs runs;

    @BeforeEach
    void train() throws IOException {
        Path config = Files.writeString(folder.resolve("tiny.json"), Tiny.EXPERIMENT);
        runs = new Runs(PLUGINS, new Operations("cpu", 0, folder.resolve("runs")));
        runs.trainTokenizer(config.toString(), List.of(), null, null, Progress.NONE);
    }

    private Safetensors begin(String name, Progress progress, String... settings) {
        runs.trainTokenizer(null, List.of(settings), name, "tiny", progress);
        return tokenizer(name);
    }

    private Safetensors tokenizer(String name) {
        return Safetensors.open(new RunDirectory(folder.resolve("runs").resolve(name)).tokenizer());
    }

    private String refused(String... settings) {
        String message = assertThrows(UserError.class, () -> begin("x", Progress.NONE, settings)).getMessage();
        assertFalse(Files.exists(folder.resolve("runs/x")), "nothing is left of what could not begin");
        return message;
    }

    private static String part(String weight) {
        String autoencoder = weight.matches("encoder.*|quant_conv.*") ? "encoder" : "decoder";
        return weight.startsWith("quantizer.") ? "decomposition" : autoencoder;
    }

    private static String frozen(String... parts) {
        return "tokenizer.training.freeze=[\"" + String.join("\",\"", parts) + "\"]";
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder", "decoder", "decomposition", "encoder decoder", "encoder decomposition"})
    void whatIsFrozenStaysBitForBitAndAllElseMoves(String parts) {
        Safetensors before = tokenizer("tiny");
        Safetensors after = begin("x", Progress.NONE, frozen(parts.split(" ")));
        for (String part : PARTS) {
            List<String> moved = new ArrayList<>();
            for (String name : before.names()) {
                boolean counted = name.matches("exp_avg.*|pixels\\..*|.*\\.restarted");
                if (!counted && part(name).equals(part) && !Arrays.equals(before.floats(name), after.floats(name))) {
                    moved.add(name);
                }
            }
            assertEquals(parts.contains(part), moved.isEmpty(), part + ": " + moved);
            boolean moments = after.names().stream()
                    .anyMatch(n -> n.startsWith("exp_avg.") && part(n.substring(8)).equals(part));
            assertEquals(!parts.contains(part) && !part.equals("decomposition"), moments, part + " in the optimiser");
        }
        assertTrue(after.metadata().get("experiment").contains("freeze"));
        assertEquals(1, runs.show("x").tokenizer().beam());
    }

    @Test
    void tablesAloneAreTrainedWithoutMakingPicturesAndGoOnToTheSameBits() {
        String[] settings = {
            frozen("encoder", "decoder"), "tokenizer.training.steps=6", "tokenizer.training.accumulate=2"
        };
        Safetensors whole = begin("whole", Progress.NONE, settings);
        assertThrows(Stopped.class, () -> begin("cut", Watch.until("tokenizer", 3), settings));
        runs.trainTokenizer("cut", List.of(), null, null, Progress.NONE);
        Safetensors cut = tokenizer("cut");
        whole.names().forEach(n -> assertArrayEquals(whole.floats(n), cut.floats(n), n));
        Map<String, Object> last = Journal.read(folder.resolve("runs/cut/tokenizer.jsonl")).get(5);
        assertFalse(last.containsKey("l2"), last.toString());
        assertEquals(last.get("commitment"), last.get("loss"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "depth=3          | starts anew: codebooks.2; ",
        "codes=32         | starts anew: codebooks.0, codebooks.1; ",
        "decomposition={\"conditioned\":{\"hidden\":8}} | starts anew: the decomposition, residual there and conditioned here; ",
        "decomposition={\"additive\":{}}                | starts anew: the decomposition, residual there and additive here; ",
    })
    void ofAnotherDecompositionWhatFitsIsTakenOver(String setting, String said) {
        Watch watch = new Watch(w -> false);
        Safetensors before = tokenizer("tiny");
        String[] settings = {
            "tokenizer." + setting, "transformer=null", frozen("encoder", "decoder"), "tokenizer.training.steps=1"
        };
        Safetensors after = begin("x", watch, settings);
        int beam = setting.contains("additive") ? 16 : setting.contains("conditioned") ? 4 : 1;
        assertEquals(beam, runs.show("x").tokenizer().beam(), "that of the decomposition, which nobody changed");
        assertEquals(1, watch.warnings.size(), watch.warnings.toString());
        assertTrue(watch.warnings.get(0).startsWith(said), watch.warnings.get(0));
        String table = "quantizer.codebooks.0.weight";
        int near = 0;
        int same = Math.min(before.floats(table).length, after.floats(table).length);
        for (int i = 0; i < same; i++) {
            near += Math.abs(before.floats(table)[i] - after.floats(table)[i]) < 0.02 ? 1 : 0;
        }
        assertEquals(setting.startsWith("depth"), near > same / 2, near + " of " + same + " near where they were");
        float[] last = after.floats("quantizer.codebooks." + (setting.startsWith("depth") ? 2 : 1) + ".weight");
        double square = 0;
        for (float x : last) {
            square += x * x / last.length;
        }
        assertTrue(square < 0.9, "rows start from latents, not from N(0, 1): " + square);
    }

    @Test
    void whatCannotBeFrozenIsRefused() {
        assertEquals(
                "tokenizer.training.freeze[1]: \"encodre\" is not known: one of encoder, decoder, decomposition",
                refused(frozen("decoder", "encodre")).replaceFirst("^.*: tokenizer", "tokenizer"));
        assertTrue(refused(frozen(PARTS.toArray(String[]::new))).contains("must be not all there is"));
        String changed = refused("tokenizer.codes=8", frozen("decomposition"));
        assertTrue(changed.endsWith("of it, codebooks.0, codebooks.1 cannot be taken over, and tokenizer.training.freeze has"
                + " decomposition: leave that out"), changed);
        String other = refused("tokenizer.autoencoder.rqvae.channels=64");
        assertTrue(other.contains("the experiment wants"), other);
        String alone = assertThrows(
                        UserError.class,
                        () -> runs.trainTokenizer(
                                folder.resolve("tiny.json").toString(), List.of(frozen("encoder")), "y", null, Progress.NONE))
                .getMessage();
        assertTrue(alone.startsWith("tokenizer.training.freeze: a tokenizer that begins with nothing"), alone);
        assertTrue(refused("transformer.training.freeze=encoder").contains("parts of a tokenizer"));
        assertTrue(refused("transformer.training.decompositionRate=2").contains("parts of a tokenizer"));
        assertTrue(refused("tokenizer.training.decompositionRate=0").contains("decompositionRate is 0.0: must be above 0"));
    }
}
