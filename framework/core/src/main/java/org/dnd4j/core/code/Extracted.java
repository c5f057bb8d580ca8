package org.dnd4j.core.code;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dnd4j.core.Why;
import org.dnd4j.core.checkpoint.Npy;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.spi.UserError;

/**
 * Codes as the reference extracts them, a file {@code {i}.npy} for each image (REFERENCE C, D.1): whole numbers
 * {@code [variants,h,w,D]}, or LlamaGen's {@code [1,variants,h·w]} of one code a place of a square. Labels lie in files of
 * the same names, {@code [1]}. Files are found by their number; no list of them is ever made.
 *
 * @param codes the folder
 * @param labels the folder of labels; null if there are none
 * @param images how many there are, 0 to images − 1
 */
record Extracted(Path codes, Path labels, int images, int variants, int height, int width, int depth) {
    private static final Pattern NUMBERED = Pattern.compile("(0|[1-9]\\d{0,8})\\.npy");
    private static final String CODES = "_codes";
    private static final String LABELS = "_labels";

    /**
     * Looks into a folder.
     *
     * @param folder {@code …_codes}, or one with a single such folder in it; the labels lie in {@code …_labels} beside it
     * @throws UserError if there are no codes, a number is left out, or there are not as many labels
     */
    static Extracted open(Path folder) {
        Path codes = codes(folder);
        Path labels = codes.resolveSibling(codes.getFileName().toString().replaceFirst(CODES + "$", LABELS));
        boolean labelled = !labels.equals(codes) && Files.isDirectory(labels);
        int images = count(codes);
        if (images == 0) {
            throw new UserError(codes + ": holds no codes, files 0.npy, 1.npy, …");
        }
        if (labelled && count(labels) != images) {
            throw new UserError(labels + ": holds " + count(labels) + " labels, and " + codes + " codes of " + images
                    + " images");
        }
        Stored first = whole(codes.resolve("0.npy"));
        long[] s = first.shape();
        int side = s.length == 3 ? (int) Math.round(Math.sqrt(s[2])) : 0;
        if (s.length == 4 && Arrays.stream(s).allMatch(n -> n > 0 && n <= 1 << 16)) {
            return new Extracted(codes, labelled ? labels : null, images, (int) s[0], (int) s[1], (int) s[2], (int) s[3]);
        } else if (s.length == 3 && s[0] == 1 && s[1] > 0 && s[1] <= 1 << 16 && side > 0 && (long) side * side == s[2]) {
            return new Extracted(codes, labelled ? labels : null, images, (int) s[1], side, side, 1);
        }
        throw new UserError(codes.resolve("0.npy") + ": has the shape " + Arrays.toString(s)
                + ": must be [variants, height, width, depth], or [1, variants, places of a square]");
    }

    private static Path codes(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UserError(folder + ": is not a folder");
        }
        if (folder.toAbsolutePath().normalize().getFileName().toString().endsWith(CODES)
                || Files.exists(folder.resolve("0.npy"))) {
            return folder.toAbsolutePath().normalize();
        }
        List<Path> inside = new ArrayList<>();
        try (DirectoryStream<Path> some = Files.newDirectoryStream(folder, "*" + CODES)) {
            some.forEach(inside::add);
        } catch (IOException e) {
            throw new UserError(folder + ": cannot be listed: " + Why.of(e), e);
        }
        if (inside.size() != 1) {
            throw new UserError(folder + ": must be, or hold one, folder whose name ends in " + CODES
                    + (inside.isEmpty() ? "" : ", and holds " + inside.stream()
                            .map(p -> p.getFileName().toString())
                            .sorted()
                            .collect(Collectors.joining(", "))));
        }
        return inside.get(0).toAbsolutePath().normalize();
    }

    /** How many numbered files a folder has, all of 0 to one less. */
    private static int count(Path folder) {
        int count = 0;
        int largest = -1;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (NUMBERED.matcher(name).matches()) {
                    count++;
                    largest = Math.max(largest, Integer.parseInt(name.substring(0, name.length() - 4)));
                }
            }
        } catch (IOException e) {
            throw new UserError(folder + ": cannot be listed: " + Why.of(e), e);
        }
        for (int i = 0; count <= largest; i++) {
            Path file = folder.resolve(i + ".npy");
            if (!Files.exists(file)) {
                throw new UserError(file + ": is missing, one of " + (largest + 1 - count) + ", and " + largest
                        + ".npy is there");
            }
        }
        return count;
    }

    /** The maps of an image. */
    List<CodeMap> maps(int image, List<Integer> sizes) {
        Path file = codes.resolve(image + ".npy");
        Stored stored = whole(file);
        long[] shape = depth == 1 && stored.shape().length == 3
                ? new long[] {1, variants, (long) height * width}
                : new long[] {variants, height, width, depth};
        if (!Arrays.equals(shape, stored.shape())) {
            throw new UserError(file + ": has the shape " + Arrays.toString(stored.shape()) + " and 0.npy "
                    + Arrays.toString(shape));
        }
        long[] all = stored.longs();
        int perMap = height * width * depth;
        List<CodeMap> maps = new ArrayList<>();
        for (int v = 0; v < variants; v++) {
            int[] map = new int[perMap];
            for (int i = 0; i < perMap; i++) {
                long code = all[v * perMap + i];
                int size = sizes.get(i % depth);
                if (code < 0 || code >= size) {
                    throw new UserError(file + ": holds the code " + code + " at depth " + i % depth + ": must be 0 to "
                            + (size - 1));
                }
                map[i] = (int) code;
            }
            maps.add(CodeMap.of(height, width, depth, map));
        }
        return maps;
    }

    /** The label of an image, 0 where there are none. */
    int label(int image, int classes) {
        if (labels == null) {
            return 0;
        }
        Path file = labels.resolve(image + ".npy");
        Stored stored = whole(file);
        if (stored.size() != 1) {
            throw new UserError(file + ": holds " + stored.size() + " numbers: must be one, the label");
        }
        long label = stored.longs()[0];
        if (label < 0 || label >= classes) {
            throw new UserError(file + ": is the label " + label + ": must be 0 to " + (classes - 1));
        }
        return (int) label;
    }

    private static Stored whole(Path file) {
        Stored stored = Npy.read(file);
        switch (stored.type()) {
            case I64, I32, I16, U8 -> { }
            default -> throw new UserError(
                    file + ": holds " + stored.type() + ": must be whole numbers, int64 as extracted");
        }
        return stored;
    }
}
