package org.dnd4j.core.model;

import java.util.List;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;

/** By what pictures are asked for: the tokens that stand before those of their positions (REFERENCE B.1, D.1). */
public sealed interface Condition {

    /** C, the number of tokens; the last of them predicts the first position. */
    int tokens();

    /** Whether there is something that stands for "nothing asked for", which guidance needs. */
    boolean withholds();

    /** The weights that make tokens of width {@code d}, under the published names. */
    List<Weight> weights(int d);

    /**
     * One class a picture, one row of a table.
     *
     * @param count number of classes, 1 for pictures without
     * @param nullClass whether there is one row more, for "no class"
     */
    record Classes(int count, boolean nullClass) implements Condition {
        static final String TABLE = "cls_embedding.embedding_table.weight";

        public Classes {
            if (count < 1) {
                throw new UserError("classes is " + count + ": must be at least 1 (1 for pictures without classes)");
            }
        }

        @Override
        public int tokens() {
            return 1;
        }

        @Override
        public boolean withholds() {
            return nullClass;
        }

        @Override
        public List<Weight> weights(int d) {
            return List.of(Weight.of(TABLE, nullClass ? count + 1 : count, d).normal(0.02));
        }
    }

    /**
     * The features of a caption's words, from a language model, brought to the tokens' width by two matrices with a GELU
     * between them. What stands for "no caption" are features that are drawn once and never learnt, as published.
     *
     * @param tokens C, of which the first are padding where a caption is shorter
     * @param width length of a token's features
     */
    record Captions(int tokens, int width) implements Condition {
        static final String NONE = "cls_embedding.uncond_embedding";
        static final String IN = "cls_embedding.cap_proj.fc1.weight";
        static final String OUT = "cls_embedding.cap_proj.fc2.weight";

        public Captions {
            if (tokens < 1 || width < 1) {
                throw new UserError("captions of " + tokens + " tokens × " + width + " features: both must be at least 1");
            }
        }

        @Override
        public boolean withholds() {
            return true;
        }

        @Override
        public List<Weight> weights(int d) {
            return List.of(
                    Weight.of(NONE, tokens, width).normal(1 / Math.sqrt(width)).learning(Weight.Learns.FIXED),
                    Weight.matrix(IN, d, width),
                    Weight.matrix(OUT, d, d));
        }
    }
}
