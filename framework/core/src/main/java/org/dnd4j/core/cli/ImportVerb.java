package org.dnd4j.core.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.core.published.Family;
import org.dnd4j.core.published.Import;
import org.dnd4j.spi.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Published files → a run like any other.",
            "show, sample, reconstruct, encode and eval work on it, and --from trains it further. Files of",
            "torch.save and safetensors are read as data; no code in them is ever run. What they do not say",
            "is as published; the answer says where all was read.",
            "  dnd4j import dnd --name NAME --transformer FILE.pt --tokenizer FILE.pt \\",
            "    --tokenizer-config config.yaml",
            "  dnd4j import llamagen --name NAME --transformer FILE.pt --tokenizer FILE.pt",
            "  dnd4j import rqvae --name NAME --tokenizer FILE.pt --tokenizer-config config.yaml",
            "  dnd4j import safetensors FILE… --name NAME       what 'export' wrote, or published names",
            "  dnd4j import codes FOLDER --tokenizer-of RUN --config CONFIG --name NAME   for 'train'"
        })
final class ImportVerb implements Verb {
    private static final String CODES = "codes";
    static final List<String> KINDS = List.of("dnd", "llamagen", "rqvae", "safetensors", CODES);

    @Parameters(index = "0", paramLabel = "KIND", description = "dnd, llamagen, rqvae, safetensors or codes.")
    String kind;

    @Parameters(
            index = "1..*",
            paramLabel = "FILE",
            description = "Of safetensors: the files, in any order. Of codes: folders of extracted ones, files 0.npy, 1.npy,"
                    + " …; several hold more views of the same images.")
    List<Path> files = List.of();

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "The name of the run to be made.")
    String name;

    @Option(names = "--transformer", paramLabel = "FILE", description = "The transformer's checkpoint.")
    Path transformer;

    @Option(names = "--tokenizer", paramLabel = "FILE", description = "The tokenizer's checkpoint.")
    Path tokenizer;

    @Option(names = "--tokenizer-config", paramLabel = "FILE", description = "The config.yaml beside the tokenizer.")
    Path config;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "Names of the classes, one a line, in the order of their numbers (default: ImageNet's for 1000).")
    Path labels;

    @Option(
            names = "--weights",
            paramLabel = "raw|ema",
            description = "The weights as trained, which the published samplers use, or their moving average (default: raw).")
    String weights = "raw";

    @Option(
            names = "--skip",
            paramLabel = "KEY",
            description = "Read a file that holds, under this key of its outermost dictionary, more than data, a trainer's"
                    + " settings for example: what is of an unknown class there is left out, never made. May be repeated.")
    List<String> skip = List.of();

    @Option(
            names = "--precision",
            paramLabel = "PRECISION",
            description = "What the transformer is kept in: float32, bfloat16, int8 or int4 (default: bfloat16 where float32 would"
                    + " take more than 1 GB). Only float32 and bfloat16 can be trained further. A tokenizer stays float32.")
    String precision;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "The published size, B to 7B (default: what the shapes show).")
    String preset;

    @Option(
            names = "--heads",
            paramLabel = "LAYERS",
            split = ",",
            description = "The layers that heads stand after, counted from 0, as in 39,47 (default: what the file or the"
                    + " released models say).")
    List<Integer> heads;

    @Option(names = "--grid", paramLabel = "N", description = "Side of the grid of codes (default: as trained).")
    Integer grid;

    @Option(names = "--side", paramLabel = "PIXELS", description = "Side of the pictures (default: as trained).")
    Integer side;

    @Option(
            names = "--allow-missing",
            description = "Start weights that are not in the files as an untrained model would, and say which.")
    boolean allowMissing;

    @Option(
            names = "--ignore",
            paramLabel = "PREFIX",
            description = "Leave out tensors whose names begin so. May be repeated.")
    List<String> ignore = List.of();

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Change one field of the run's experiment, as in --set data.folder.path=photos. May be repeated.")
    List<String> settings = List.of();

    @Mixin
    CodesOptions codes;

    @Mixin
    Place place;

    private final Supplier<? extends Plugins> plugins;

    ImportVerb(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public Object run(Progress progress) {
        if (!KINDS.contains(kind)) {
            throw new Misuse("import " + kind + ": is no kind of model" + Nearest.among(kind, KINDS));
        }
        if (kind.equals(CODES)) {
            if (transformer != null || tokenizer != null || files.isEmpty()) {
                throw new Misuse("import codes: name the folders alone");
            }
            meaningless("codes", "--tokenizer-config", "--weights", "--skip", "--precision", "--preset", "--heads",
                    "--grid or --side", "--allow-missing", "--ignore");
            return Map.of(CODES, place.runs(plugins).importCodes(codes.asked(files, name, labels, settings), progress));
        }
        codes.absent(kind);
        if (!weights.equals("raw") && !weights.equals("ema")) {
            throw new Misuse("--weights " + weights + ": must be raw or ema");
        }
        if (precision != null) {
            Place.precision(precision);
        }
        boolean loose = kind.equals("safetensors");
        if (!files.isEmpty() && !loose) {
            throw new Misuse("import " + kind + " " + files.get(0) + ": say what it is, with --transformer or --tokenizer");
        }
        if (loose ? transformer != null || tokenizer != null : transformer == null && tokenizer == null) {
            String how = loose ? "the files alone" : "the files, with --transformer and --tokenizer";
            throw new Misuse("import " + kind + ": name " + how);
        }
        if (kind.equals("rqvae") && transformer != null) {
            throw new UserError("import rqvae: RQ-VAE's own transformers are not read yet: leave --transformer out");
        }
        if (kind.equals("llamagen")) {
            meaningless("llamagen, whose tokenizer is in its file whole", "--tokenizer-config");
        }
        if (!loose && transformer == null) {
            meaningless("a tokenizer alone", "--labels", "--precision", "--preset", "--heads");
        }
        return place.runs(plugins).imported(
                new Import(
                        loose ? null : Family.of(kind), files, transformer, tokenizer, config, labels, name, precision,
                        weights.equals("ema"), skip, preset, heads, grid, side, allowMissing, ignore, settings),
                progress);
    }

    /** Makes sure that nothing was said that means nothing where {@code what} is imported. */
    private void meaningless(String what, String... options) {
        Map<String, Boolean> said = Map.of(
                "--tokenizer-config", config != null,
                "--labels", labels != null,
                "--weights", !weights.equals("raw"),
                "--skip", !skip.isEmpty(),
                "--precision", precision != null,
                "--preset", preset != null,
                "--heads", heads != null,
                "--allow-missing", allowMissing,
                "--ignore", !ignore.isEmpty(),
                "--grid or --side", grid != null || side != null);
        List<String> vain = Stream.of(options).filter(said::get).toList();
        if (!vain.isEmpty()) {
            throw new Misuse(String.join(", ", vain) + ": means nothing for " + what);
        }
    }

    @Override
    public boolean isLong() {
        return true;
    }

    @Override
    public String gist(Object answer) {
        return "run " + name;
    }
}
