package org.dnd4j.core.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How often each code of each depth occurs. */
public final class Usage {
    /** A depth has collapsed when it uses its codes no more evenly than this share of them would be used. */
    private static final double COLLAPSED = 0.05;

    private final long[][] counts;

    /**
     * Nothing counted yet.
     *
     * @param sizes K per depth
     */
    public Usage(List<Integer> sizes) {
        counts = sizes.stream().map(long[]::new).toArray(long[][]::new);
    }

    /** The usage of one split of a file, over all variants. */
    public static Usage of(CodeFile file, Split split) {
        Usage usage = new Usage(file.header().sizes());
        long[] codes = new long[file.header().codesPerMap()];
        for (int i = 0; i < file.count(split); i++) {
            for (int v = 0; v < file.header().variants(); v++) {
                file.codes(split, i, v, codes, 0);
                usage.add(codes);
            }
        }
        return usage;
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
        List<Double> perplexities = perplexities();
        for (int k = 0; k < counts.length; k++) {
            double total = Arrays.stream(counts[k]).sum();
            double possible = Math.min(counts[k].length, total);
            if (total > 0 && perplexities.get(k) < COLLAPSED * possible) {
                warnings.add(String.format(
                        Locale.ROOT,
                        "depth %d hardly uses its table: %.1f of %d codes carry everything (a smaller table, restart, or a"
                                + " lower learning rate should help)",
                        k,
                        perplexities.get(k),
                        counts[k].length));
            }
        }
        return warnings;
    }
}
