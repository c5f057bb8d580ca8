package org.dnd4j.core.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.code.CodebookLearning;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.train.Optimizer;
import org.dnd4j.core.train.TokenizerObjective;
import org.dnd4j.core.train.Trainer;
import org.dnd4j.core.train.Training;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/**
 * What a tokenizer does with pictures: its network encodes and decodes, and is trained. The pictures are waves; what an
 * untrained network makes of them tells precisions apart, though it looks like nothing.
 */
record Tokenizing(Preset preset, int batch, ExperimentReader plugins, Torch torch) {
    private static final List<String> ENCODER = List.of("encoder.", "quant_conv.");
    private static final List<String> DECODER = List.of("decoder.", "post_quant_conv.");
    private static final double COMMITMENT = 0.25;

    /** Three rows for each precision; those after the first precision's say how many times as fast as these they are. */
    List<Row> rows(Bench.Order order, Machine machine, Progress progress) {
        List<Row> rows = new ArrayList<>();
        List<Double> psnr = new ArrayList<>();
        for (Precision precision : order.precisions()) {
            List<Row> first = rows.isEmpty() ? List.of() : List.copyOf(rows.subList(0, 3));
            rows.addAll(networks(precision, first, psnr, order.repeats(), machine, progress));
            rows.add(step(precision, first, order.repeats(), machine, progress));
        }
        return rows;
    }

    private Tokenizer tokenizer() {
        Autoencoder network = plugins.plugin(Autoencoder.class, "rqvae", preset.network().settings());
        Decomposition residual = plugins.plugin(Decomposition.class, "residual", Map.of());
        CodeSpace space = CodeSpace.of(network.width(), Preset.DEPTH, preset.codes());
        return new Tokenizer(network, new Quantizer(residual, space, 1));
    }

    private List<Row> networks(
            Precision precision, List<Row> first, List<Double> psnr, int repeats, Machine machine, Progress progress) {
        Tokenizer tokenizer = tokenizer();
        Weights w = Weights.start(torch, tokenizer.weights(), precision, false, Key.of(0));
        try (Scope scope = torch.scope()) {
            NDArray images = images(scope); // [b,3,s,s]
            NDArray latents = tokenizer.latents(images, w); // [b,h,w,c]
            psnr.add(psnr(images, tokenizer.images(latents, w)));
            progress.stage("encode in " + precision.label(), repeats, "turn");
            double encoding = timed(repeats, progress, () -> tokenizer.latents(images, w));
            progress.stage("decode in " + precision.label(), repeats, "turn");
            double decoding = timed(repeats, progress, () -> tokenizer.images(latents, w));
            List<Row> rows = List.of(
                    row("encode", precision, w, encoding, Floor.convolutions(w.declared(), preset.network(), ENCODER), first,
                            machine),
                    row("decode", precision, w, decoding, Floor.convolutions(w.declared(), preset.network(), DECODER), first,
                            machine));
            rows.get(1).more().put("psnr_change", psnr.get(psnr.size() - 1) - psnr.get(0));
            return rows;
        } finally {
            w.close();
        }
    }

    /** Waits for the last number, and so for a device that computes while we go on. */
    private double timed(int repeats, Progress progress, Supplier<NDArray> work) {
        return Turns.median(Turns.of(repeats, progress, n -> {
            try (Scope step = torch.scope()) {
                work.get().flatten().get(0).getFloat();
            }
        }));
    }

    private Row step(Precision precision, List<Row> first, int repeats, Machine machine, Progress progress) {
        progress.stage("train in " + precision.label(), repeats, "step");
        Tokenizer tokenizer = tokenizer();
        Weights w = Weights.start(torch, tokenizer.weights(), precision, true, Key.of(0));
        Training training = Train.training(batch, precision);
        try (Scope scope = torch.scope();
                Optimizer optimizer = new Optimizer(w, training, scope.manager());
                TokenizerObjective objective = new TokenizerObjective(
                        tokenizer,
                        w,
                        (s, part, step) -> bytes(step),
                        COMMITMENT,
                        CodebookLearning.defaults(),
                        Set.of(),
                        Key.of(0))) {
            Trainer trainer = new Trainer(w, objective, training, null, null, Map.of());
            double ms = Turns.median(Turns.of(repeats, progress, n -> trainer.step(n, optimizer)));
            double once = Floor.convolutions(w.declared(), preset.network(), ENCODER)
                    + Floor.convolutions(w.declared(), preset.network(), DECODER);
            return row("step", precision, w, ms, Floor.TRAINING * once, first, machine);
        } finally {
            w.close();
        }
    }

    private Row row(
            String part, Precision precision, Weights w, double ms, double operations, List<Row> first, Machine machine) {
        Row other = first.stream().filter(r -> r.more().get("part").equals(part)).findFirst().orElse(null);
        double all = batch * operations;
        return new Row("tokenizer", preset.name(), precision.label(), batch, ms,
                machine.computing(all, ms, w.precision()), Row.more(
                        "part", part,
                        "network", preset.network().name(),
                        "side", preset.network().side(),
                        "gflops", all / (ms * 1e6),
                        "pictures_per_second", batch * 1e3 / ms,
                        "times_" + (other == null ? precision.label() : other.precision()),
                        other == null ? 1.0 : other.ms() / ms));
    }

    /** Waves from −1 to 1, {@code [b,3,s,s]}. */
    private NDArray images(Scope scope) {
        int side = preset.network().side();
        return scope.manager()
                .arange(batch * 3 * side * side)
                .toType(DataType.FLOAT32, false)
                .div(side / 3f)
                .sin()
                .reshape(new Shape(batch, 3, side, side));
    }

    /** The same as bytes. */
    private NDArray bytes(Scope scope) {
        return images(scope).add(1f).mul(127.5f).round().toType(DataType.UINT8, false); // [b,3,s,s]
    }

    /** Decibels, of a range of 2. */
    private static double psnr(NDArray images, NDArray made) {
        return 10 * Math.log10(4 / made.sub(images).square().mean().getFloat());
    }
}
