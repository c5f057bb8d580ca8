package org.dnd4j.core.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.dnd4j.core.Why;
import org.dnd4j.spi.UserError;

/**
 * What class each picture of a folder is of.
 *
 * @param names of the classes
 * @param table the class of each file by its name or its name without extension; null where folders say it
 * @param bySubfolder whether folders say it
 * @param from where the table stands, for messages
 */
record Labels(List<String> names, Map<String, Integer> table, boolean bySubfolder, Path from) {
    /** One class for all. */
    static Labels none() {
        return new Labels(List.of("picture"), null, false, null);
    }

    /** The folders in {@code folder} that hold pictures, sorted. */
    static Labels subfolders(Path folder, Integer classes) {
        TreeSet<String> names = new TreeSet<>();
        for (Path file : Folder.pictures(folder, Integer.MAX_VALUE)) {
            names.add(first(folder, file));
        }
        return new Labels(counted(new ArrayList<>(names), names.size(), classes, folder), null, true, folder);
    }

    /** A table with tabs; its classes are whole numbers, or words that are numbered in sorted order. */
    static Labels table(Path tsv, Integer classes) {
        List<String[]> rows = rows(tsv);
        List<String> head = List.of(rows.get(0));
        int file = column(tsv, head, "file");
        int label = column(tsv, head, "class");
        List<String[]> body = rows.subList(1, rows.size());
        boolean numbers = body.stream().allMatch(r -> r[label].matches("\\d{1,7}"));
        List<String> words = body.stream().map(r -> r[label]).distinct().sorted().toList();
        Map<String, Integer> table = new HashMap<>();
        Map<Integer, String> called = new HashMap<>();
        int most = -1;
        for (String[] row : body) {
            int index = numbers ? Integer.parseInt(row[label]) : words.indexOf(row[label]);
            if (classes != null && index >= classes) {
                throw new UserError(tsv + ": " + row[file] + " is of class " + row[label] + ", outside the " + classes
                        + " classes 0 to " + (classes - 1));
            }
            table.put(row[file], index);
            called.put(index, head.contains("name") ? row[head.indexOf("name")] : row[label]);
            most = Math.max(most, index);
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i <= most; i++) {
            names.add(called.getOrDefault(i, Integer.toString(i)));
        }
        return new Labels(counted(names, most + 1, classes, tsv), table, false, tsv);
    }

    /** The class of a picture below {@code folder}. */
    ToIntFunction<Path> of(Path folder) {
        if (table != null) {
            return file -> {
                String name = file.getFileName().toString();
                Integer label = table.getOrDefault(name, table.get(name.substring(0, name.lastIndexOf('.'))));
                if (label == null) {
                    throw new UserError(file + ": has no label in " + from);
                }
                return label;
            };
        } else if (!bySubfolder) {
            return file -> 0;
        }
        return file -> {
            String name = first(folder, file);
            int label = names.indexOf(name);
            if (label < 0) {
                throw new UserError(file + ": its class '" + name + "' is none of the " + names.size() + " classes of " + from);
            }
            return label;
        };
    }

    private static String first(Path folder, Path file) {
        Path below = folder.relativize(file);
        if (below.getNameCount() < 2) {
            throw new UserError(file + ": lies in no subfolder, so it has no class: move it into one, or set labels to none");
        }
        return below.getName(0).toString();
    }

    private static List<String> counted(List<String> names, int found, Integer classes, Path from) {
        if (classes != null && classes < found) {
            throw new UserError(from + ": has " + found + " classes, more than classes = " + classes);
        }
        List<String> all = new ArrayList<>(names);
        for (int i = found; classes != null && i < classes; i++) {
            all.add(Integer.toString(i));
        }
        return all;
    }

    private static int column(Path tsv, List<String> head, String name) {
        if (!head.contains(name)) {
            throw new UserError(tsv + ": its first line must name the columns 'file' and 'class', not " + head);
        }
        return head.indexOf(name);
    }

    private static List<String[]> rows(Path tsv) {
        try (Stream<String> lines = Files.lines(tsv)) {
            List<String[]> rows = lines.filter(l -> !l.isBlank()).map(l -> l.split("\t", -1)).toList();
            for (String[] row : rows) {
                if (row.length != rows.get(0).length) {
                    throw new UserError(tsv + ": every line has " + rows.get(0).length + " columns, but not the one of "
                            + row[0]);
                }
            }
            if (rows.size() < 2) {
                throw new UserError(tsv + ": holds no labels");
            }
            return rows;
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new UserError(tsv + ": cannot be read: " + Why.of(e), e);
        }
    }
}
