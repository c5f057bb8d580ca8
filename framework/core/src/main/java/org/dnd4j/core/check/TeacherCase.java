package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.dnd4j.core.Why;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Weights;

/**
 * The transformer's predictions and loss for known codes, without dropout (REFERENCE B.3, B.4): one head, several, tied
 * ones, and the paper's two other topologies, whose arrays are called {@code parallel_…} and {@code vertical_…}. The
 * reference slices logits along the heads where it means the tokens (B.6, 2), which changes nothing for class conditions;
 * there is nothing to repeat.
 */
final class TeacherCase implements Check.Kind {
    @Override
    public String name() {
        return "dnd-teacher";
    }

    @Override
    public boolean fits(Case c) {
        return DndModel.described(c) && c.has("codes", "cond") && c.hasLike("(parallel_|vertical_)?logits");
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        for (String logits : c.like("(parallel_|vertical_)?logits")) {
            String prefix = logits.substring(0, logits.length() - "logits".length());
            try (Container file = Container.open(checkpoint(c))) {
                run(c, machine, findings, prefix, file);
            }
        }
    }

    private static void run(Case c, Check.Machine machine, Findings findings, String prefix, Container file) {
        DndModel model = DndModel.of(c, machine, prefix.isEmpty() ? "dnd" : prefix.replace("_", ""), file);
        Weights w = model.weights(machine, false);
        compare(c, model, prefix, w, findings);
        w.close();
    }

    /** Compares what a model predicts; with {@code valid} only some pictures count in the loss. */
    static void compare(Case c, DndModel model, String prefix, Weights w, Findings findings) {
        NDArray codes = DndModel.codes(c.array("codes"), w.torch()); // [b,S,D]
        NDList logits = model.transformer()
                .logits(DndModel.given(c, "cond", w.torch()), codes, false, Key.of(0), w); // D × [b,S,K]
        findings.fractions(prefix + "logits", NDArrays.stack(logits, 1).toFloatArray()); // [b,D,S,K]
        NDArray valid = c.has("valid") ? DndModel.longs(c.array("valid"), w.torch()).neq(0) : null; // [b]
        NDList loss = model.transformer().loss(logits, codes, valid, w);
        if (c.has(prefix + "loss")) {
            findings.fractions(prefix + "loss", loss.get(0).toFloatArray());
        }
        if (c.has(prefix + "loss_per_head")) {
            int depth = model.transformer().depth();
            findings.fractions(prefix + "loss_per_head", NDArrays.stack(new NDList(loss.subList(1, 1 + depth))).toFloatArray());
        }
    }

    /** The case's own checkpoint, or that of the case beside it whose name the manifest mentions. */
    private static Path checkpoint(Case c) {
        if (c.hasFile("checkpoint.pt")) {
            return c.inside("checkpoint.pt");
        }
        String mentioned = String.valueOf(c.manifest().get("weights"));
        try (Stream<Path> beside = Files.list(c.folder().resolveSibling("."))) {
            List<Path> named = beside.filter(f -> mentioned.contains(f.getFileName().toString()))
                    .filter(f -> Files.isRegularFile(f.resolve("checkpoint.pt")))
                    .sorted(Comparator.comparingInt((Path f) -> f.getFileName().toString().length()).reversed())
                    .toList();
            if (!named.isEmpty()) {
                return named.get(0).resolve("checkpoint.pt");
            }
        } catch (java.io.IOException e) {
            throw new UserError(c.folder() + ": the cases beside it cannot be listed: " + Why.of(e), e);
        }
        throw new UserError(c.folder() + ": has no checkpoint.pt, and no case beside it is the one meant by '" + mentioned + "'");
    }
}
