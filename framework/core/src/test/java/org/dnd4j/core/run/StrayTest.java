package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Tiny;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.guard.Strays;
import org.dnd4j.heads.Dnd;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Run that a plugin does not return to. */
class StrayTest {
    private static final Plugins PLUGINS =
            Plugins.of("0.1.0", Residual.class, Dnd.class, Llama.class, RqVae.class, Sleeper.class, Stuck.class);

    private static final AtomicInteger CALLS = new AtomicInteger();
    private static volatile CountDownLatch back;
    private static volatile int sleepAt;

    /** Falls asleep at one of its calls. */
    @Plugin("sleeper")
    record Sleeper() implements Decomposition {
        @Override
        public List<Weight> weights(CodeSpace space) {
            return new Residual(false).weights(space);
        }

        @Override
        public NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
            if (CALLS.incrementAndGet() == sleepAt) {
                await();
            }
            return Decomposition.super.next(state, codeword, k, w);
        }
    }

    /** Never comes into being. */
    @Plugin("stuck")
    record Stuck() implements Decomposition {
        Stuck {
            await();
        }

        @Override
        public List<Weight> weights(CodeSpace space) {
            return List.of();
        }
    }

    private static void await() {
        try {
            back.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @TempDir
    Path folder;

    private Path config;

    @BeforeEach
    void impatient() throws IOException {
        back = new CountDownLatch(1);
        CALLS.set(0);
        sleepAt = 0;
        config = Files.writeString(folder.resolve("tiny.json"), Tiny.EXPERIMENT.replace("\"residual\"", "\"sleeper\""));
    }

    @AfterEach
    void patient() throws InterruptedException {
        back.countDown();
        while (Strays.all().stream().anyMatch(Strays.Stray::there)) {
            Thread.sleep(10); // it works in a folder that is about to go
        }
    }

    private Runs runs(String at) {
        return new Runs(PLUGINS, new Operations("cpu", 0, folder.resolve(at), 3, "warn"));
    }

    private String complaint(String at, String... settings) {
        return assertThrows(
                        UserError.class, () -> runs(at).run(config.toString(), List.of(settings), null, Progress.NONE))
                .getMessage();
    }

    /** In the middle of training, with lines of the journal unwritten, and of encoding, with a file half written. */
    @Test
    void itsRunCanBeMadeAgainAndIsNotTouchedWhenItComesBack() throws Exception {
        runs("twin").run(config.toString(), List.of(), null, Progress.NONE);
        int calls = CALLS.get();
        for (int at : new int[] {3, calls * 2 / 3}) {
            back = new CountDownLatch(1);
            CALLS.set(0);
            sleepAt = at;
            String runs = "runs" + at;
            assertEquals("plugin 'sleeper' 0.1.0 (decomposition) did not return from next within 3 s: given up, and its thread"
                    + " left to itself", complaint(runs));
            Strays.Stray stray = Strays.all().get(0);
            assertTrue(stray.there() && stray.plugin().equals("sleeper") && stray.job().equals(config.toString()), stray.toString());
            sleepAt = 0;
            Runs again = runs(runs);
            again.run(config.toString(), List.of(), null, Progress.NONE);
            back.countDown();
            while (Strays.all().get(0).there()) {
                Thread.sleep(10);
            }
            for (String file : List.of("tokenizer.safetensors", "codes", "transformer.safetensors", "samples/fox/1.png")) {
                assertArrayEquals(
                        Files.readAllBytes(folder.resolve("twin/tiny").resolve(file)),
                        Files.readAllBytes(folder.resolve(runs + "/tiny").resolve(file)),
                        file);
            }
            assertEquals(3, Files.readAllLines(folder.resolve(runs + "/tiny/tokenizer.jsonl")).size());
        }
    }

    @Test
    void whatWasBegunIsTakenBackAsByAnyFailure() {
        sleepAt = 1;
        assertTrue(complaint("early").contains("did not return from next"));
        assertFalse(Files.exists(folder.resolve("early")));
    }

    @Test
    void aConstructorIsUnderTheSameLimit() {
        String message = complaint("stuck", "tokenizer.decomposition={\"stuck\":{}}");
        assertEquals("plugin 'stuck' 0.1.0 (decomposition) did not return from its constructor within 3 s: given up, and its"
                + " thread left to itself", message);
        assertFalse(Files.exists(folder.resolve("stuck")));
    }
}
