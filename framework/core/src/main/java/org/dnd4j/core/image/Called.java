package org.dnd4j.core.image;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;

/** By what a class of a model can be called: its number, its name, and ImageNet's by WordNet's number and all its names. */
public final class Called {
    private static final int SUGGESTED = 12;

    private Called() {}

    /**
     * The number of the class that is called so.
     *
     * @param classes the names of a model's classes
     * @throws UserError if none is, or several are
     */
    public static int label(String called, List<String> classes) {
        int index = classes.indexOf(called);
        if (index >= 0) {
            return index;
        } else if (imageNet(classes)) {
            return ImageNet.label(called);
        } else if (called.matches("\\d{1,9}") && Integer.parseInt(called) < classes.size()) {
            return Integer.parseInt(called);
        }
        int[] alike = IntStream.range(0, classes.size())
                .filter(i -> plain(classes.get(i)).equals(plain(called)))
                .toArray();
        if (alike.length != 1) {
            String known = classes.size() <= SUGGESTED
                    ? Nearest.among(called, classes)
                    : ", the nearest are " + String.join(", ", Nearest.few(called, classes, SUGGESTED));
            throw new UserError("--class " + called + ": is " + (alike.length == 0 ? "none" : "several")
                    + " of the run's " + classes.size() + " classes" + known);
        }
        return alike[0];
    }

    /** Whether classes are ImageNet's, by name or by WordNet's number, in ImageNet's order. */
    private static boolean imageNet(List<String> classes) {
        return classes.equals(ImageNet.titles())
                || classes.size() == ImageNet.SIZE
                        && IntStream.range(0, ImageNet.SIZE).allMatch(i -> classes.get(i).equals(ImageNet.wnid(i)));
    }

    private static String plain(String name) {
        return name.strip().replace('_', ' ').replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }
}
