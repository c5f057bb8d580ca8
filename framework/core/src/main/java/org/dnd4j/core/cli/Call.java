package org.dnd4j.core.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Why;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Words, understood: a verb with its options, or what is to be said at once (a help text, a complaint). */
final class Call {
    private final Dnd4j root;
    private final Verb verb;
    private final Answer settled;

    private Call(Dnd4j root, Verb verb, Answer settled) {
        this.root = root;
        this.verb = verb;
        this.settled = settled;
    }

    /** The verbs, as picocli knows them. */
    static CommandLine line(Dnd4j root, List<Verb> verbs) {
        CommandLine line = new CommandLine(root);
        verbs.forEach(line::addSubcommand);
        return line.setUsageHelpAutoWidth(false).setUsageHelpWidth(100);
    }

    /** Understands words as a call of one of {@code verbs}; {@code help VERB} is {@code VERB --help}. */
    static Call of(List<Verb> verbs, String... words) {
        Dnd4j root = new Dnd4j();
        CommandLine line = line(root, verbs);
        try {
            ParseResult parsed = line.parseArgs(helped(words));
            while (parsed.hasSubcommand() && !parsed.isUsageHelpRequested()) {
                parsed = parsed.subcommand();
            }
            CommandLine spoken = parsed.commandSpec().commandLine();
            StringWriter text = new StringWriter();
            if (parsed.isUsageHelpRequested()) {
                spoken.usage(new PrintWriter(text));
                return settled(root, new Answer(Console.DONE, text.toString(), "", ""));
            } else if (parsed.isVersionHelpRequested()) {
                spoken.printVersionHelp(new PrintWriter(text), spoken.getColorScheme().ansi());
                return settled(root, new Answer(Console.DONE, text.toString(), "", ""));
            } else if (!(parsed.commandSpec().userObject() instanceof Verb verb)) {
                line.usage(new PrintWriter(text));
                return settled(root, new Answer(Console.USAGE, "", text.toString(), ""));
            } else {
                return new Call(root, verb, null);
            }
        } catch (ParameterException e) {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            return settled(root, Answer.complaint(Console.USAGE, complaint(e) + " (see " + name + " --help)"));
        }
    }

    private static Call settled(Dnd4j root, Answer answer) {
        return new Call(root, null, answer);
    }

    private static String[] helped(String... words) {
        return words.length > 0 && words[0].equals("help")
                ? Stream.concat(Stream.of(words).skip(1), Stream.of("--help")).toArray(String[]::new)
                : words;
    }

    /** What can be said without doing anything; null if there is something to do. */
    Answer settled() {
        return settled;
    }

    /** Whether a console has it done in the background. */
    boolean isLong() {
        return verb != null && verb.isLong();
    }

    /** Whether someone wants to see it done even so. */
    boolean isWaitedFor() {
        return root.wait;
    }

    /** A text for people, or what it says as JSON, whichever was asked for. */
    String shown(String text, Object answer) {
        return root.json ? Json.write(answer) : text;
    }

    private String shown(Object answer) {
        return root.json ? Json.write(answer) : verb.text(answer);
    }

    /** Does the verb's work. Whatever is thrown becomes an answer. */
    Answer answer(Progress progress) {
        if (settled != null) {
            return settled;
        }
        try {
            Object answer = verb.run(progress);
            return answer instanceof Answer ready
                    ? ready
                    : new Answer(verb.code(answer), shown(answer) + System.lineSeparator(), "", verb.gist(answer));
        } catch (Stopped e) {
            return Answer.complaint(Console.STOPPED, e.getMessage());
        } catch (Misuse e) {
            return Answer.complaint(Console.USAGE, e.getMessage());
        } catch (UserError e) {
            Answer answer = Answer.complaint(Console.FAILED, e.getMessage());
            return root.debug ? new Answer(answer.code(), "", stack(e) + answer.err(), answer.gist()) : answer;
        } catch (InvalidPathException e) {
            return Answer.complaint(Console.FAILED, "'" + e.getInput() + "' cannot be the name of a file: " + e.getReason());
        } catch (Throwable e) {
            String what = "unexpected " + e.getClass().getSimpleName() + ": " + Why.line(e);
            Answer answer = Answer.complaint(Console.FAILED, what + " (" + trace(e, root.debug) + ")");
            return root.debug ? new Answer(answer.code(), "", stack(e) + answer.err(), answer.gist()) : answer;
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
            return "one argument too many: " + String.join(" ", unmatched.getUnmatched());
        }
        return Why.line(e);
    }

    /** Keeps the stack trace where it is not shown, and says where it is. */
    private static String trace(Throwable e, boolean shown) {
        if (shown) {
            return "the stack trace is above";
        }
        try {
            Path log = Files.createTempFile("dnd4j-", ".log");
            Files.writeString(log, stack(e));
            return "the stack trace is in " + log;
        } catch (IOException unwritable) {
            return "--debug shows the stack trace";
        }
    }

    private static String stack(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
