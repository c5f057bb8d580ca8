package org.dnd4j.core.shell;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.threadio.ThreadIO;
import org.dnd4j.core.Why;
import org.dnd4j.core.cli.Console;
import org.dnd4j.core.cli.Session;
import org.dnd4j.core.cli.Words;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;

/**
 * Runs lines. One that begins with a verb is read by a shell's rules for quotes, so that numbers, paths and JSON reach the
 * verb as they were typed; any other is Gogo's, with its variables, closures and the commands of other bundles.
 */
final class Gogo implements AutoCloseable {
    /** Under which verbs are registered. */
    static final String SCOPE = "dnd4j";

    private final Session session;
    private final CommandSession gogo;
    private final List<String> verbs;

    Gogo(CommandProcessor processor, Session session) {
        this.session = session;
        verbs = session.verbs();
        gogo = processor.createSession(new ByteArrayInputStream(new byte[0]), session.out(), session.err());
        gogo.put("SCOPE", SCOPE + ":gogo:*");
    }

    /** The commands to register: names and what they do. */
    static Map<String, Object> commands(Session session, ThreadIO streams) {
        return session.verbs().stream()
                .collect(Collectors.toMap(Function.identity(), v -> new VerbFunction(v, session, streams)));
    }

    /** Runs a line; false if it asks to leave. */
    boolean run(String line) {
        session.begin();
        try {
            List<Words.Word> words = Words.of(line);
            if (words.isEmpty()) {
                return true;
            }
            String first = words.get(0).text().replaceFirst("^" + SCOPE + ":", "");
            if (words.size() == 1 && (first.equals("exit") || first.equals("quit"))) {
                return false;
            } else if (first.equals("help") || first.startsWith("-")) {
                session.call(session.out(), words.stream().map(Words.Word::text).toList());
            } else {
                execute(verbs.contains(first) ? quoted(words) : line);
            }
        } catch (UserError e) {
            session.complain(Console.USAGE, e.getMessage());
        }
        return true;
    }

    /** The first word of each command stays bare, and so do operators; all else is quoted. */
    private static String quoted(List<Words.Word> words) {
        StringBuilder line = new StringBuilder();
        boolean first = true;
        for (Words.Word word : words) {
            line.append(first || word.operator() ? word.text() : Words.quote(word.text())).append(' ');
            first = word.operator();
        }
        return line.toString();
    }

    private void execute(String line) {
        try {
            Object result = gogo.execute(line);
            if (result != null) {
                session.out().println(gogo.format(result, Converter.INSPECT));
                session.out().flush();
            }
        } catch (Exception e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            String what = Why.line(cause);
            if (what.startsWith("Command not found: ")) {
                String word = what.substring("Command not found: ".length());
                session.complain(Console.USAGE, "unknown verb '" + word + "'" + Nearest.among(word, verbs));
            } else {
                session.complain(Console.FAILED, what.isEmpty() ? cause.getClass().getSimpleName() : what);
            }
        }
    }

    @Override
    public void close() {
        gogo.close();
    }
}
