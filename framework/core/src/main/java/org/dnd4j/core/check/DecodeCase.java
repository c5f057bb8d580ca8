package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.model.CodeSource;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.spi.Pass;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weights;

/**
 * Greedy decoding through the cache, with and without guidance (REFERENCE B.5): the codes that {@link Generation} draws,
 * and the logits, guidance applied, of walks on which the recorded codes are followed. In other precisions the codes
 * judged are the most probable ones of those walks, because after one different choice everything differs. What the
 * reference accepts and ignores — an interval for guidance (B.6, 1) — is ignored.
 */
final class DecodeCase implements Check.Kind {
    private static final Pattern CODES = Pattern.compile("cfg(\\d+(?:[pd]\\d+)?)_codes");

    @Override
    public String name() {
        return "dnd-decode";
    }

    @Override
    public boolean fits(Case c) {
        return DndModel.described(c) && c.has("cond") && c.hasLike(CODES.pattern()) && c.hasFile("checkpoint.pt");
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        try (Container file = c.checkpoint("checkpoint.pt")) {
            DndModel model = DndModel.of(c, machine, "dnd", file);
            Weights w = model.weights(machine, false);
            for (String name : c.like(CODES.pattern())) {
                run(c, model.transformer(), w, name, findings);
            }
            w.close();
        }
    }

    private static void run(Case c, DndTransformer model, Weights w, String name, Findings findings) {
        Matcher scale = CODES.matcher(name);
        double guidance = scale.matches() ? Double.parseDouble(scale.group(1).replaceAll("[pd]", ".")) : 1;
        int[] labels = Arrays.stream(c.array("cond").longs()).mapToInt(Math::toIntExact).toArray();
        Followed followed = new Followed(c.array(name), guidance, w);
        followed.walk(model, labels);
        if (w.precision() == Precision.FLOAT32) {
            NDArray drawn = new Generation(model, Sampling.greedy(guidance), w)
                    .codes(labels, Generation.keys(0, 0, labels.length), p -> {});
            findings.codes(name, drawn.toLongArray());
        } else {
            findings.codes(name, followed.chosen());
        }
        String logits = name.replace("_codes", "_logits");
        if (c.has(logits)) {
            findings.fractions(logits, followed.logits());
        }
    }

    /** Follows recorded codes and keeps what was predicted on the way. */
    private static final class Followed implements CodeSource {
        private final NDArray codes;
        private final double guidance;
        private final Weights w;
        private final NDList seen = new NDList();

        /** {@code recorded} is {@code [n,S,D]}. */
        Followed(Stored recorded, double guidance, Weights w) {
            this.codes = DndModel.longs(recorded, w.torch());
            this.guidance = guidance;
            this.w = w;
        }

        void walk(DndTransformer model, int[] labels) {
            int n = labels.length;
            int batch = guidance > 1 ? 2 * n : n;
            long[] rows = new long[batch];
            for (int i = 0; i < batch; i++) {
                rows[i] = i < n ? labels[i] : model.nullLabel();
            }
            NDArray classes = w.torch().manager().create(rows);
            NDList state = model.prepare(batch, w);
            for (int p = 0; p < model.positions(); p++) {
                NDArray h = p == 0 ? model.condition(classes, w) : model.token(codes, p - 1, batch, w); // [batch,1,d]
                model.walk(h, new Pass(p, true, null, state, false, Key.of(0), w), this);
            }
        }

        @Override
        public NDArray choose(NDArray logits, int depth, int position) {
            long n = codes.getShape().get(0);
            NDArray last = logits.get(new NDIndex(":, -1")); // [n or 2n,K]
            boolean guided = last.getShape().get(0) > n;
            if (guided) {
                NDArray without = last.get(new NDIndex("{}:", n)); // [n,K]
                last = last.get(new NDIndex(":{}", n)).sub(without).mul(guidance).add(without); // [n,K]
            }
            seen.add(last);
            NDArray code = codes.get(new NDIndex(":, {}, {}", (long) position, (long) depth)).reshape(n, 1); // [n,1]
            return guided ? NDArrays.concat(new NDList(code, code)) : code;
        }

        /** {@code [S,D,n,K]}, row-major. */
        float[] logits() {
            return NDArrays.stack(seen).toFloatArray();
        }

        /** The most probable codes {@code [n,S,D]}. */
        long[] chosen() {
            Shape shape = codes.getShape(); // [n,S,D]
            NDArray best = NDArrays.stack(seen).argMax(-1); // [S·D,n]
            return best.transpose().reshape(shape).toLongArray();
        }
    }
}
