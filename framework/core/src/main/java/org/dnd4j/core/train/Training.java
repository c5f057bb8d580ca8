package org.dnd4j.core.train;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.dnd4j.core.image.Tokenizer.Part;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;

/**
 * How weights are trained. Every field that is left out takes the value of the reference's transformer training
 * (REFERENCE C), but for the number of steps, which must be given.
 *
 * <p>The rates of the reference's tokenizer training begin with a step of rate 0 and stay where they are after half an
 * epoch: {@code warmup}, and {@code warmupFrom} 0 (REFERENCE A.3). RQ-Transformer's fall to 0 from the first step on:
 * {@code cosine} (REFERENCE E). With a warm-up the reference's rise from one rate to a multiple of it, are held there for
 * some epochs, and fall to another: {@code warmupFrom}, {@code hold} and {@code finalRate} (fixture xb).
 *
 * @param steps optimiser steps
 * @param batch pictures per step
 * @param accumulate forward and backward passes a step; the batch is cut into as many parts
 * @param learningRate the highest rate of the schedule
 * @param warmup share of the steps over which the rate rises linearly
 * @param warmupFrom share of {@code learningRate} that the first step has and the rise begins at, which then ends with
 *     the first step after the warm-up. By default, step n of N has n/N, so the rise ends with the warm-up's last step
 * @param schedule after that: {@code constant}, or {@code cosine}, which would reach {@code finalRate} one step after the
 *     last
 * @param hold share of the steps, after the warm-up, at which the rate stays where it is before the cosine begins; 0
 * @param finalRate what the cosine falls to; 0
 * @param betas decay of AdamW's two moments
 * @param weightDecay decay of weights with at least two dimensions; others have none
 * @param clip the gradient's norm is scaled down to this; 0 for never
 * @param ema decay per step of the averaged copy of the weights that sampling uses; 0 for no copy
 * @param precision {@code float32} or {@code bfloat16} products; master weights are float32 either way
 * @param decompositionRate the rate of a tokenizer's decomposition, where it learns by gradient, as a multiple of {@code
 *     learningRate}; 1. Networks of codes are small and bear 10 to 30 times what an encoder does
 * @param freeze parts of a tokenizer that stay as the run that this one begins with left them, bit for bit:
 *     {@code encoder}, {@code decoder}, {@code decomposition}; none if left out
 */
public record Training(
        Integer steps,
        Integer batch,
        Integer accumulate,
        Double learningRate,
        Double warmup,
        Double warmupFrom,
        String schedule,
        Double hold,
        Double finalRate,
        List<Double> betas,
        Double weightDecay,
        Double clip,
        Double ema,
        String precision,
        Double decompositionRate,
        List<Part> freeze) {

    public Training {
        accumulate = or(accumulate, 1);
        batch = or(batch, 32);
        learningRate = or(learningRate, 2e-4);
        warmup = or(warmup, 0.0);
        schedule = or(schedule, "constant");
        hold = or(hold, 0.0);
        finalRate = or(finalRate, 0.0);
        betas = betas == null ? List.of(0.9, 0.95) : List.copyOf(betas);
        weightDecay = or(weightDecay, 0.05);
        clip = or(clip, 1.0);
        ema = or(ema, 0.9999);
        precision = or(precision, "float32");
        decompositionRate = or(decompositionRate, 1.0);
        freeze = freeze == null ? List.of() : List.copyOf(freeze);
        check(steps != null && steps >= 1, "steps", steps, "a whole number of at least 1");
        check(batch >= 1, "batch", batch, "at least 1");
        check(accumulate >= 1 && batch % accumulate == 0, "accumulate", accumulate, "a divisor of batch " + batch);
        check(learningRate > 0, "learningRate", learningRate, "above 0");
        check(warmup >= 0 && warmup < 1, "warmup", warmup, "a share of the steps, 0 to below 1");
        check(warmupFrom == null || warmupFrom >= 0 && warmupFrom <= 1, "warmupFrom", warmupFrom, "a share, 0 to 1");
        check(schedule.equals("constant") || schedule.equals("cosine"), "schedule", schedule, "constant or cosine");
        check(hold >= 0 && warmup + hold < 1, "hold", hold, "a share of the steps that leaves some after warmup " + warmup);
        check(finalRate >= 0 && finalRate <= learningRate, "finalRate", finalRate, "0 to learningRate " + learningRate);
        boolean falls = schedule.equals("cosine");
        check(falls || hold == 0, "hold", hold, "0 with the schedule constant, which holds the rate to the end");
        check(falls || finalRate == 0, "finalRate", finalRate, "0 with the schedule constant, which never falls");
        check(betas.size() == 2 && betas.stream().allMatch(b -> b >= 0 && b < 1), "betas", betas, "two of 0 to below 1");
        check(weightDecay >= 0, "weightDecay", weightDecay, "at least 0");
        check(clip >= 0, "clip", clip, "at least 0");
        check(ema >= 0 && ema < 1, "ema", ema, "0 to below 1");
        check(precision.equals("float32") || precision.equals("bfloat16"), "precision", precision, "float32 or bfloat16");
        check(decompositionRate > 0, "decompositionRate", decompositionRate, "above 0");
        int frozen = Set.copyOf(freeze).size();
        check(frozen == freeze.size(), "freeze", words(freeze), "parts that are named once");
        check(frozen < Part.values().length, "freeze", words(freeze), "not all there is, so that something is trained");
    }

    /** The same of what has no parts that could learn at a rate of their own, or be left as they are. */
    public Training(
            Integer steps,
            Integer batch,
            Integer accumulate,
            Double learningRate,
            Double warmup,
            Double warmupFrom,
            String schedule,
            Double hold,
            Double finalRate,
            List<Double> betas,
            Double weightDecay,
            Double clip,
            Double ema,
            String precision) {
        this(
                steps, batch, accumulate, learningRate, warmup, warmupFrom, schedule, hold, finalRate, betas, weightDecay,
                clip, ema, precision, null, null);
    }

    /** The learning rate of a step, counted from 0. */
    public double rate(long step) {
        double rising = warmup * steps;
        double falling = rising + hold * steps;
        if (warmupFrom != null && step < rising) {
            return learningRate * (warmupFrom + (1 - warmupFrom) * step / rising);
        }
        if (warmupFrom == null && step + 1 < rising) {
            return learningRate * (step + 1) / rising;
        }
        if (schedule.equals("constant") || hold > 0 && step < falling) {
            return learningRate;
        }
        double left = 0.5 * (1 + Math.cos(Math.PI * (step - falling) / Math.max(1, steps - falling)));
        return finalRate + (learningRate - finalRate) * left;
    }

    /** The precision of the products. */
    public Precision products() {
        return Precision.of(precision);
    }

    private static List<String> words(List<Part> parts) {
        return parts.stream().map(p -> p.name().toLowerCase(Locale.ROOT)).toList();
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
