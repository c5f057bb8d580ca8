package org.dnd4j.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What stands behind {@code self.linear} and its kin in every program: one text per precision, mode and kernels.
 *
 * @param products which of the texts for weights
 * @param dense which of those for arrays that are no weights
 */
record Prelude(String products, String dense) {
    /** What {@code Weights} stands for: weights, scales. */
    static final String TWO_LISTS = "Tuple[List[Tensor], List[Tensor]]";

    private static final String PACKED = "__torch__.torch.classes.quantized.LinearPackedParamsBase";

    /** The same and the matrices as FBGEMM has packed them, which are objects and no tensors. */
    private static final String THREE_LISTS = "Tuple[List[Tensor], List[Tensor], List[" + PACKED + "]]";

    static Prelude of(Precision precision, boolean training, Kernels kernels) {
        if (training && precision.ordinal() > Precision.BFLOAT16.ordinal()) {
            throw new IllegalArgumentException("cannot train in " + precision.label() + ": float32 or bfloat16");
        }
        return new Prelude(
                training ? "training-" + precision.label() : precision.label() + "-" + kernels.text(precision),
                kernels.oneDnn() ? "onednn" : "plain");
    }

    /** Whether it has been written. */
    boolean there() {
        return Prelude.class.getResource("/torch/" + file()) != null;
    }

    /** Whether packed matrices are objects. */
    boolean objects() {
        return products.endsWith("-fbgemm");
    }

    /** What {@code Weights} stands for. */
    String weights() {
        return objects() ? THREE_LISTS : TWO_LISTS;
    }

    private String file() {
        return "prelude-" + products.toLowerCase(Locale.ROOT) + ".py";
    }

    /** A text has either {@code inner} or {@code linear} of its own; the other follows from it. */
    String text() {
        String own = read(file()).replaceAll("\\bLinearPackedParamsBase\\b", PACKED)
                + read("prelude-norm.py") + read("prelude-dense-" + dense + ".py");
        String shared = products.startsWith("int8") ? read("prelude-int8.py") : "";
        return own + shared + read(own.contains("def inner(") ? "prelude-narrow.py" : "prelude-wide.py");
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
