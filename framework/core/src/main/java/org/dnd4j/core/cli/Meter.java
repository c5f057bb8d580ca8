package org.dnd4j.core.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.dnd4j.core.Progress;

/** Shows how far long work is: a bar with rate and time left on a terminal, a line every few seconds elsewhere. */
final class Meter implements Progress, AutoCloseable {
    private static final long EVERY = Duration.ofSeconds(5).toNanos();
    private static final int WIDTH = 110;

    private final PrintStream err;
    private final boolean terminal;
    private final BooleanSupplier stopped;
    private Pace pace;
    private long said;
    private ProgressBar bar;

    Meter(PrintStream err, boolean terminal, BooleanSupplier stopped) {
        this.err = err;
        this.terminal = terminal;
        this.stopped = stopped;
    }

    @Override
    public synchronized void stage(String name, long total, String unit) {
        close();
        pace = new Pace(name, total, unit);
        said = System.nanoTime();
        if (!terminal) {
            err.println(pace.title());
        }
    }

    @Override
    public synchronized void at(long done, String note) {
        boolean moved = pace.moved();
        pace.at(done, note);
        if (!moved && terminal) {
            bar = bar();
        }
        if (bar != null) {
            bar.stepTo(done);
            bar.setExtraMessage(" " + note);
        } else if (System.nanoTime() - said > EVERY) {
            said = System.nanoTime();
            err.println(pace.line());
        }
    }

    @Override
    public synchronized void warn(String what) {
        err.println((bar == null ? "" : "\r\u001b[K") + "dnd4j: warning: " + what);
    }

    @Override
    public boolean stopped() {
        return stopped.getAsBoolean();
    }

    /** Ends the present stage. */
    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            err.println();
            bar = null;
        } else if (pace != null && !terminal && pace.moved()) {
            err.println(pace.line());
        }
        pace = null;
    }

    private ProgressBar bar() {
        return new ProgressBarBuilder()
                .setTaskName(pace.name)
                .setInitialMax(pace.total > 0 ? pace.total : -1)
                .startsFrom(pace.first(), Duration.ZERO)
                .setUnit(" " + pace.unit + "s", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .showSpeed()
                .setUpdateIntervalMillis(500)
                .setConsumer(new DelegatingProgressBarConsumer(s -> err.print("\r" + s + "\u001b[K"), WIDTH))
                .build();
    }
}
