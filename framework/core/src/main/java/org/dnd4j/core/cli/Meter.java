package org.dnd4j.core.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
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
    private final StopSignal signal;
    private String name;
    private String unit;
    private long total;
    private long first;
    private long last;
    private String note = "";
    private long begun;
    private long said;
    private ProgressBar bar;

    Meter(PrintStream err, boolean terminal, StopSignal signal) {
        this.err = err;
        this.terminal = terminal;
        this.signal = signal;
    }

    @Override
    public synchronized void stage(String name, long total, String unit) {
        close();
        this.name = name;
        this.total = total;
        this.unit = unit;
        first = -1;
        last = 0;
        note = "";
        begun = System.nanoTime();
        said = begun;
        if (!terminal) {
            err.println(name + (total > 0 ? ": " + total + " " + unit + "s" : ""));
        }
    }

    @Override
    public synchronized void at(long done, String note) {
        if (first < 0) {
            // work that was taken up again starts in the middle
            first = done > 1 ? done : 0;
            begun = System.nanoTime();
            bar = terminal ? bar() : null;
        }
        last = done;
        this.note = note;
        if (bar != null) {
            bar.stepTo(done);
            bar.setExtraMessage(" " + note);
        } else if (System.nanoTime() - said > EVERY) {
            said = System.nanoTime();
            err.println(line());
        }
    }

    @Override
    public synchronized void warn(String what) {
        err.println((bar == null ? "" : "\r\u001b[K") + "dnd4j: warning: " + what);
    }

    @Override
    public boolean stopped() {
        return signal.stopped();
    }

    /** Ends the present stage. */
    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            err.println();
            bar = null;
        } else if (name != null && !terminal && first >= 0) {
            err.println(line());
        }
        name = null;
    }

    private ProgressBar bar() {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(total > 0 ? total : -1)
                .startsFrom(first, Duration.ZERO)
                .setUnit(" " + unit + "s", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .showSpeed()
                .setUpdateIntervalMillis(500)
                .setConsumer(new DelegatingProgressBarConsumer(s -> err.print("\r" + s + "\u001b[K"), WIDTH))
                .build();
    }

    private String line() {
        double seconds = (System.nanoTime() - begun) / 1e9;
        double rate = seconds > 0 ? (last - first) / seconds : 0;
        StringBuilder line = new StringBuilder(name).append(' ').append(last);
        if (total > 0) {
            line.append('/').append(total);
        }
        line.append(' ').append(unit).append('s');
        if (rate > 0) {
            line.append(String.format(Locale.ROOT, ", %.3g/s, %s gone", rate, clock(seconds)));
            if (total > last) {
                line.append(", ").append(clock((total - last) / rate)).append(" left");
            }
        }
        return (note.isEmpty() ? line : line.append(", ").append(note)).toString();
    }

    private static String clock(double seconds) {
        long s = Math.round(seconds);
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }
}
