package org.dnd4j.core.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C. The JVM's end waits until the work has taken notice and left things in order; work that takes no notice is not
 * waited for longer than some seconds.
 */
final class StopSignal implements AutoCloseable {
    private static final int PATIENCE = 10; // seconds

    private final PrintStream err;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop");
    private volatile boolean stopping;
    private volatile boolean noticed;

    StopSignal(PrintStream err) {
        this.err = err;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether someone asked for an end; asking counts as taking notice. */
    boolean stopped() {
        noticed |= stopping;
        return stopping;
    }

    private void stop() {
        stopping = true;
        err.println();
        err.println("dnd4j: stopping");
        try {
            while (!ended.await(PATIENCE, TimeUnit.SECONDS) && noticed) {
                // a checkpoint takes as long as it takes
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        if (!stopping) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the end has begun in this very moment
            }
        }
    }
}
