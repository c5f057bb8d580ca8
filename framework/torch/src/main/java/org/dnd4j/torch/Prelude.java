package org.dnd4j.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What stands behind {@code self.linear} and {@code self.pack} in every program: one text per precision, mode and kernels. */
record Prelude(String products) {

    static Prelude of(Precision precision, boolean training, Kernels kernels) {
        if (training && precision.ordinal() > Precision.BFLOAT16.ordinal()) {
            throw new IllegalArgumentException("cannot train in " + precision.label() + ": float32 or bfloat16");
        }
        return new Prelude(training
                ? "training-" + precision.label()
                : precision.label() + (kernels.oneDnn() ? "-onednn" : "-plain"));
    }

    /** Whether it has been written. */
    boolean there() {
        return Prelude.class.getResource("/torch/" + file()) != null;
    }

    private String file() {
        return "prelude-" + products.toLowerCase(Locale.ROOT) + ".py";
    }

    String text() {
        return read(file());
    }

    private static String read(String file) {
        try (InputStream in = Prelude.class.getResourceAsStream("/torch/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no " + file + " yet");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
