package org.dnd4j.core.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;

/**
 * The 1000 classes that published checkpoints were trained on, labelled 0 to 999 in the order of their WordNet numbers,
 * as folders named after these numbers are sorted (REFERENCE H, 5). {@code /image/imagenet.tsv} says where they are from.
 */
public final class ImageNet {
    /** How many classes there are. */
    public static final int SIZE = 1000;

    private static final int SUGGESTED = 5;

    /** What the file says, and all by which a class can be called. */
    private record Table(
            List<String> wnids, List<List<String>> names, List<String> titles, Map<String, Set<Integer>> called) {}

    private static final Table TABLE = read();

    private ImageNet() {}

    /** WordNet's number of a class, {@code n02099601}. */
    public static String wnid(int label) {
        return TABLE.wnids().get(label);
    }

    /** WordNet's names of a class, the usual one first; another class may have the same. */
    public static List<String> names(int label) {
        return TABLE.names().get(label);
    }

    /**
     * One name for each class, by label: the first of its names that no other class has; where there is none, as with
     * both cranes, its first with the WordNet number, {@code crane (n02012849)}.
     */
    public static List<String> titles() {
        return TABLE.titles();
    }

    /**
     * The label of a class.
     *
     * @param called its label, its WordNet number, one or all of its names, or its title; case does not matter, and
     *     {@code _} is a space
     * @throws UserError if no class is called that, or several are, which are listed
     */
    public static int label(String called) {
        String asked = plain(called);
        Set<Integer> labels = TABLE.called().getOrDefault(asked, Set.of());
        if (labels.isEmpty()) {
            throw new UserError("ImageNet has no class '" + called + "': give 0 to " + (SIZE - 1)
                    + ", a WordNet number such as " + wnid(0) + ", or a name; the nearest are "
                    + String.join(", ", Nearest.few(asked, TABLE.called().keySet(), SUGGESTED)));
        } else if (labels.size() > 1) {
            throw new UserError("ImageNet has " + labels.size() + " classes '" + called
                    + "': give the number of one of them, "
                    + labels.stream()
                            .map(l -> l + " or " + wnid(l) + " (" + String.join(", ", names(l)) + ")")
                            .collect(Collectors.joining("; ")));
        }
        return labels.iterator().next();
    }

    private static Table read() {
        List<String> wnids = new ArrayList<>();
        List<List<String>> names = new ArrayList<>();
        Map<String, Set<Integer>> called = new HashMap<>();
        for (String line : text().lines().filter(l -> !l.startsWith("#")).toList()) {
            String[] row = line.split("\t");
            int label = wnids.size();
            wnids.add(row[0]);
            names.add(List.of(row[1].split(", ")));
            call(called, Integer.toString(label), label);
            call(called, row[0], label);
            names.get(label).forEach(name -> call(called, name, label));
        }
        List<String> titles = IntStream.range(0, wnids.size())
                .mapToObj(l -> names.get(l).stream()
                        .filter(name -> called.get(plain(name)).size() == 1)
                        .findFirst()
                        .orElse(names.get(l).get(0) + " (" + wnids.get(l) + ")"))
                .toList();
        for (int label = 0; label < wnids.size(); label++) {
            call(called, titles.get(label), label);
            call(called, String.join(", ", names.get(label)), label);
        }
        return new Table(List.copyOf(wnids), List.copyOf(names), titles, called);
    }

    private static void call(Map<String, Set<Integer>> called, String name, int label) {
        called.computeIfAbsent(plain(name), n -> new LinkedHashSet<>()).add(label);
    }

    private static String plain(String name) {
        return name.strip().replace('_', ' ').replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }

    private static String text() {
        try (InputStream in = ImageNet.class.getResourceAsStream("/image/imagenet.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /image/imagenet.tsv of the bundle", e);
        }
    }
}
