package org.dnd4j.torch;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a loaded model keeps and multiplies its matrices. Everything else stays in float32. */
public enum Precision {
    /** Exact products in float32. */
    FLOAT32,
    /** Products in bfloat16; in training the master weights stay float32. */
    BFLOAT16,
    /** Decoding only: 8-bit matrices with a scale per output channel. */
    INT8,
    /** Decoding only: 4-bit matrices with a scale and zero per group of 128 inputs. */
    INT4;

    /** The name in experiments and on the command line: {@code float32}, {@code bfloat16}, {@code int8}, {@code int4}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The precision of that name.
     *
     * @throws IllegalArgumentException naming the known ones
     */
    public static Precision of(String label) {
        return Arrays.stream(values())
                .filter(p -> p.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown precision '" + label + "': one of "
                        + Arrays.stream(values()).map(Precision::label).collect(Collectors.joining(", "))));
    }
}
