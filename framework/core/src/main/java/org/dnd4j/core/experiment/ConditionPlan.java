package org.dnd4j.core.experiment;

import org.dnd4j.core.model.Condition;

/** By what a transformer is asked for pictures. */
public sealed interface ConditionPlan {

    /**
     * What the transformer is given.
     *
     * @param classes how many the data have
     * @param withheld whether training withholds them now and then
     */
    Condition condition(int classes, boolean withheld);

    /** By the classes of the data. */
    record Classes() implements ConditionPlan {
        @Override
        public Condition condition(int classes, boolean withheld) {
            return new Condition.Classes(classes, withheld);
        }
    }

    /**
     * By captions, as features that a language model has made of them. Only imported transformers can be asked so: data
     * here hold no captions to learn from.
     *
     * @param tokens of a caption, padding included; 120
     * @param width numbers that each token has; 2048
     */
    record Captions(Integer tokens, Integer width) implements ConditionPlan {
        public Captions {
            tokens = tokens == null ? 120 : tokens;
            width = width == null ? 2048 : width;
            condition(tokens, width);
        }

        @Override
        public Condition.Captions condition(int classes, boolean withheld) {
            return condition();
        }

        /** The same as what the transformer is given. */
        public Condition.Captions condition() {
            return condition(tokens, width);
        }

        private static Condition.Captions condition(int tokens, int width) {
            return new Condition.Captions(tokens, width);
        }
    }
}
