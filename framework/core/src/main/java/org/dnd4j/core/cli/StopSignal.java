package org.dnd4j.core.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C. The JVM's end waits until the work has taken notice and left things in order. A step may take long until it can,
 * and leaving it in the middle would end in torch's memory being taken from under it: work that takes no notice is waited
 * for until it cannot be a step.
 */
final class StopSignal implements AutoCloseable {
    /** How long work may take no notice, in seconds. */
    static final int PATIENCE = 120;

    /** When the wait is explained, in seconds. */
    private static final int SILENCE = 5;

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
            int waited = 0;
            while (!ended.await(SILENCE, TimeUnit.SECONDS) && (noticed || waited < PATIENCE)) {
                if (waited == 0) {
                    err.println("dnd4j: waiting for the present step to end, and for what it did to be kept");
                }
                waited += SILENCE; // a checkpoint takes as long as it takes
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
