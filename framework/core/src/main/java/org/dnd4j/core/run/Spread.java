package org.dnd4j.core.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.image.Images;
import org.dnd4j.core.image.Picture;

/**
 * How much pictures of one class differ: the variance of each pixel (0 to 1) over them, averaged over pixels, channels and
 * classes. A model that has learnt a few pictures by heart shows far less of it than the real ones.
 */
final class Spread {
    private static final int PICTURES_OF_A_CLASS = 128;

    private Spread() {}

    /**
     * Of up to 128 pictures of each class, read a class after another.
     *
     * @throws Stopped if {@code progress} asks for an end
     */
    static double of(Images images, Progress progress) {
        Map<Integer, List<Integer>> classes = new LinkedHashMap<>();
        for (int i = 0; i < images.size(); i++) {
            List<Integer> some = classes.computeIfAbsent(images.label(i), l -> new ArrayList<>());
            if (some.size() < PICTURES_OF_A_CLASS) {
                some.add(i);
            }
        }
        return mean(classes, images::get, progress);
    }

    /** Of labelled pictures. */
    static double of(int[] labels, List<Picture> pictures) {
        Map<Integer, List<Integer>> classes = new LinkedHashMap<>();
        for (int i = 0; i < labels.length; i++) {
            classes.computeIfAbsent(labels[i], l -> new ArrayList<>()).add(i);
        }
        return mean(classes, pictures::get, Progress.NONE);
    }

    private static double mean(Map<Integer, List<Integer>> classes, IntFunction<Picture> pictures, Progress progress) {
        progress.stage("spread", classes.values().stream().mapToInt(List::size).sum(), "picture");
        double total = 0;
        int counted = 0;
        int done = 0;
        for (List<Integer> members : classes.values()) {
            if (members.size() > 1) {
                total += variance(members, pictures, done, progress);
                counted++;
            }
            done += members.size();
        }
        return counted == 0 ? Double.NaN : total / counted;
    }

    /** The unbiased variance of each element, averaged; of the pictures only sums are kept. */
    private static double variance(List<Integer> members, IntFunction<Picture> pictures, int before, Progress progress) {
        double[] sums = null;
        double[] squares = null;
        int n = 0;
        for (int member : members) {
            byte[] rgb = pictures.apply(member).rgb();
            sums = n == 0 ? new double[rgb.length] : sums;
            squares = n == 0 ? new double[rgb.length] : squares;
            for (int i = 0; i < rgb.length; i++) {
                double x = (rgb[i] & 0xFF) / 255.0;
                sums[i] += x;
                squares[i] += x * x;
            }
            n++;
            progress.at(before + n, "");
            if (progress.stopped()) {
                throw new Stopped("stopped while comparing pictures; the same command compares again");
            }
        }
        double total = 0;
        for (int i = 0; i < sums.length; i++) {
            total += (squares[i] - sums[i] * sums[i] / n) / (n - 1);
        }
        return total / sums.length;
    }
}
