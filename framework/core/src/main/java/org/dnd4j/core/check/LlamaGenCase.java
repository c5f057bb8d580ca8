package org.dnd4j.core.check;

import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.torch.Weights;

/**
 * LlamaGen's transformers (REFERENCE D.1), by class or by caption: predictions and loss for known codes, of those pictures
 * that count where {@code valid} says so, and greedy decoding with guidance everywhere or in an interval. They are run as
 * DnD-Transformers of one head, compared like those.
 */
final class LlamaGenCase implements Check.Kind {
    @Override
    public String name() {
        return "llamagen";
    }

    @Override
    public boolean fits(Case c) {
        return DndModel.plain(c)
                && (c.has("cond") || c.has("decode_cond") || c.has("caption_emb", "emb_mask"))
                && (c.has("codes", "logits") || c.hasLike(DecodeCase.CODES.pattern()))
                && c.hasFile("checkpoint.pt");
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        try (Container file = c.checkpoint("checkpoint.pt")) {
            DndModel model = DndModel.of(c, machine, "one", file);
            Weights w = model.weights(machine, false);
            if (c.has("codes", "logits")) {
                TeacherCase.compare(c, model, "", w, findings);
            }
            DecodeCase.compare(c, model, w, findings);
            w.close();
        }
    }
}
