package org.dnd4j.core.train;

import java.util.List;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;

/**
 * How weights are trained. Every field that is left out takes the value of the reference's transformer training
 * (REFERENCE C), but for the number of steps, which must be given.
 *
 * @param steps optimiser steps
 * @param batch pictures per step
 * @param accumulate forward and backward passes a step; the batch is cut into as many parts
 * @param learningRate the highest rate of the schedule
 * @param warmup share of the steps over which the rate rises linearly: after n of N such steps to n/N
 * @param schedule after that: {@code constant}, or {@code cosine}, which would reach 0 one step after the last
 * @param betas decay of AdamW's two moments
 * @param weightDecay decay of weights with at least two dimensions; others have none
 * @param clip the gradient's norm is scaled down to this; 0 for never
 * @param ema decay per step of the averaged copy of the weights that sampling uses; 0 for no copy
 * @param precision {@code float32} or {@code bfloat16} products; master weights are float32 either way
 */
public record Training(
        Integer steps,
        Integer batch,
        Integer accumulate,
        Double learningRate,
        Double warmup,
        String schedule,
        List<Double> betas,
        Double weightDecay,
        Double clip,
        Double ema,
        String precision) {

    public Training {
        accumulate = or(accumulate, 1);
        batch = or(batch, 32);
        learningRate = or(learningRate, 2e-4);
        warmup = or(warmup, 0.0);
        schedule = or(schedule, "constant");
        betas = betas == null ? List.of(0.9, 0.95) : List.copyOf(betas);
        weightDecay = or(weightDecay, 0.05);
        clip = or(clip, 1.0);
        ema = or(ema, 0.9999);
        precision = or(precision, "float32");
        check(steps != null && steps >= 1, "steps", steps, "a whole number of at least 1");
        check(batch >= 1, "batch", batch, "at least 1");
        check(accumulate >= 1 && batch % accumulate == 0, "accumulate", accumulate, "a divisor of batch " + batch);
        check(learningRate > 0, "learningRate", learningRate, "above 0");
        check(warmup >= 0 && warmup < 1, "warmup", warmup, "a share of the steps, 0 to below 1");
        check(schedule.equals("constant") || schedule.equals("cosine"), "schedule", schedule, "constant or cosine");
        check(betas.size() == 2 && betas.stream().allMatch(b -> b >= 0 && b < 1), "betas", betas, "two of 0 to below 1");
        check(weightDecay >= 0, "weightDecay", weightDecay, "at least 0");
        check(clip >= 0, "clip", clip, "at least 0");
        check(ema >= 0 && ema < 1, "ema", ema, "0 to below 1");
        check(precision.equals("float32") || precision.equals("bfloat16"), "precision", precision, "float32 or bfloat16");
    }

    /** The learning rate of a step, counted from 0. */
    public double rate(long step) {
        double rising = warmup * steps;
        if (step + 1 < rising) {
            return learningRate * (step + 1) / rising;
        }
        if (schedule.equals("constant")) {
            return learningRate;
        }
        return learningRate * 0.5 * (1 + Math.cos(Math.PI * (step - rising) / Math.max(1, steps - rising)));
    }

    /** The precision of the products. */
    public Precision products() {
        return Precision.of(precision);
    }

    private static <T> T or(T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private static void check(boolean right, String field, Object value, String wanted) {
        if (!right) {
            throw new UserError(field + " is " + value + ": must be " + wanted);
        }
    }
}
