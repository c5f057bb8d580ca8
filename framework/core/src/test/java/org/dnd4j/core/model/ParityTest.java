package org.dnd4j.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.core.train.Optimizer;
import org.dnd4j.core.train.Training;
import org.dnd4j.llama.Llama;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Tap;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The transformer against recorded runs of the reference. Cases that are not in the test resources are skipped. */
class ParityTest {
    private static final List<Tap> TWO = Recorded.dnd(1, 3);

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    @Test
    void teacherForcedLogitsAndLossesAreThePublishedOnes() {
        Recorded recorded = Recorded.of("i_dnd_2head_teacher");
        DndTransformer model = Recorded.tiny(TWO, 10, true, false);
        Weights w = recorded.weights(torch, model, "checkpoint.pt", false, Precision.FLOAT32);
        NDArray codes = recorded.whole("codes", torch);
        NDList logits = model.logits(recorded.whole("cond", torch), codes, false, Key.of(0), w);
        close(recorded.floats("logits"), NDArrays.stack(logits, 1).toFloatArray(), 1e-4);
        NDList losses = model.loss(logits, codes, w);
        assertEquals(recorded.floats("loss")[0], losses.get(0).getFloat(), 5e-4);
        float[] each = recorded.floats("loss_per_head");
        for (int k = 0; k < model.depth(); k++) {
            assertEquals(each[k], losses.get(1 + k).getFloat(), 5e-4);
        }
    }

    @Test
    void otherTopologiesAreOtherTaps() {
        Recorded recorded = Recorded.of("id_derived_topologies");
        List<List<Tap>> taps = List.of(
                List.of(new Tap(3, 0, false), new Tap(3, 1, false)), List.of(new Tap(1, 0, false), new Tap(3, 1, false)));
        for (int i = 0; i < 2; i++) {
            DndTransformer model = Recorded.tiny(taps.get(i), 10, true, false);
            Weights w = Recorded.of("i_dnd_2head_teacher").weights(torch, model, "checkpoint.pt", false, Precision.FLOAT32);
            NDArray codes = recorded.whole("codes", torch);
            NDList logits = model.logits(recorded.whole("cond", torch), codes, false, Key.of(0), w);
            String name = i == 0 ? "parallel" : "vertical";
            close(recorded.floats(name + "_logits"), NDArrays.stack(logits, 1).toFloatArray(), 1e-4);
            assertEquals(recorded.floats(name + "_loss")[0], model.loss(logits, codes, w).head().getFloat(), 5e-4);
        }
    }

    /** Greedy codes are equal, and what led to them is what teacher forcing on them says. */
    @Test
    void cachedDecodingGivesThePublishedCodes() {
        Recorded recorded = Recorded.of("i_dnd_2head_decode");
        DndTransformer model = Recorded.tiny(TWO, 10, true, false);
        Weights w = recorded.weights(torch, model, "checkpoint.pt", false, Precision.FLOAT32);
        int[] labels = Arrays.stream(recorded.array("cond").longs()).mapToInt(l -> (int) l).toArray();
        int n = labels.length;
        for (int guidance = 1; guidance <= 2 && recorded.has("cfg" + guidance + "_codes"); guidance++) {
            NDArray codes = new Generation(model, Sampling.greedy(guidance), w)
                    .codes(labels, Generation.keys(0, 0, n), p -> {});
            assertArrayEquals(recorded.array("cfg" + guidance + "_codes").longs(), codes.toLongArray());
            NDArray sequence = codes.reshape(new Shape(n, 16, model.depth()));
            NDArray given = NDArrays.stack(model.logits(recorded.whole("cond", torch), sequence, false, Key.of(0), w));
            if (guidance == 2) {
                NDArray none = torch.manager().create(new long[] {10}).tile(n);
                NDArray without = NDArrays.stack(model.logits(none, sequence, false, Key.of(0), w));
                given = without.add(given.sub(without).mul(2));
            }
            close(recorded.floats("cfg" + guidance + "_logits"), given.transpose(2, 0, 1, 3).toFloatArray(), 2e-4);
        }
    }

    @Test
    void gradientsAndTwoStepsOfTrainingAreThePublishedOnes() {
        Recorded recorded = Recorded.of("xii_grad_adamw");
        Llama llama = new Llama(null, 32, 3, 2, 32, 0., 0., 0., Llama.Condition.ZERO);
        DndTransformer model = new DndTransformer(llama, Recorded.dnd(0, 2), CodeSpace.of(8, 2, 64), 4, 4,
                new Condition.Classes(10, true), DndTransformer.Embeddings.SHARED, false, 0);
        Weights w = recorded.weights(torch, model, "before.pt", true, Precision.FLOAT32);
        Training training = new Training(2, 4, 1, 1e-3, null, null, null, null, null, null, 0.05, 1.0, 0.5, null);
        try (Optimizer optimizer = new Optimizer(w, training, torch.manager())) {
            for (int step = 0; step < 2; step++) {
                String after = step == 0 ? "" : "_step2";
                try (Scope scope = torch.scope()) {
                    NDList gradients = new NDList();
                    try (Torch.Tape tape = torch.record()) {
                        NDArray codes = recorded.whole("codes" + after, torch);
                        NDList logits = model.logits(recorded.whole("cond", torch), codes, true, Key.of(0), w);
                        NDArray loss = model.loss(logits, codes, w).head();
                        assertEquals(recorded.floats("loss" + after)[0], loss.getFloat(), 5e-4);
                        gradients.addAll(torch.gradients(loss, optimizer.parameters()));
                        if (step == 0) {
                            NDList inOrder = new NDList();
                            w.trainable().values().forEach(
                                    a -> inOrder.add(gradients.get(optimizer.parameters().indexOf(a)).flatten()));
                            close(recorded.floats("grads_flat"), NDArrays.concat(inOrder).toFloatArray(), 1e-5);
                        }
                    }
                    float norm = optimizer.step(gradients, step);
                    if (step == 0) {
                        assertEquals(recorded.floats("grad_norm")[0], norm, 1e-4 * norm);
                        close(recorded.floats("ema_after_flat"), flat(w, optimizer, "ema."), 2e-5);
                    }
                    close(recorded.floats("params_after" + after + "_flat"), flat(w, optimizer, ""), 4e-5);
                }
            }
        }
    }

    /** Every weight, or its average, one after the other in declared order. */
    private static float[] flat(Weights w, Optimizer optimizer, String prefix) {
        NDList parts = new NDList();
        w.declared().forEach(d -> parts.add(
                (prefix.isEmpty() ? w.get(d.name()) : optimizer.state().get(prefix + d.name())).flatten()));
        return NDArrays.concat(parts).toFloatArray();
    }

    private static void close(float[] expected, float[] seen, double tolerance) {
        assertEquals(expected.length, seen.length);
        for (int i = 0; i < seen.length; i++) {
            assertEquals(expected[i], seen[i], tolerance * (1 + 10 * Math.abs(expected[i])), "element " + i);
        }
    }
}
