package org.dnd4j.core.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Suggests what was meant. */
public final class Nearest {
    private Nearest() {}

    /** {@code ": one of x, y, z"} with the names most like {@code written} first, for the end of a message. */
    public static String among(String written, Collection<String> known) {
        if (known.isEmpty()) {
            return ": there are none";
        }
        List<String> sorted = few(written, known, known.size());
        return sorted.size() == 1 ? ": there is only " + sorted.get(0) : ": one of " + String.join(", ", sorted);
    }

    /** The names most like {@code written}, where there are too many to list them all. */
    public static List<String> few(String written, Collection<String> known, int count) {
        List<String> sorted = new ArrayList<>(known);
        sorted.sort(Comparator.comparingInt((String k) -> distance(written, k)).thenComparing(k -> k));
        return sorted.subList(0, Math.min(count, sorted.size()));
    }

    /** Levenshtein's distance: the fewest insertions, deletions and replacements of one letter. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
