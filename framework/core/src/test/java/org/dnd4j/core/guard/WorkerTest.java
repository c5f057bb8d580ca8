package org.dnd4j.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;

/** Work that ends, and work that does not. */
class WorkerTest {
    private static final Identity LOOP = Identity.of(Backbone.class, "loop", "1.2.0");

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch back = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);

    @Test
    void whatTheWorkReturnsOrThrowsComesOut() {
        Thread caller = Thread.currentThread();
        assertNotSame(caller, Worker.patiently("a", 60, Thread::currentThread));
        IllegalStateException thrown = new IllegalStateException("no luck");
        assertSame(thrown, assertThrows(IllegalStateException.class, () -> Worker.patiently("a", 60, () -> {
            throw thrown;
        })));
        assertThrows(StackOverflowError.class, () -> Worker.patiently("a", 60, () -> {
            throw new StackOverflowError();
        }));
        assertTrue(Worker.<Boolean>patiently("a", 60, () -> {
            Thread worker = Thread.currentThread();
            return worker.isDaemon() && worker == Worker.patiently("b", 60, Thread::currentThread);
        }));
    }

    /** Only a call into a plugin is under the limit: our own work takes the time that it takes. */
    @Test
    void workOfOursIsNotGivenUp() {
        assertEquals("done", Worker.patiently("slow", 0.05, () -> {
            for (int i = 0; i < 20; i++) {
                sleep(20);
                Guard.call(LOOP, "run", () -> null);
            }
            return "done";
        }));
    }

    @Test
    void aCallThatDoesNotReturnIsGivenUpAndListed() throws Exception {
        String message = assertThrows(UserError.class, () -> Worker.patiently("tiny", 0.25, this::stuck)).getMessage();
        assertEquals("plugin 'loop' 1.2.0 (backbone) did not return from run within 0.25 s: given up, and its thread left to"
                + " itself", message);
        assertEquals(List.of("inner undone", "outer undone"), told); // by the caller, and in that order
        Strays.Stray stray = stray();
        assertEquals("loop 1.2.0 backbone run tiny true", stray.plugin() + " " + stray.version() + " " + stray.spi() + " "
                + stray.method() + " " + stray.job() + " " + stray.there());
        back.countDown();
        gone.await();
        while (stray().there()) {
            sleep(10);
        }
        assertEquals(List.of("inner undone", "outer undone", "memory freed, left true"), told); // nothing twice
    }

    private Strays.Stray stray() {
        return Strays.all().stream().filter(s -> s.job().equals("tiny")).findFirst().orElseThrow();
    }

    /** Work in which a plugin stays until it is let go. */
    private Object stuck() {
        try (Worker.Held outer = Worker.holding(() -> told.add("outer undone"))) {
            try (AutoCloseable memory = () -> told.add("memory freed, left " + Worker.left());
                    Worker.Held inner = Worker.holding(() -> told.add("inner undone"))) {
                Guard.call(LOOP, "run", () -> {
                    back.await();
                    return null;
                });
                told.add("went on");
            } catch (Exception e) {
                told.add("caught " + e);
            }
            return null;
        } finally {
            gone.countDown();
        }
    }

    @Test
    void whatIsHeldIsUndoneOnceByTheWork() {
        Worker.patiently("a", 60, () -> {
            try (Worker.Held outer = Worker.holding(() -> told.add("undone"))) {
                outer.close();
                return told.add("work");
            }
        });
        assertEquals(List.of("undone", "work"), told);
        try (Worker.Held outside = Worker.holding(() -> told.add("outside"))) {
            assertFalse(Worker.left());
        }
        assertEquals("outside", told.get(2));
    }

    @Test
    void whatAPluginDoesToItsThreadIsUndone() {
        assertFalse(Worker.<Boolean>patiently("a", 60, () -> {
            Guard.call(LOOP, "run", () -> {
                Thread.currentThread().interrupt();
                return null;
            });
            return Thread.currentThread().isInterrupted();
        }));
    }

    /** Weights that are suddenly closed were closed by somebody. */
    @Test
    void whoWasLastAtWorkIsNamedForWhatIsFoundAmiss() {
        UserError told = Worker.patiently("a", 60, () -> {
            Guard.call(LOOP, "norm", () -> null);
            assertNull(Guard.outside(new IllegalStateException("something else")));
            return Guard.outside(new IllegalArgumentException("there is no weight a"));
        });
        assertEquals("plugin 'loop' 1.2.0 (backbone) breaks law B6: norm was the last to be called before this was found: there is"
                + " no weight a", told.getMessage());
        assertNull(Guard.outside(new IllegalArgumentException("there is no weight a")));
    }

    @Test
    void anInterruptedCallerWaitsAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertEquals("done", Worker.patiently("a", 60, () -> "done"));
        assertTrue(Thread.interrupted());
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
