package org.dnd4j.core.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * The loop over steps: loss, gradients, optimiser, journal, checkpoint. A step depends on its number and the weights
 * before it and on nothing else, so a training that was cut off anywhere goes on from its last checkpoint to the same
 * bits.
 *
 * @param checkpoint the file to go on from, and to write at least once a minute and at the end
 * @param journal the file that every step's numbers go to
 * @param header texts to keep in the checkpoint
 */
public record Trainer(
        Weights weights,
        Objective objective,
        Training training,
        Path checkpoint,
        Path journal,
        Map<String, String> header) {
    private static final long BETWEEN_CHECKPOINTS = 40_000_000_000L;
    private static final float LARGEST_MODERATE = 1e6f;
    private static final Program ACCUMULATE = Program.of(Trainer.class, "accumulate.py");

    /**
     * Trains up to the last step, from wherever the checkpoint stands. The weights are those of the checkpoint if there
     * is one.
     *
     * @throws Stopped if {@code progress} asks for an end; the checkpoint then holds every step taken
     * @throws UserError if the loss or its gradient is no longer a number; the checkpoint is then one from before
     */
    public void run(String stage, Progress progress) {
        try (Optimizer optimizer = new Optimizer(weights, training, weights.torch().manager())) {
            long step = resume(optimizer);
            progress.stage(stage, training.steps(), "step");
            if (step >= training.steps()) {
                progress.at(step, "");
                return;
            }
            if (weights.precision() != training.products()) {
                progress.warn("the " + stage + "'s " + training.precision() + " products are computed in "
                        + weights.precision().label() + ", since this processor has no " + training.precision()
                        + " instructions");
            }
            List<Map<String, Object>> before = Journal.read(journal);
            double seconds = step == 0 || before.size() < step
                    ? 0
                    : ((Number) before.get((int) step - 1).get("seconds")).doubleValue();
            try (Journal log = Journal.open(journal, step)) {
                train(step, seconds, optimizer, log, progress);
            }
        }
    }

    private long resume(Optimizer optimizer) {
        if (!Files.exists(checkpoint)) {
            return 0;
        }
        Checkpoint last = Checkpoint.open(checkpoint);
        last.restore(weights, optimizer, objective);
        return last.step();
    }

    private void train(long first, double before, Optimizer optimizer, Journal log, Progress progress) {
        long began = System.nanoTime();
        long saved = began;
        for (long step = first; step < training.steps(); step++) {
            Map<String, Object> numbers = step(step, optimizer);
            double seconds = (System.nanoTime() - began) / 1e9;
            numbers.put("seconds", before + seconds);
            log.add(numbers);
            double rate = (step + 1 - first) * training.batch() / seconds;
            progress.at(step + 1, String.format(Locale.ROOT, "loss %.4f, %.0f pictures/s", numbers.get("loss"), rate));
            boolean last = step + 1 == training.steps();
            boolean stop = progress.stopped();
            if (last || stop || System.nanoTime() - saved > BETWEEN_CHECKPOINTS) {
                log.flush();
                Checkpoint.write(checkpoint, step + 1, weights, optimizer, objective, header);
                saved = System.nanoTime();
            }
            if (stop && !last) {
                throw new Stopped("stopped after step " + (step + 1) + " of " + training.steps()
                        + "; the same command goes on from there");
            }
        }
    }

    /**
     * One step, of which nothing is written anywhere; the numbers of its parts are averaged.
     *
     * @param step counted from 0
     */
    public Map<String, Object> step(long step, Optimizer optimizer) {
        Torch torch = weights.torch();
        try (Scope scope = torch.scope()) {
            Map<String, Object> numbers = new LinkedHashMap<>();
            numbers.put("step", step);
            NDList gradients = null;
            for (int part = 0; part < training.accumulate(); part++) {
                NDList more = part(step, part, optimizer, scope, numbers);
                if (gradients == null) {
                    gradients = more;
                } else if (!more.isEmpty()) {
                    weights.call(ACCUMULATE, "add", gradients, more);
                }
            }
            if (training.accumulate() > 1 && !gradients.isEmpty()) {
                weights.call(ACCUMULATE, "divide", gradients, training.accumulate());
            }
            if (!Double.isFinite((Double) numbers.get("loss")) && moderate()) {
                for (int part = 0; part < training.accumulate(); part++) {
                    objective.examine(step, part, scope);
                }
            }
            finite("loss", (Double) numbers.get("loss"), step);
            double norm = optimizer.step(gradients, step);
            finite("gradient's norm", norm, step);
            numbers.put("norm", norm);
            numbers.put("rate", training.rate(step));
            objective.afterStep(step, scope);
            return numbers;
        }
    }

    /** Whether no weight is so large that even right plugins would compute no numbers with it: then training diverged. */
    private boolean moderate() {
        for (Weight weight : weights.declared()) {
            for (float value : weights.values(weight.name())) {
                if (!(Math.abs(value) < LARGEST_MODERATE)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void finite(String what, double value, long step) {
        if (!Double.isFinite(value)) {
            throw new UserError("the " + what + " of step " + step + " is " + value
                    + ": a lower learningRate or a longer warmup should help");
        }
    }

    private NDList part(long step, int part, Optimizer optimizer, Scope outer, Map<String, Object> numbers) {
        Torch torch = weights.torch();
        try (Scope scope = torch.scope()) {
            if (optimizer.parameters().isEmpty()) {
                log(objective.loss(step, part, scope), numbers);
                return new NDList();
            }
            NDList gradients;
            try (Torch.Tape tape = torch.record()) {
                Objective.Loss loss = objective.loss(step, part, scope);
                gradients = torch.gradients(loss.total(), optimizer.parameters());
                log(loss, numbers);
            }
            return scope.keep(gradients);
        }
    }

    private void log(Objective.Loss loss, Map<String, Object> numbers) {
        add(numbers, "loss", loss.total());
        loss.log().forEach((name, value) -> add(numbers, name, value));
    }

    private void add(Map<String, Object> numbers, String name, NDArray value) {
        double share = value.toType(ai.djl.ndarray.types.DataType.FLOAT64, false).toDoubleArray()[0] / training.accumulate();
        numbers.merge(name, share, (a, b) -> (Double) a + (Double) b);
    }
}
