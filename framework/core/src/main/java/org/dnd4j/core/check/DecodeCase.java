package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.model.CodeSource;
import org.dnd4j.core.model.Decoding;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.model.Given;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weights;

/**
 * Greedy decoding through the cache, with and without guidance (REFERENCE B.5): the codes that {@link Generation} draws,
 * and the logits, guidance applied, of walks on which the recorded codes are followed. In other precisions the codes
 * judged are the most probable ones of those walks, because after one different choice everything differs. An interval for
 * guidance counts for LlamaGen's cases; the reference DnD-Transformer ignores it (B.6, 1), so its cases are run without.
 */
final class DecodeCase implements Check.Kind {
    static final Pattern CODES = Pattern.compile("cfg(\\d+(?:[pd]\\d+)?)(?:_interval(\\d+))?_codes");

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
            compare(c, model, w, findings);
            w.close();
        }
    }

    /** Compares every decoding that was recorded. */
    static void compare(Case c, DndModel model, Weights w, Findings findings) {
        for (String name : c.like(CODES.pattern())) {
            Matcher said = CODES.matcher(name);
            if (said.matches()) {
                double guidance = Case.decimal(said.group(1));
                boolean obeyed = said.group(2) != null && DndModel.plain(c);
                Integer interval = obeyed ? Integer.valueOf(said.group(2)) : null;
                Sampling sampling = new Sampling(guidance, interval, null, null, null, null, true);
                compare(c, model.transformer(), sampling, w, name, findings);
            }
        }
    }

    private static void compare(
            Case c, DndTransformer model, Sampling sampling, Weights w, String name, Findings findings) {
        Given given = DndModel.given(c, c.has("decode_cond") ? "decode_cond" : "cond", w.torch());
        Followed followed = new Followed(DndModel.codes(c.array(name), w.torch()), sampling);
        followed.walk(model, given, w);
        if (w.precision() == Precision.FLOAT32) {
            NDArray drawn = new Generation(model, sampling, w)
                    .codes(given, Generation.keys(0, 0, given.size()), p -> {});
            findings.codes(name, drawn.toLongArray());
        } else {
            findings.codes(name, followed.chosen());
        }
        String logits = name.replace("_codes", "_logits");
        if (c.has(logits)) {
            findings.fractions(logits, followed.logits());
        }
    }

    /** Follows recorded codes {@code [n,S,D]} and keeps what was predicted on the way. */
    private record Followed(NDArray codes, Sampling sampling, NDList seen) implements CodeSource {
        Followed(NDArray codes, Sampling sampling) {
            this(codes, sampling, new NDList());
        }

        void walk(DndTransformer model, Given given, Weights w) {
            Decoding decoding = Decoding.begin(model, given, sampling.guided(), codes, Key.of(0), w);
            for (int p = 0; p < model.positions(); p++) {
                decoding.position(p, this);
            }
        }

        @Override
        public NDArray choose(NDArray logits, int depth, int position) {
            long n = codes.getShape().get(0);
            NDArray last = logits.get(new NDIndex(":, -1")); // [n or 2n,K]
            boolean guided = last.getShape().get(0) > n;
            if (guided) {
                NDArray without = last.get(new NDIndex("{}:", n)); // [n,K]
                last = last.get(new NDIndex(":{}", n)).sub(without).mul(sampling.guidance(position)).add(without); // [n,K]
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
