package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Assumptions;

/**
 * What a plugin computed once, in a line short enough for a test: a checksum of what must be equal to the letter, and of
 * each array its product with a fixed random direction and its size, one of which any change of the array moves.
 */
final class Memory {
    /** Kernels of other processors differ by rounding; more than this share of an array's size is another result. */
    private static final double NEAR = 1e-3;

    private final CRC32 letters = new CRC32();
    private final List<String> names = new ArrayList<>();
    private final List<Double> numbers = new ArrayList<>();
    private final List<Double> sizes = new ArrayList<>();

    /** Something that must be equal to the letter. */
    void letter(Object something) {
        letters.update((something + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** An array: floats must be near, all else equal. */
    void array(String name, NDArray array) {
        letter(name + array.getShape());
        if (array.getDataType() != DataType.FLOAT32) {
            letter(Arrays.toString(array.toArray()));
            return;
        }
        float[] values = array.toFloatArray();
        Random direction = new Random(values.length);
        double along = 0;
        double square = 0;
        for (float value : values) {
            along += value * direction.nextGaussian();
            square += (double) value * value;
        }
        double size = Math.sqrt(square / values.length);
        for (double number : new double[] {along / Math.sqrt(values.length), size}) {
            names.add(name);
            numbers.add(number);
            sizes.add(size);
        }
    }

    /**
     * That all of this is what it was.
     *
     * @param remembered the line that an earlier version gave; null to skip the law, saying the line
     */
    void holds(String remembered) {
        if (remembered == null) {
            Assumptions.abort("nothing is remembered of earlier versions; from now on: \"" + this + "\"");
        }
        String[] parts = remembered.strip().split("\\s+");
        assertEquals(
                numbers.size() + 1, parts.length, () -> "parts of what is remembered; now it is \"" + this + "\"");
        for (int i = 0; i < numbers.size(); i++) {
            double before = Double.parseDouble(parts[i + 1]);
            double off = Math.abs(numbers.get(i) - before);
            String what = names.get(i) + " is no longer what it was: " + off + " of " + sizes.get(i) + " away; now it is \"";
            assertTrue(off <= NEAR * Math.max(sizes.get(i), 1e-6), () -> what + this + "\"");
        }
        assertEquals(
                parts[0], checksum(), () -> "the checksum of names, shapes, codes and declarations; now it is \"" + this + "\"");
    }

    private String checksum() {
        return String.format(Locale.ROOT, "%08x", letters.getValue());
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(checksum());
        numbers.forEach(n -> line.append(String.format(Locale.ROOT, " %.5g", n)));
        return line.toString();
    }
}
