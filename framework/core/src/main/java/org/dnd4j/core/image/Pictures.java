package org.dnd4j.core.image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;

/**
 * Pictures that are read when they are asked for, and kept in the form they were asked for while they fit into a quarter
 * of the heap.
 */
final class Pictures implements Images {
    /**
     * Where one picture comes from; reading it may throw a {@link UserError} that names it.
     *
     * @param name what messages call it
     * @param within what it is called inside its data set, wherever that lies
     */
    record Entry(String name, String within, int label, Source source) {}

    interface Source {
        Picture read();
    }

    private final View view;
    private final List<String> classes;
    private final List<Entry> entries;
    private final int skipped;
    private final AtomicReferenceArray<Picture> middles;
    private final AtomicReferenceArray<Picture> wholes;
    private final AtomicLong room = new AtomicLong(Runtime.getRuntime().maxMemory() / 4);

    Pictures(View view, List<String> classes, List<Entry> entries, int skipped) {
        this.view = view;
        this.classes = List.copyOf(classes);
        this.entries = List.copyOf(entries);
        this.skipped = skipped;
        this.middles = new AtomicReferenceArray<>(entries.size());
        this.wholes = new AtomicReferenceArray<>(entries.size());
    }

    /**
     * One side of the split: the pictures whose names have the smallest hashes are held out, so that neither the order
     * of files nor a seed moves a picture from one side to the other, and neither does the way in which the path of the
     * data set is written. The order is kept.
     */
    static List<Entry> split(Split split, List<Entry> all, double heldOut) {
        List<Entry> byHash = new ArrayList<>(all);
        byHash.sort(Comparator.comparingLong((Entry e) -> Key.of(0).at(e.within()).seed()).thenComparing(Entry::within));
        Set<Entry> held = new HashSet<>(byHash.subList(0, Held.count(all.size(), heldOut)));
        return all.stream().filter(e -> held.contains(e) == (split == Split.VALIDATION)).toList();
    }

    @Override
    public int side() {
        return view.side();
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public String name(int i) {
        return entries.get(i).name();
    }

    @Override
    public int label(int i) {
        return entries.get(i).label();
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int skipped() {
        return skipped;
    }

    @Override
    public Picture get(int i) {
        Picture kept = middles.get(i);
        return kept != null ? kept : keep(middles, i, view.middle(entries.get(i).source().read()));
    }

    @Override
    public Picture get(int i, Key augment) {
        if (!view.augments()) {
            return get(i);
        }
        Picture whole = wholes.get(i);
        if (whole == null) {
            whole = keep(wholes, i, view.whole(entries.get(i).source().read()));
        }
        return view.random(whole, augment);
    }

    @Override
    public List<Picture> variants(int i, int count) {
        return count == 10 ? view.ten(entries.get(i).source().read()) : view.variants(get(i), count);
    }

    private Picture keep(AtomicReferenceArray<Picture> kept, int i, Picture picture) {
        if (room.addAndGet(-picture.rgb().length) >= 0) {
            kept.set(i, picture);
        }
        return picture;
    }
}
