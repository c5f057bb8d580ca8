package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.sample.Sampler;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weights;

/**
 * The distributions that codes are drawn from, by temperature, top-k and top-p, which stand in the arrays' names:
 * {@code hf_probs_t0d7_k3_p0d8}. Names with {@code kakao} follow RQ-Transformer's rule for the code at which top-p is
 * reached, others DnD's and LlamaGen's (REFERENCE B.5, E). That the reference filters its input in place (B.6, 7) is not
 * repeated. Always in float32: no precision touches these.
 */
final class FilterCase implements Check.Kind {
    private static final Pattern NAME =
            Pattern.compile("(\\w+?)_(probs|argmax)_t(\\d+(?:d\\d+)?)_k(\\d+)_p(\\d+(?:d\\d+)?)");

    @Override
    public String name() {
        return "filters";
    }

    @Override
    public boolean fits(Case c) {
        return c.has("logits") && c.hasLike(NAME.pattern());
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        Weights w = Weights.start(machine.torch(), List.of(), Precision.FLOAT32, false, Key.of(0));
        Stored logits = c.array("logits"); // [n,1,K]
        NDArray x = machine.torch().manager().create(logits.floats(), new Shape(logits.size() / logits.size(-1), logits.size(-1)));
        for (String name : c.like(NAME.pattern())) {
            Matcher m = NAME.matcher(name);
            if (m.matches()) {
                Sampling sampling = new Sampling(
                        null,
                        null,
                        List.of(Case.decimal(m.group(3))),
                        List.of(Integer.parseInt(m.group(4))),
                        List.of(Case.decimal(m.group(5))),
                        m.group(1).startsWith("kakao") ? Sampling.Nucleus.REACHING : Sampling.Nucleus.CROSSING,
                        false);
                NDArray found = Sampler.distribution(sampling, x, 0, w); // [n,K]
                if (m.group(2).equals("probs")) {
                    findings.fractions(name, found.toFloatArray());
                } else {
                    findings.codes(name, mostProbable(found.toFloatArray(), c.array(name).longs()));
                }
            }
        }
        w.close();
    }

    /**
     * The most probable code of each row; the recorded one where it is one of several, between which the reference does
     * not choose the same way twice.
     */
    private static long[] mostProbable(float[] probabilities, long[] recorded) {
        int size = probabilities.length / recorded.length;
        long[] codes = new long[recorded.length];
        for (int row = 0; row < codes.length; row++) {
            int best = 0;
            for (int k = 1; k < size; k++) {
                best = probabilities[row * size + k] > probabilities[row * size + best] ? k : best;
            }
            boolean tied = recorded[row] >= 0
                    && recorded[row] < size
                    && probabilities[row * size + (int) recorded[row]] == probabilities[row * size + best];
            codes[row] = tied ? recorded[row] : best;
        }
        return codes;
    }
}
