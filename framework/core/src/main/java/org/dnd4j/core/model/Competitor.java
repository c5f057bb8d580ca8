package org.dnd4j.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.IntConsumer;
import org.dnd4j.core.guard.Law;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Generator;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * A generator in the DnD-Transformer's place. One that predicts codes is trained and sampled as that is: classes are
 * left out, and codes drawn, here. One that does not is asked for whole pictures.
 *
 * @param space how many codes there are at each depth
 * @param rows h, the height of the code grid
 * @param columns w, its width
 * @param condition the classes, and whether they are left out now and then
 */
public record Competitor(Generator generator, CodeSpace space, int rows, int columns, Condition.Classes condition)
        implements CodeModel {

    public Competitor {
        if (condition.nullClass() && !generator.predicts()) {
            throw new UserError("the generator knows nothing that stands for no class: classDropout must be 0");
        }
    }

    @Override
    public boolean predicts() {
        return generator.predicts();
    }

    @Override
    public List<Weight> weights() {
        return generator.weights(space, rows, columns, condition.count());
    }

    private long[] shape() {
        return new long[] {rows, columns, depth()};
    }

    @Override
    public NDList losses(NDArray labels, NDArray codes, boolean training, Key key, Weights w) {
        NDArray map = codes.reshape(labels.size(), rows, columns, depth()); // [b,h,w,D]
        NDList losses = generator.losses(map, labels, training, key, w);
        String law = predicts() ? "G7" : "G1";
        int wanted = predicts() ? 1 + 2 * depth() : 1;
        if (losses.size() != wanted) {
            throw Law.broken(law, generator, "losses returned " + losses.size() + " arrays, not " + wanted);
        }
        losses.forEach(loss -> Law.floats(law, generator, "losses", loss, new Shape(), labels));
        return losses;
    }

    @Override
    public void examine(NDArray labels, NDArray codes, Key key, Weights w) {
        if (!Law.finite(losses(labels, codes, true, key, w).head())) {
            throw Law.broken("G1", generator, "losses returned NaN or infinity, given finite weights");
        }
    }

    @Override
    public NDList prepare(int cached, Weights w) {
        return generator.prepare(cached, shape(), w);
    }

    @Override
    public void position(int p, Decoding decoding, CodeSource source) {
        NDArray labels = ((Given.Labels) decoding.given()).labels(); // [rows]
        NDArray before = p == 0 ? labels : last(p - 1, decoding); // [rows]
        for (int k = 0; k < depth(); k++) {
            NDArray logits = generator.predict(before, p, k, shape(), decoding.state(), decoding.weights()); // [rows,K]
            Shape wanted = new Shape(labels.size(), space.size(k));
            Law.floats("G8", generator, "predict", logits, wanted, labels);
            if (p == positions() - 1 && k == depth() - 1 && !Law.finite(logits)) {
                // what is no number once is none ever after: asked once a picture, not once a code
                throw Law.broken("G8", generator, "predict returned NaN or infinity");
            }
            before = source.choose(logits.expandDims(1), k, p).reshape(-1); // [rows]
        }
    }

    /** The last code of a position, for every row of the batch. */
    private NDArray last(int position, Decoding decoding) {
        NDArray code = decoding.codes().get(new NDIndex(":, {}, -1", (long) position)); // [n]
        return code.size() < decoding.given().size() ? NDArrays.concat(new NDList(code, code)) : code; // [rows]
    }

    /**
     * Whole pictures, for a generator that does not predict codes: one at a time, so that none depends on the others.
     *
     * @param keys one per picture
     * @param onPicture told how many are done; may throw to stop
     * @return int64 {@code [n,S,D]}
     */
    public NDArray whole(NDArray labels, List<Key> keys, Weights w, IntConsumer onPicture) {
        NDList pictures = new NDList();
        for (int i = 0; i < keys.size(); i++) {
            NDArray label = labels.get(new NDIndex("{}:{}", (long) i, i + 1L)); // [1]
            NDArray codes = generator.sample(label, shape(), keys.get(i), w); // [1,h,w,D]
            Law.codes("G2", generator, "sample", codes, new Shape(1, rows, columns, depth()), labels);
            inRange(codes.toLongArray());
            pictures.add(codes);
            onPicture.accept(i + 1);
        }
        return NDArrays.concat(pictures).reshape(keys.size(), positions(), depth()); // [n,S,D]
    }

    private void inRange(long[] codes) {
        for (int i = 0; i < codes.length; i++) {
            int size = space.size(i % depth());
            if (codes[i] < 0 || codes[i] >= size) {
                throw Law.broken("G2", generator, "sample returned code " + codes[i] + " at depth " + i % depth()
                        + ", of 0 to " + (size - 1));
            }
        }
    }
}
