package org.dnd4j.core.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What stands before every verb, and what each of them takes. */
@Command(
        name = "dnd4j",
        versionProvider = Dnd4j.Version.class,
        synopsisHeading = "Usage: ",
        customSynopsis = {"dnd4j VERB [OPTION]… [ARGUMENT]…", "       dnd4j                                  opens a console"},
        header = {
            "Two-dimensional autoregression for images: each picture becomes positions × depths of codes,",
            "which a transformer with several heads predicts. Every part of that is a plugin.",
            ""
        },
        descriptionHeading = "%n",
        description = {
            "A first trip, from nothing to pictures:",
            "  dnd4j run configs/glyphs.json    trains a tokenizer and a transformer, and samples pictures",
            "  dnd4j plugins                    what an experiment can name",
            "  dnd4j VERB --help                what a verb takes",
            ""
        },
        optionListHeading = "%nOptions of every verb:%n",
        commandListHeading = "%nVerbs:%n",
        footerHeading = "%n",
        footer = {
            "Without a verb, a console opens. Every verb runs there, long ones in the background; 'jobs' lists",
            "them. Tab completes; 'exit' or Ctrl-D leaves, and stops what runs. Lines may come through a pipe:",
            "  printf 'plugins\\nruns\\n' | dnd4j",
            "runs each, waits for the jobs at the end, and exits as the first line that failed would have.",
            "",
            "Answers go to standard output, all else to standard error. A folder 'plugins' beside dnd4j.jar",
            "takes plugin jars. Ctrl-C ends long work cleanly; the same command takes it up again.",
            "'config' shows and changes what configs/org.dnd4j.core.cfg, beside the program or here, may hold.",
            "Exit codes: 0 done, 1 failed (one line says what and what to do), 2 wrong usage, 130 stopped."
        })
final class Dnd4j {
    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print the answer as JSON: one value on standard output.")
    boolean json;

    @Option(
            names = "--wait",
            scope = ScopeType.INHERIT,
            description = "In a console: do long work in the foreground.")
    boolean wait;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print stack traces of errors.")
    boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Print this help.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Print the versions.")
    boolean version;

    /** Ours and Java's. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"dnd4j " + org.dnd4j.core.run.Version.OURS + ", Java " + System.getProperty("java.version")};
        }
    }
}
