package org.dnd4j.core.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.train.Optimizer;
import org.dnd4j.core.train.Training;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/**
 * One training step of the transformer and a second one after going on from the reference's own training checkpoint:
 * loss, gradients, their norm, the weights that AdamW leaves, and their moving average (REFERENCE C).
 */
final class TrainingCase implements Check.Kind {
    private static final Program COPY = Program.text(
            "copy.py", "def copy(self, to: Tensor, values: Tensor) -> Tensor:\n  return to.detach().copy_(values)\n");

    @Override
    public String name() {
        return "training";
    }

    @Override
    public boolean fits(Case c) {
        return DndModel.described(c)
                && c.has("codes", "cond", "grads_flat", "params_after_flat")
                && c.hasFile("before.pt")
                && c.manifest().containsKey("param_names");
    }

    @Override
    public void run(Case c, Check.Machine machine, Findings findings) {
        List<String> names = ((List<?>) c.manifest().get("param_names")).stream().map(Object::toString).toList();
        try (Container before = c.checkpoint("before.pt")) {
            DndModel model = DndModel.of(c, machine, "dnd", before);
            Weights w = model.weights(machine, true);
            try (Optimizer optimizer = new Optimizer(w, training(c), machine.torch().manager())) {
                Step step = step(c, model, w, optimizer, "codes", 0);
                findings.fractions("loss", new float[] {step.loss()});
                findings.gradients("grads_flat", flat(names, step.gradients()::get));
                if (c.has("grad_norm")) {
                    findings.fractions("grad_norm", new float[] {step.norm()});
                }
                findings.fractions("params_after_flat", flat(names, w::values));
                if (c.has("ema_after_flat")) {
                    findings.fractions("ema_after_flat", flat(names, n -> optimizer.state().get("ema." + n).toFloatArray()));
                }
            }
            w.close();
        }
        if (c.hasFile("after.pt") && c.has("codes_step2")) {
            resume(c, machine, names, findings);
        }
    }

    private static void resume(Case c, Check.Machine machine, List<String> names, Findings findings) {
        try (Container after = c.checkpoint("after.pt")) {
            DndModel model = DndModel.of(c, machine, "dnd", after);
            Weights w = model.weights(machine, true);
            try (Optimizer optimizer = new Optimizer(w, training(c), machine.torch().manager())) {
                restore(after, names, model, w, optimizer);
                long steps = (Long) after.at("steps");
                Step step = step(c, model, w, optimizer, "codes_step2", steps);
                if (c.has("loss_step2")) {
                    findings.fractions("loss_step2", new float[] {step.loss()});
                }
                findings.fractions("params_after_step2_flat", flat(names, w::values));
            }
            w.close();
        }
    }

    /** What a step came to. */
    private record Step(float loss, Map<String, float[]> gradients, float norm) {}

    private static Step step(Case c, DndModel model, Weights w, Optimizer optimizer, String codes, long number) {
        Torch torch = w.torch();
        NDArray known = DndModel.longs(c.array(codes), torch); // [b,S,D]
        NDArray labels = DndModel.longs(c.array("cond"), torch); // [b]
        NDArray loss;
        NDList gradients;
        try (Torch.Tape tape = torch.record()) {
            NDList logits = model.transformer().logits(labels, known, true, Key.of(0), w);
            loss = model.transformer().loss(logits, known, w).head();
            gradients = torch.gradients(loss, optimizer.parameters());
        }
        Map<String, float[]> byName = new HashMap<>();
        w.trainable().forEach((weight, array) -> {
            for (int i = 0; i < gradients.size(); i++) {
                if (optimizer.parameters().get(i) == array) {
                    byName.put(weight.name(), gradients.get(i).toFloatArray());
                }
            }
        });
        float value = loss.toFloatArray()[0];
        return new Step(value, byName, optimizer.step(gradients, number));
    }

    private static Training training(Case c) {
        Map<String, Object> o = Case.object(c.manifest().get("optimizer"));
        Matcher decay = Pattern.compile("decay (0?\\.\\d+)").matcher(c.has("ema_after_flat") ? c.note("ema_after_flat") : "");
        List<?> betas = o.get("betas") instanceof List<?> list ? list : List.of(0.9, 0.95);
        return new Training(
                1,
                1,
                1,
                Case.number(o.get("lr"), 2e-4),
                0.0,
                null,
                "constant",
                0.0,
                0.0,
                betas.stream().map(b -> ((Number) b).doubleValue()).toList(),
                Case.number(o.get("weight_decay"), 0.05),
                Case.number(o.get("clip"), 1.0),
                decay.find() ? Double.parseDouble(decay.group(1)) : 0.9999,
                "float32");
    }

    /** Moments by the reference's indices: weights that decay first, in the order of their names, then the others. */
    private static void restore(Container file, List<String> names, DndModel model, Weights w, Optimizer optimizer) {
        List<String> order = new ArrayList<>();
        names.stream().filter(n -> model.published().tensors().get(n).shape().length >= 2).forEach(order::add);
        names.stream().filter(n -> !order.contains(n)).forEach(order::add);
        Map<String, NDArray> state = optimizer.state();
        for (int i = 0; i < order.size(); i++) {
            for (String moment : List.of("exp_avg", "exp_avg_sq")) {
                NDArray to = state.get(moment + "." + order.get(i));
                Stored stored = (Stored) file.at("optimizer", "state", (long) i, moment);
                w.call(COPY, "copy", to, w.torch().manager().create(stored.floats(), new Shape(stored.shape())));
            }
        }
    }

    private static float[] flat(List<String> names, Function<String, float[]> values) {
        List<float[]> parts = names.stream().map(values).toList();
        float[] all = new float[parts.stream().mapToInt(p -> p.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
