package org.dnd4j.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Matrices that are objects and no tensors. They are packed while the next ones are read, on a thread that is there for as long as
 * there is something to pack, and on the caller's when that one has enough to do: most of the time in which a large model is
 * opened goes into it (decisions/0019).
 */
final class Packing {
    private static final int PATIENCE_MS = 100;
    private static final Executor HELPER = new ThreadPoolExecutor(
            0, 1, PATIENCE_MS, TimeUnit.MILLISECONDS, new ArrayBlockingQueue<>(1), Packing::thread,
            new ThreadPoolExecutor.CallerRunsPolicy());

    private final Map<String, CompletableFuture<IValue>> objects = new HashMap<>();

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "packing");
        thread.setDaemon(true);
        return thread;
    }

    /** Begins to pack a matrix. It is closed when that is done, so it belongs to nobody else. */
    void begin(String name, NDArray matrix, Supplier<IValue> pack) {
        objects.put(name, CompletableFuture.supplyAsync(pack, HELPER).whenComplete((object, failure) -> matrix.close()));
    }

    /** The object of that name, or else the one of no name. */
    IValue get(String name) {
        return done(objects.getOrDefault(name, objects.get("")));
    }

    /** Waits until all is packed. */
    void finish() {
        objects.values().forEach(Packing::done);
    }

    private static IValue done(CompletableFuture<IValue> object) {
        try {
            return object.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException ours ? ours : e;
        }
    }

    void close() {
        objects.values().forEach(o -> o.thenAccept(IValue::close).exceptionally(failed -> null).join());
        objects.clear();
    }
}
