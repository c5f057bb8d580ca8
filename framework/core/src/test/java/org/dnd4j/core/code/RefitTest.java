package org.dnd4j.core.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnd4j.residual.Residual;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a decomposition that is fitted is fitted to while its tokenizer trains. */
class RefitTest {
    private static final CodeSpace SPACE = CodeSpace.of(1, 1, 3);

    private final Torch torch = Torch.open("cpu");
    private final Weights w = Weights.start(
            torch, new Witness().weights(SPACE), Precision.FLOAT32, true, Key.of(1));

    @AfterEach
    void close() {
        torch.close();
    }

    /** Puts into its table what it was fitted to: the number of latents, their smallest and their largest. */
    private record Witness() implements Decomposition {
        @Override
        public List<Weight> weights(CodeSpace space) {
            return List.of(Weight.of(table(0), 3, 1).learning(Weight.Learns.FITTED));
        }

        @Override
        public void fit(NDArray latents, CodeSpace space, Key key, Weights w) {
            float[] seen = {latents.size(), latents.min().getFloat(), latents.max().getFloat()};
            w.set(table(0), w.torch().manager().create(seen, new Shape(3, 1)));
        }
    }

    private Codebooks books(int refit) {
        return new Codebooks(
                new Quantizer(new Witness(), SPACE, 1),
                new CodebookLearning(null, null, null, null, null, null, null, refit),
                w);
    }

    /** A step whose n latents all are its number. */
    private void step(Codebooks books, long step, int n) {
        try (Scope scope = torch.scope()) {
            books.refit(step, scope.manager().full(new Shape(n, 1), step), Key.of(step));
        }
    }

    private void sees(String when, float... seen) {
        assertArrayEquals(seen, w.values("codebooks.0.weight"), when);
    }

    @Test
    void itIsFittedToTheLatentsOfAllStepsSinceTheFitBefore() {
        try (Codebooks books = books(4)) {
            try (Scope scope = torch.scope()) {
                books.start(scope.manager().full(new Shape(5, 1), 9f), Key.of(1));
            }
            sees("before the first step", 5, 9, 9);
            for (int step = 0; step < 3; step++) {
                step(books, step, 5);
                sees("after step " + step, 5, 9, 9);
            }
            step(books, 3, 5);
            sees("after step 3", 20, 0, 3);
            for (int step = 4; step < 8; step++) {
                step(books, step, 5);
            }
            sees("after step 7", 20, 4, 7);
        }
    }

    @Test
    void ofManyLatentsItSeesSomeOfEachStep() {
        try (Codebooks books = books(2)) {
            step(books, 0, 20000);
            step(books, 1, 20000);
            sees("after step 1", 32768, 0, 1);
        }
        try (Codebooks books = books(40000)) {
            for (int step : new int[] {0, 20000, 39999}) {
                step(books, step, 3);
            }
            sees("one latent of each of 40000 steps", 40000, 0, 39999);
        }
    }

    @Test
    void whatTheNextFitWillSeeIsKeptInCheckpoints() {
        try (Codebooks stopped = books(2);
                Codebooks resumed = books(2)) {
            step(stopped, 6, 5);
            assertEquals(Set.of("quantizer.recent"), stopped.state().keySet());
            Map<String, NDArray> state = resumed.state();
            stopped.state().forEach((name, array) -> state.get(name).addi(array));
            step(resumed, 7, 5);
            sees("after step 7", 10, 6, 7);
        }
    }

    @Test
    void nothingIsKeptForTablesThatFollowByMovingAverage() {
        Residual residual = new Residual(false);
        Weights tables = Weights.start(torch, residual.weights(SPACE), Precision.FLOAT32, true, Key.of(1));
        try (Codebooks books = new Codebooks(new Quantizer(residual, SPACE, 1), CodebookLearning.defaults(), tables)) {
            step(books, 49, 5);
            assertEquals(
                    Set.of(
                            "quantizer.codebooks.0.cluster_size_ema",
                            "quantizer.codebooks.0.embed_ema",
                            "quantizer.codebooks.0.restarted"),
                    books.state().keySet());
        }
    }
}
