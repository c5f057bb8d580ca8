package org.dnd4j.core.guard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Supplier;
import org.dnd4j.spi.UserError;

/**
 * A thread that does one piece of work while its caller waits and looks at the clock. A call into a plugin that does not
 * return in time ends the waiting, not the thread, which nobody can end: what it computes with stays its own until it
 * comes back, when it finds that it was left, and unwinds.
 */
public final class Worker extends Thread {
    /** How often a caller looks, at the least. */
    private static final long LOOK = 1_000_000_000L; // nanoseconds

    /** A call into a plugin: what of it, and when it began. */
    record Call(Identity plugin, String method, long since) {}

    /** Thrown in a thread that comes back to work that was given up; only its {@code finally} blocks run from here on. */
    public static final class Left extends Error {
        private static final long serialVersionUID = 1L;

        Left() {
            super("given up", null, false, false);
        }
    }

    /** Something to be undone once: by the work, which closes it, or by the caller that gives the work up. */
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }

    private final String job;
    private final long patience;
    private final Deque<Runnable> held = new ArrayDeque<>();
    private Supplier<?> work;
    private Object result;
    private Throwable thrown;
    private Call call;
    private Call last;
    private boolean done;
    private boolean left;

    private Worker(String job, double patience, Supplier<?> work) {
        super("work on " + job);
        this.job = job;
        this.patience = (long) Math.min(patience * 1e9, Long.MAX_VALUE / 4);
        this.work = work;
        setDaemon(true);
        setContextClassLoader(currentThread().getContextClassLoader());
    }

    /** How many seconds a call into a plugin may take where no setting says: {@code -Ddnd4j.patience}, or 600. */
    public static double patience() {
        return Double.parseDouble(System.getProperty("dnd4j.patience", "600"));
    }

    /**
     * Does work on a thread of its own and waits for it. A worker that calls this does the work itself.
     *
     * @param job what it is called in {@link Strays}
     * @param patience how many seconds a call into a plugin may take
     * @throws UserError if one takes longer, naming it
     */
    @SuppressWarnings("unchecked")
    public static <T> T patiently(String job, double patience, Supplier<T> work) {
        if (current() != null) {
            return work.get();
        }
        Worker worker = new Worker(job, patience, work);
        worker.start();
        worker.look();
        if (worker.thrown != null) {
            throw Worker.<RuntimeException>thrown(worker.thrown);
        }
        return (T) worker.result;
    }

    /** The worker that this thread is, or null. */
    static Worker current() {
        return currentThread() instanceof Worker worker ? worker : null;
    }

    /** Whether this thread's work was given up, and its files may by now be somebody else's. */
    public static boolean left() {
        Worker worker = current();
        return worker != null && worker.isLeft();
    }

    private synchronized boolean isLeft() {
        return left;
    }

    /** Has {@code undo} done once: when the work closes what is returned, or when the caller gives the work up. */
    public static Held holding(Runnable undo) {
        Worker worker = current();
        if (worker == null) {
            return undo::run;
        }
        synchronized (worker) {
            worker.held.push(undo);
        }
        return () -> {
            if (worker.drop(undo)) {
                undo.run();
            }
        };
    }

    private synchronized boolean drop(Runnable undo) {
        return held.remove(undo);
    }

    /** A call begins; returns the one that it is part of, or null. */
    synchronized Call enter(Call next) {
        Call before = call;
        call = next;
        return before;
    }

    /** A call has ended. */
    synchronized void leave(Call before) {
        last = call;
        call = before;
        interrupted(); // by nobody but the plugin, and what we write next would fail of it
        if (left) {
            throw new Left();
        }
    }

    /** The call that ended last, or null. */
    synchronized Call last() {
        return last;
    }

    @Override
    public void run() {
        Object value = null;
        Throwable trouble = null;
        try {
            value = work.get();
        } catch (Throwable e) {
            trouble = e;
        }
        synchronized (this) {
            work = null; // with it go the plugin's classes
            held.clear();
            if (!left) {
                result = value;
                thrown = trouble;
            }
            done = true;
            notifyAll();
        }
        Strays.back(this);
    }

    /** Waits until the work is done or a call has taken too long. */
    private void look() {
        boolean interrupted = false;
        Call late = null;
        synchronized (this) {
            while (!done && late == null) {
                long rest = call == null ? Math.min(LOOK, patience) : call.since() + patience - System.nanoTime();
                if (rest <= 0) {
                    late = call;
                    left = true;
                    Strays.add(this, job, late); // before it can come back
                } else {
                    try {
                        wait(Math.max(1, Math.min(LOOK, rest) / 1_000_000));
                    } catch (InterruptedException e) {
                        interrupted = true; // what is at work asks its progress whether to go on
                    }
                }
            }
        }
        if (interrupted) {
            currentThread().interrupt();
        }
        if (late != null) {
            giveUp(late);
        }
    }

    private void giveUp(Call late) {
        while (true) {
            Runnable undo;
            synchronized (this) {
                undo = held.poll();
            }
            if (undo == null) {
                break;
            }
            undo.run();
        }
        String limit = String.format(Locale.ROOT, "%.3f", patience / 1e9).replaceFirst("\\.?0+$", "");
        thrown = new UserError(late.plugin() + " did not return from " + late.method() + " within " + limit
                + " s: given up, and its thread left to itself");
    }

    /** Anything that was thrown, to be thrown again as it is. */
    @SuppressWarnings("unchecked")
    static <E extends Throwable> E thrown(Throwable e) throws E {
        throw (E) e;
    }
}
