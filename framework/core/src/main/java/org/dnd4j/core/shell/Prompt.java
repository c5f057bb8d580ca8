package org.dnd4j.core.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.core.cli.Session;
import org.dnd4j.core.run.Version;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Reads lines from a keyboard, with completion and a history that outlives the console. */
final class Prompt {
    private static final String ASK = "dnd4j> ";

    private final Session session;
    private final Gogo gogo;

    Prompt(Session session, Gogo gogo) {
        this.session = session;
        this.gogo = gogo;
    }

    void run() throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().name("dnd4j").system(true).build()) {
            terminal.handle(Terminal.Signal.INT, signal -> session.leave());
            LineReader reader = reader(terminal);
            session.out().println("dnd4j " + Version.OURS
                    + ": 'help' lists the verbs, Tab completes, long work goes to the background, 'exit' or Ctrl-D leaves");
            session.out().flush();
            while (true) {
                session.news().forEach(session.out()::println);
                session.out().flush();
                try {
                    if (!gogo.run(reader.readLine(ASK))) {
                        return;
                    }
                } catch (UserInterruptException e) {
                    continue; // Ctrl-C clears the line, and is no reason to end anything
                } catch (EndOfFileException e) {
                    return;
                }
            }
        }
    }

    private LineReader reader(Terminal terminal) {
        DefaultParser parser = new DefaultParser();
        parser.setEofOnUnclosedQuote(true);
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("dnd4j")
                .parser(parser)
                .completer((r, line, candidates) -> complete(line, candidates))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_DUPS, true)
                .variable(LineReader.HISTORY_SIZE, 500)
                .variable(LineReader.HISTORY_FILE_SIZE, 1000)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "> ")
                .build();
        Path history = history();
        if (history != null) {
            reader.setVariable(LineReader.HISTORY_FILE, history);
        }
        return reader;
    }

    /** Where the history lies; null where nothing can be written. */
    private static Path history() {
        Path home = Path.of(System.getProperty("user.home", ""));
        Path file = home.resolve(".dnd4j_history");
        boolean writable = Files.exists(file) ? Files.isWritable(file) : Files.isWritable(home);
        return writable ? file : null;
    }

    private void complete(ParsedLine line, List<Candidate> candidates) {
        List<String> words = line.words().subList(0, line.wordIndex());
        List<String> all = new ArrayList<>(words);
        all.add(line.word().substring(0, line.wordCursor()));
        for (String offer : session.completions(all)) {
            candidates.add(new Candidate(offer, offer, null, null, null, null, !offer.endsWith("/") && !offer.endsWith(":")));
        }
    }
}
