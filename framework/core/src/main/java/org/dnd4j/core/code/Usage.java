package org.dnd4j.core.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How often each code of each depth occurs. */
public final class Usage {
    /**
     * A table has collapsed when less than this share of the codes that could occur do. Perplexity would not do: where most
     * of a picture is plain paper, one code is right for most places.
     */
    private static final double COLLAPSED = 0.1;

    private final long[][] counts;

    /**
     * Nothing counted yet.
     *
     * @param sizes K per depth
     */
    public Usage(List<Integer> sizes) {
        counts = sizes.stream().map(long[]::new).toArray(long[][]::new);
    }

    /**
     * Counts codes.
     *
     * @param codes {@code […,D]} row-major
     */
    public void add(long[] codes) {
        for (int i = 0; i < codes.length; i++) {
            counts[i % counts.length][(int) codes[i]]++;
        }
    }

    /** By depth, the share of the codes that occur at all, 0 to 1. */
    public List<Double> shares() {
        return Arrays.stream(counts)
                .map(c -> (double) Arrays.stream(c).filter(n -> n > 0).count() / c.length)
                .toList();
    }

    /** By depth, the exponential of the entropy: how many codes, evenly used, would carry as much; 1 to K. */
    public List<Double> perplexities() {
        return Arrays.stream(counts).map(Usage::perplexity).toList();
    }

    private static double perplexity(long[] counts) {
        double total = Arrays.stream(counts).sum();
        double entropy = Arrays.stream(counts)
                .filter(n -> n > 0)
                .mapToDouble(n -> -n / total * Math.log(n / total))
                .sum();
        return Math.exp(entropy);
    }

    /** One line for every depth whose table has collapsed. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (int k = 0; k < counts.length; k++) {
            long occurring = Arrays.stream(counts[k]).filter(n -> n > 0).count();
            long possible = Math.min(counts[k].length, Arrays.stream(counts[k]).sum());
            if (occurring < COLLAPSED * possible) {
                warnings.add("the table of depth " + k + " has collapsed: only " + occurring + " of its " + counts[k].length
                        + " codes occur (restart, a smaller table or a lower learningRate should help)");
            }
        }
        return warnings;
    }
}
