package org.dnd4j.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;

/** What some pictures are asked for by, a row a picture: the arrays that a {@link Condition} makes tokens from. */
public sealed interface Given {

    /** How many pictures. */
    int size();

    /** All rows twice, the second time with nothing asked for: what guidance compares. */
    Given andWithheld(Condition condition);

    /**
     * Classes.
     *
     * @param labels int64 {@code [b]}; the number of classes stands for none
     */
    record Labels(NDArray labels) implements Given {
        @Override
        public int size() {
            return (int) labels.size();
        }

        @Override
        public Labels andWithheld(Condition condition) {
            int none = ((Condition.Classes) condition).count();
            return new Labels(twice(labels, labels.zerosLike().add(none))); // [2b]
        }
    }

    /**
     * Captions.
     *
     * @param features float32 {@code [b,C,width]}
     * @param present bool {@code [b,C]}: false where a token is padding, which nothing attends to
     * @param withheld bool {@code [b]}: whose features are replaced by those of no caption; the padding stays as it is
     */
    record Captions(NDArray features, NDArray present, NDArray withheld) implements Given {
        @Override
        public int size() {
            return (int) withheld.size();
        }

        @Override
        public Captions andWithheld(Condition condition) {
            return new Captions(
                    twice(features, features), twice(present, present), twice(withheld, withheld.onesLike())); // [2b,…]
        }
    }

    private static NDArray twice(NDArray first, NDArray second) {
        return NDArrays.concat(new NDList(first, second)); // [2b,…]
    }
}
