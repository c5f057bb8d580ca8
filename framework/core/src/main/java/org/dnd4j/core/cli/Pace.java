package org.dnd4j.core.cli;

import java.util.Locale;

/** How far a stage is, how fast it goes and how long it will take. */
final class Pace {
    final String name;
    final String unit;
    final long total;
    private long first = -1;
    private long last;
    private String note = "";
    private long begun = System.nanoTime();

    Pace(String name, long total, String unit) {
        this.name = name;
        this.total = total;
        this.unit = unit;
    }

    /**
     * Work that was taken up again starts in the middle: the clock starts with the first that is heard of. The very first
     * of all has taken as long as there is a clock.
     */
    void at(long done, String what) {
        if (first < 0) {
            first = done == 1 ? 0 : done;
            begun = done == 1 ? begun : System.nanoTime();
        }
        last = done;
        note = what;
    }

    /** Whether anything was done. */
    boolean moved() {
        return first >= 0;
    }

    long first() {
        return first;
    }

    long done() {
        return last;
    }

    String note() {
        return note;
    }

    /** Units a second; 0 if that cannot be told yet. */
    double rate() {
        double seconds = seconds();
        return moved() && seconds > 0 ? (last - first) / seconds : 0;
    }

    /** Seconds until it is done; negative if that cannot be told. */
    double left() {
        return rate() > 0 && total >= last ? (total - last) / rate() : -1;
    }

    private double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }

    /** What stands above the first line. */
    String title() {
        return name + (total > 0 ? ": " + total + " " + unit + "s" : "");
    }

    /** All of it on one line. */
    String line() {
        StringBuilder line = new StringBuilder(name).append(' ').append(last);
        if (total > 0) {
            line.append('/').append(total);
        }
        line.append(' ').append(unit).append('s');
        if (rate() > 0) {
            line.append(String.format(Locale.ROOT, ", %.3g/s, %s gone", rate(), clock(seconds())));
            if (total > last) {
                line.append(", ").append(clock(left())).append(" left");
            }
        }
        return (note.isEmpty() ? line : line.append(", ").append(note)).toString();
    }

    /** Seconds as people read them: {@code 1:05}, {@code 2:00:00}. */
    static String clock(double seconds) {
        long s = Math.round(seconds);
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }
}
