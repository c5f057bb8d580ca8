package org.dnd4j.core.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.image.Images;
import org.dnd4j.core.image.Picture;

/**
 * How much pictures of one class differ: the variance of each pixel (0 to 1) over them, averaged over pixels, channels and
 * classes. A model that has learnt a few pictures by heart shows far less of it than the real ones.
 */
final class Spread {
    private static final int PICTURES_OF_A_CLASS = 128;

    private Spread() {}

    /** Of up to 128 pictures of each class. */
    static double of(Images images) {
        Map<Integer, List<Picture>> classes = new LinkedHashMap<>();
        for (int i = 0; i < images.size(); i++) {
            List<Picture> some = classes.computeIfAbsent(images.label(i), l -> new ArrayList<>());
            if (some.size() < PICTURES_OF_A_CLASS) {
                some.add(images.get(i));
            }
        }
        return mean(classes);
    }

    /** Of labelled pictures. */
    static double of(int[] labels, List<Picture> pictures) {
        Map<Integer, List<Picture>> classes = new LinkedHashMap<>();
        for (int i = 0; i < labels.length; i++) {
            classes.computeIfAbsent(labels[i], l -> new ArrayList<>()).add(pictures.get(i));
        }
        return mean(classes);
    }

    private static double mean(Map<Integer, List<Picture>> classes) {
        return classes.values().stream()
                .filter(c -> c.size() > 1)
                .mapToDouble(Spread::variance)
                .average()
                .orElse(Double.NaN);
    }

    /** The unbiased variance of each element, averaged. */
    private static double variance(List<Picture> pictures) {
        int size = pictures.get(0).rgb().length;
        double total = 0;
        for (int i = 0; i < size; i++) {
            double sum = 0;
            double squares = 0;
            for (Picture picture : pictures) {
                double x = (picture.rgb()[i] & 0xFF) / 255.0;
                sum += x;
                squares += x * x;
            }
            int n = pictures.size();
            total += (squares - sum * sum / n) / (n - 1);
        }
        return total / size;
    }
}
