package org.dnd4j.core.cli;

import static java.util.Objects.requireNonNullElse;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.bench.Bench;
import org.dnd4j.core.bench.Draws;
import org.dnd4j.core.bench.Preset;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.guard.Worker;
import org.dnd4j.torch.Torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bench",
        description = {
            "Measures how fast this machine reads memory and multiplies, and how much of that the work makes use of.",
            "WORK is one of:",
            "  decode     a position of cached decoding, assembled from plugins and by one hand-written program",
            "  train      a step of a transformer's training",
            "  tokenizer  encoding, decoding and a training step of a tokenizer's network",
            "  quantize   the search for the codes of vectors, greedy and by beams of 4 and 16",
            "  swap       a plugin's jar installed, used and removed while the program runs",
            "  codes      pictures drawn at random from a code file, as training draws them",
            "Weights are random. Milliseconds are medians; 'share' is how much of the memory's speed (decode) or of the rate of"
                    + " large matrix products (train, tokenizer, quantize) the work cannot do without in that time; 'seam' is"
                    + " what plugins cost.",
            "Use it on a quiet machine."
        })
final class BenchVerb implements Verb {
    private static final List<String> MODELS = List.of("decode", "train", "tokenizer", "quantize");

    @Parameters(paramLabel = "WORK", description = "decode, train, tokenizer, quantize, swap or codes.")
    String work;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            split = ",",
            description = "toy, b, l, xl, xxl, the tokenizer that goes with it, its codes (default: b, for decode toy,b).")
    List<String> presets;

    @Option(
            names = "--precision",
            paramLabel = "PRECISION",
            split = ",",
            description = "float32, bfloat16, for decode also int8 and int4 (default: each in turn).")
    List<String> precisions;

    @Option(
            names = "--batch",
            paramLabel = "N",
            split = ",",
            description = "Pictures at once (default: 1, for train 8), for quantize vectors (default: 256).")
    List<Integer> batches;

    @Option(
            names = "--heads",
            paramLabel = "D",
            split = ",",
            description = "decode, train, quantize: codes a position, and so heads (default: 2).")
    List<Integer> heads;

    @Option(
            names = "--guidance",
            paramLabel = "X",
            description = "decode: above 1 a picture takes two rows (default: 2).")
    Double guidance;

    @Option(
            names = "--linear",
            description = "decode: also measure torch.linear in float32, and how many times as fast each precision is.")
    boolean linear;

    @Option(names = "--positions", paramLabel = "N", description = "decode: positions in one turn (default: 8).")
    Integer positions;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "All but codes: turns (default: 30 for decode, 5 for others).")
    Integer repeats;

    @Option(names = "--file", paramLabel = "FILE", description = "codes: of this file (default: random ones, written first).")
    Path file;

    @Option(names = "--images", paramLabel = "N", description = "codes: random ones of so many (default: 1000000).")
    Integer images;

    @Option(names = "--variants", paramLabel = "N", description = "codes: views of each random one (default: 1).")
    Integer variants;

    @Option(names = "--draws", paramLabel = "N", description = "codes: pictures drawn in a turn (default: 200000).")
    Integer draws;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    BenchVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        Bench.known(work);
        refuseVain();
        if (work.equals(Bench.CODES)) {
            return codes(progress);
        }
        boolean decodes = work.equals("decode");
        Bench.Order order = new Bench.Order(
                work,
                requireNonNullElse(presets, decodes ? List.of("toy", "b") : List.of("b")).stream()
                        .map(Preset::of)
                        .toList(),
                requireNonNullElse(
                                precisions,
                                decodes
                                        ? List.of("float32", "bfloat16", "int8", "int4")
                                        : List.of("float32", "bfloat16"))
                        .stream()
                        .map(Place::precision)
                        .toList(),
                requireNonNullElse(batches, List.of(work.equals("train") ? 8 : work.equals("quantize") ? 256 : 1)),
                requireNonNullElse(heads, List.of(2)),
                requireNonNullElse(guidance, 2.0),
                linear,
                requireNonNullElse(positions, 8),
                requireNonNullElse(repeats, decodes ? 30 : 5));
        return Worker.patiently("bench", place.operations().patience(), () -> {
            if (work.equals("swap")) { // holds what it measures for itself
                try (Torch torch = place.operations().open()) {
                    return Bench.run(order, plugins.get(), torch, progress);
                }
            }
            try (Plugins.Held held = plugins.get().hold("bench");
                    Torch torch = place.operations().open()) {
                return Bench.run(order, held, torch, progress);
            }
        });
    }

    private Map<String, Object> codes(Progress progress) {
        int n = requireNonNullElse(images, 1_000_000);
        int views = requireNonNullElse(variants, 1);
        int drawn = requireNonNullElse(draws, 200_000);
        if (n < 1 || views < 1 || drawn < 1) {
            throw new Misuse(
                    "--images " + n + " --variants " + views + " --draws " + drawn + ": each must be at least 1");
        }
        return (file == null ? Draws.measure(n, views, drawn, progress) : Draws.measure(file, drawn, progress)).fields();
    }

    /** What is given and means nothing for this work. */
    private void refuseVain() {
        Map<String, List<String>> given = new LinkedHashMap<>();
        given(given, "--preset", presets, MODELS);
        given(given, "--precision", precisions, List.of("decode", "train", "tokenizer"));
        given(given, "--batch", batches, MODELS);
        given(given, "--heads", heads, List.of("decode", "train", "quantize"));
        given(given, "--guidance", guidance, List.of("decode"));
        given(given, "--linear", linear ? true : null, List.of("decode"));
        given(given, "--positions", positions, List.of("decode"));
        given(given, "--repeats", repeats, List.of("decode", "train", "tokenizer", "quantize", "swap"));
        given(given, "--file", file, List.of(Bench.CODES));
        given(given, "--images", images, file == null ? List.of(Bench.CODES) : List.of());
        given(given, "--variants", variants, file == null ? List.of(Bench.CODES) : List.of());
        given(given, "--draws", draws, List.of(Bench.CODES));
        List<String> vain = given.keySet().stream().filter(o -> !given.get(o).contains(work)).toList();
        if (!vain.isEmpty()) {
            throw new Misuse(String.join(", ", vain) + ": means nothing for bench " + work + (file == null ? "" : " of a file"));
        }
    }

    private static void given(Map<String, List<String>> given, String option, Object value, List<String> works) {
        if (value != null) {
            given.put(option, works);
        }
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
