package org.dnd4j.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A tape belongs to one device and one thread, and others take no notice. */
class ThreadsTest {
    private static final Program SQUARE =
            Program.text("square.py", "def f(self, x: Tensor) -> Tensor:\n  return torch.sum(torch.mul(x, x))\n");

    private static Weights three(Torch torch) {
        return Weights.load(
                torch, List.of(Weight.of("w", 3)), Precision.FLOAT32, true, w -> new float[] {1, 2, 3});
    }

    /** d Σw² / dw = 2w, through a program and through NDArray operations. */
    private static void check(Torch torch, Weights w) {
        NDList ws = new NDList(w.get("w"));
        assertArrayEquals(
                new float[] {2, 4, 6},
                torch.gradients(w.run(SQUARE, "f", w.get("w")), ws).head().toFloatArray());
        assertArrayEquals(
                new float[] {2, 4, 6},
                torch.gradients(w.get("w").square().sum(), ws).head().toFloatArray());
    }

    @Test
    void twoThreadsRecordAtOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        CyclicBarrier together = new CyclicBarrier(2);
        try {
            List<Future<Void>> both = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                both.add(pool.submit(() -> {
                    try (Torch torch = Torch.open("cpu")) {
                        Weights w = three(torch);
                        for (int i = 0; i < 50; i++) {
                            together.await();
                            try (Scope step = torch.scope();
                                    Torch.Tape tape = torch.record()) {
                                check(torch, w);
                            }
                            assertFalse(w.get("w").square().hasGradient());
                        }
                    }
                    return null;
                }));
            }
            for (Future<Void> each : both) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void twoDevicesRecordOnOneThread() {
        try (Torch one = Torch.open("cpu");
                Torch two = Torch.open("cpu")) {
            Weights a = three(one);
            Weights b = three(two);
            try (Torch.Tape first = one.record()) {
                two.recording();
                assertEquals(14, b.run(SQUARE, "f", b.get("w")).toFloatArray()[0]);
                try (Torch.Tape second = two.record()) {
                    check(two, b);
                }
                check(one, a);
            }
            assertFalse(a.get("w").square().hasGradient());
        }
    }

    /** Java threads start with recording on in libtorch, whatever is open elsewhere. */
    @Test
    void aNewThreadDoesNotRecordByItself() {
        try (Torch torch = Torch.open("cpu")) {
            Weights w = three(torch);
            CompletableFuture.runAsync(() -> {
                        try (Scope step = torch.scope()) {
                            assertFalse(w.get("w").square().hasGradient());
                        }
                    })
                    .join();
        }
    }

    @Test
    void aTapeOfAnotherThreadIsNotMistakenForOnesOwn() {
        try (Torch torch = Torch.open("cpu")) {
            Weights w = three(torch);
            NDArray x = torch.manager().ones(new Shape(3));
            try (Torch.Tape tape = torch.record()) {
                CompletionException e = assertThrows(CompletionException.class, () -> CompletableFuture.runAsync(
                                () -> w.run(SQUARE, "f", x))
                        .join());
                assertTrue(e.getCause().getMessage().startsWith("the open tape belongs to thread "), e.toString());
                assertThrows(IllegalStateException.class, torch::record);
            }
        }
    }

    @Test
    void everyThreadHasItsNumberOfThreads() {
        Torch.threads(0);
        int chosen = Torch.threads();
        CyclicBarrier turns = new CyclicBarrier(2);
        CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> {
            Torch.threads(chosen + 3);
            await(turns);
            await(turns);
            return Torch.threads();
        });
        await(turns);
        assertEquals(chosen, Torch.threads());
        Torch.threads(chosen + 1);
        await(turns);
        assertEquals(chosen + 3, other.join());
        assertEquals(chosen + 1, Torch.threads());
        assertEquals(chosen + 1, CompletableFuture.supplyAsync(Torch::threads, r -> new Thread(r).start()).join());
        Torch.threads(0);
        assertEquals(chosen, Torch.threads());
    }

    private static void await(CyclicBarrier turns) {
        try {
            turns.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
