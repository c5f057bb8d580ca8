package org.dnd4j.core.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The door: arguments in, exit code out. Answers go to standard output and nothing else does; progress, warnings and
 * errors go to standard error.
 */
public final class Console implements ToIntFunction<String[]> {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int STOPPED = 130;

    private final Supplier<? extends Plugins> plugins;

    /** A console over the plugins of each moment. */
    public Console(Supplier<? extends Plugins> plugins) {
        this.plugins = plugins;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        PrintStream before = System.out;
        PrintStream out = new PrintStream(before, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // a library that prints must not spoil the answer
        try {
            return run(Verbs.all(plugins), out, err, arguments);
        } finally {
            out.flush();
            System.setOut(before);
        }
    }

    /** Runs one of {@code verbs}. */
    static int run(List<Verb> verbs, PrintStream out, PrintStream err, String... arguments) {
        Dnd4j root = new Dnd4j();
        CommandLine line = new CommandLine(root);
        verbs.forEach(line::addSubcommand);
        line.setUsageHelpAutoWidth(false).setUsageHelpWidth(100);
        try {
            ParseResult parsed = line.parseArgs(arguments);
            while (parsed.hasSubcommand() && !parsed.isUsageHelpRequested()) {
                parsed = parsed.subcommand();
            }
            CommandLine spoken = parsed.commandSpec().commandLine();
            if (parsed.isUsageHelpRequested()) {
                spoken.usage(out);
                return DONE;
            } else if (parsed.isVersionHelpRequested()) {
                spoken.printVersionHelp(out);
                return DONE;
            } else if (!(parsed.commandSpec().userObject() instanceof Verb verb)) {
                line.usage(err);
                return USAGE;
            } else {
                return answer(verb, root, out, err);
            }
        } catch (ParameterException e) {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            err.println("dnd4j: " + complaint(e) + " (see " + name + " --help)");
            return USAGE;
        }
    }

    /** What a verb has to say is said before the signal lets the JVM go. */
    private static int answer(Verb verb, Dnd4j root, PrintStream out, PrintStream err) {
        try (StopSignal signal = new StopSignal(err)) {
            return answer(verb, root, signal, out, err);
        }
    }

    private static int answer(Verb verb, Dnd4j root, StopSignal signal, PrintStream out, PrintStream err) {
        try (Meter meter = new Meter(err, Boolean.getBoolean("dnd4j.terminal"), signal)) {
            Object answer = verb.run(meter);
            meter.close();
            out.println(root.json ? Json.write(answer) : verb.text(answer));
            out.flush();
            return verb.code(answer);
        } catch (Stopped e) {
            err.println("dnd4j: " + e.getMessage());
            return STOPPED;
        } catch (Misuse e) {
            err.println("dnd4j: " + e.getMessage());
            return USAGE;
        } catch (UserError e) {
            if (root.debug) {
                e.printStackTrace(err);
            }
            err.println("dnd4j: " + e.getMessage());
            return FAILED;
        } catch (Throwable e) {
            err.println("dnd4j: unexpected " + e.getClass().getSimpleName() + ": " + firstLine(e.getMessage()) + " ("
                    + trace(e, root.debug, err) + ")");
            return FAILED;
        }
    }

    /** One line; an unknown verb or option names the nearest. */
    private static String complaint(ParameterException e) {
        CommandLine where = e.getCommandLine();
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().get(0);
            if (word.startsWith("-")) {
                return "unknown option " + word + Nearest.among(word, where.getCommandSpec().options().stream()
                        .map(o -> o.longestName())
                        .toList());
            } else if (!where.getSubcommands().isEmpty()) {
                return "unknown verb '" + word + "'" + Nearest.among(word, where.getSubcommands().keySet());
            }
            return "one argument too many: " + unmatched.getUnmatched().stream().collect(Collectors.joining(" "));
        }
        return firstLine(e.getMessage());
    }

    /** Shows or keeps the stack trace, and says where it is. */
    private static String trace(Throwable e, boolean debug, PrintStream err) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text, true));
        if (debug) {
            err.print(text);
            return "the stack trace is above";
        }
        try {
            Path log = Files.createTempFile("dnd4j-", ".log");
            Files.writeString(log, text.toString());
            return "the stack trace is in " + log;
        } catch (IOException unwritable) {
            return "--debug shows the stack trace";
        }
    }

    private static String firstLine(String message) {
        return String.valueOf(message).lines().findFirst().orElse("");
    }
}
