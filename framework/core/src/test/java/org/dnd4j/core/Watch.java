package org.dnd4j.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Remembers the last that it was told, and asks for an end when it has seen enough. */
public final class Watch implements Progress {
    public final List<String> warnings = new ArrayList<>();
    public String stage = "";
    public long total;
    public long done;

    private final Predicate<Watch> enough;

    public Watch(Predicate<Watch> enough) {
        this.enough = enough;
    }

    /** Asks for an end as soon as a stage has done {@code units}. */
    public static Watch until(String stage, long units) {
        return new Watch(w -> w.stage.equals(stage) && w.done >= units);
    }

    @Override
    public void stage(String name, long total, String unit) {
        this.stage = name;
        this.total = total;
        this.done = 0;
    }

    @Override
    public void at(long done, String note) {
        this.done = done;
    }

    @Override
    public void warn(String what) {
        warnings.add(what);
    }

    @Override
    public boolean stopped() {
        return enough.test(this);
    }
}
