package org.dnd4j.core.cli;

import java.nio.file.Path;
import java.util.List;
import org.dnd4j.core.run.CodesAsked;
import picocli.CommandLine.Option;

/** What {@code import codes} has to be told. */
final class CodesOptions {
    @Option(
            names = "--config",
            paramLabel = "CONFIG",
            description = "codes: the experiment that learns them; its pictures are not used (default: that of"
                    + " --tokenizer-of).")
    String config;

    @Option(
            names = "--tokenizer-of",
            paramLabel = "RUN",
            description = "codes: the run whose tokenizer made them; without one they can be learnt, but not become"
                    + " pictures.")
    String tokenizerOf;

    @Option(
            names = "--classes",
            paramLabel = "N",
            description = "codes: how many classes there are (default: as many as --labels names, or 1000; 1 where images"
                    + " have no labels).")
    Integer classes;

    @Option(
            names = "--held-out",
            paramLabel = "SHARE",
            description = "codes: the share of images that is held out for validation, drawn one by one (default: 0).")
    Double heldOut;

    /** The folders, and all that was said about them. */
    CodesAsked asked(List<Path> folders, String name, Path labels, List<String> settings) {
        if (config == null && tokenizerOf == null) {
            throw new Misuse("import codes: say what learns them, with --config or --tokenizer-of");
        }
        if (classes != null && (classes < 1 || labels != null)) {
            throw new Misuse("--classes " + classes + ": must be at least 1, and is said by --labels where there is one");
        }
        return new CodesAsked(
                folders, name, config, tokenizerOf, settings, labels, classes, heldOut == null ? 0 : heldOut);
    }

    /** Makes sure that nothing was said where something else is imported. */
    void absent(String kind) {
        if (config != null || tokenizerOf != null || classes != null || heldOut != null) {
            throw new Misuse("import " + kind + ": --config, --tokenizer-of, --classes and --held-out go with import codes");
        }
    }
}
