package org.dnd4j.core.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.bench.Bench;
import org.dnd4j.core.bench.Draws;
import org.dnd4j.core.bench.Preset;
import org.dnd4j.core.experiment.ExperimentReader;
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
            "Measures how fast this machine reads memory and multiplies, and what plugins cost.",
            "WORK is decode: a position of cached decoding, assembled from plugins against one hand-written program;",
            "or codes: pictures drawn at random from a code file, as training draws them.",
            "Milliseconds are medians; 'share' is how much of the memory's speed they use, 'seam' what plugins cost.",
            "Use it on a quiet machine."
        })
final class BenchVerb implements Verb {
    @Parameters(paramLabel = "WORK", description = "decode or codes.")
    String work;

    @Option(names = "--preset", paramLabel = "NAME", split = ",", description = "toy, b or both (default).")
    List<String> presets = Preset.NAMED.stream().map(Preset::name).toList();

    @Option(
            names = "--precision",
            paramLabel = "PRECISION",
            split = ",",
            description = "float32, bfloat16, int8 (default: each in turn).")
    List<String> precisions = List.of("float32", "bfloat16", "int8");

    @Option(names = "--positions", paramLabel = "N", description = "Positions decoded in one turn (default: 8).")
    int positions = 8;

    @Option(names = "--repeats", paramLabel = "N", description = "Turns that each side has (default: 30).")
    int repeats = 30;

    @Option(names = "--file", paramLabel = "FILE", description = "codes: of this file (default: random ones, written first).")
    Path file;

    @Option(names = "--images", paramLabel = "N", description = "codes: random ones of so many (default: 1000000).")
    int images = 1_000_000;

    @Option(names = "--variants", paramLabel = "N", description = "codes: views of each random one (default: 1).")
    int variants = 1;

    @Option(names = "--draws", paramLabel = "N", description = "codes: pictures drawn in a turn (default: 200000).")
    int draws = 200_000;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    BenchVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Map<String, Object> run(Progress progress) {
        if (work.equals(Bench.CODES)) {
            if (images < 1 || variants < 1 || draws < 1) {
                throw new Misuse("--images " + images + " --variants " + variants + " --draws " + draws
                        + ": each must be at least 1");
            }
            return (file == null ? Draws.measure(images, variants, draws, progress) : Draws.measure(file, draws, progress))
                    .fields();
        }
        Bench.Order order = new Bench.Order(
                work,
                presets.stream().map(Preset::of).toList(),
                precisions.stream().map(Place::precision).toList(),
                positions,
                repeats);
        return Worker.patiently("bench", place.operations().patience(), () -> {
            try (Plugins.Held held = plugins.get().hold("bench");
                    Torch torch = place.operations().open()) {
                return Bench.run(order, new ExperimentReader(held), torch, progress).fields();
            }
        });
    }

    @Override
    public boolean isLong() {
        return true;
    }
}
