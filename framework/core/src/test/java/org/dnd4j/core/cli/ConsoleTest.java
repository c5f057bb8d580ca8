package org.dnd4j.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class ConsoleTest {
    record Row(String name, double value, List<Integer> sizes) {}

    record Answer(int count, Map<String, Object> inner, List<Row> rows) {}

    record Said(int code, String out, String err) {}

    /** Does what its argument says. */
    @Command(name = "act", description = "Acts.")
    static final class Act implements Verb {
        @Parameters(paramLabel = "HOW")
        String how;

        @Option(names = "--times", description = "How often.")
        int times = 1;

        @Override
        public Object run(Progress progress) throws Exception {
            progress.stage("acting", times, "turn");
            progress.at(times, "fine");
            return switch (how) {
                case "rows" -> List.of(new Row("a", 1.23456789, List.of(1, 2)), new Row("long", Double.NaN, List.of()));
                case "record" -> new Answer(times, Map.of("x", 1), List.of(new Row("a", 2, List.of())));
                case "many" -> Map.of("files", Collections.nCopies(256, "a.png"));
                case "user" -> throw new UserError("no such run 'x': there are none");
                case "stop" -> throw new Stopped("stopped at step 5 of 10; the same command goes on");
                case "misuse" -> throw new Misuse("--times 0: must be at least 1");
                case "path" -> Path.of("a\0.json");
                case "bug" -> throw new IllegalStateException("deep\ntrouble");
                default -> "said " + how;
            };
        }

        @Override
        public int code(Object answer) {
            return answer.equals("said fail") ? 1 : 0;
        }
    }

    private static Said say(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Console.run(
                List.of(new Act(), new PluginsVerb(() -> Plugins.of("1.0.0"))),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatCannotBeAFileIsOneLine() {
        Said said = say("act", "path");
        assertEquals(1, said.code);
        assertEquals("dnd4j: 'a\0.json' cannot be the name of a file: Nul character not allowed", said.err.lines()
                .filter(l -> l.startsWith("dnd4j: "))
                .findFirst()
                .orElse(said.err));
    }

    @Test
    void answersGoToStandardOutputAndProgressDoesNot() {
        Said said = say("act", "hello", "--times", "3");
        assertEquals(0, said.code);
        assertEquals("said hello", said.out.strip());
        assertTrue(said.err.contains("acting: 3 turns"), said.err);
    }

    @Test
    void recordsAreTablesForPeople() {
        assertEquals(
                List.of("NAME  VALUE   SIZES", "a     1.2346  1 2", "long  -"),
                say("act", "rows").out.lines().toList());
        assertEquals(
                List.of("count  7", "inner", "  x  1", "rows", "  NAME  VALUE  SIZES", "  a     2"),
                say("act", "record", "--times=7").out.lines().toList());
        assertEquals("none", say("plugins").out.strip());
    }

    @Test
    void longListsAreCutForPeopleOnly() {
        assertEquals("files  a.png a.png a.png … 256 in all", say("act", "many").out.strip());
        assertEquals(256, say("act", "many", "--json").out.split("a.png", -1).length - 1);
    }

    @Test
    void jsonIsOneValue() {
        assertEquals("[ ]", say("plugins", "--json").out.strip());
        assertEquals(
                "[{\"name\":\"a\",\"value\":1.23456789,\"sizes\":[1,2]},{\"name\":\"long\",\"value\":null,\"sizes\":[]}]",
                say("act", "rows", "--json").out.replaceAll("\\s", ""));
    }

    @Test
    void exitCodesTellWhatHappened() {
        assertEquals(new Said(1, "", "acting: 1 turns\nacting 1/1 turns, fine\ndnd4j: no such run 'x': there are none\n"),
                neutral(say("act", "user")));
        assertEquals(130, say("act", "stop").code);
        assertTrue(say("act", "stop").err.contains("dnd4j: stopped at step 5 of 10"));
        assertEquals(1, say("act", "fail").code);
        assertEquals(new Said(2, "", "acting: 1 turns\nacting 1/1 turns, fine\ndnd4j: --times 0: must be at least 1\n"),
                neutral(say("act", "misuse")));
        Said bug = say("act", "bug", "--debug");
        assertEquals(1, bug.code);
        assertTrue(bug.err.contains("dnd4j: unexpected IllegalStateException: deep (the stack trace is above)"), bug.err);
        assertTrue(bug.err.contains("at org.dnd4j.core.cli.ConsoleTest"), bug.err);
    }

    @Test
    void wrongUsageIsOneLineThatNamesTheNearest() {
        for (String[] wrong : new String[][] {
            {"plugin"}, {"act"}, {"act", "x", "--time", "3"}, {"act", "x", "--times", "many"}, {"act", "x", "y"}, {"--no"}
        }) {
            Said said = say(wrong);
            assertEquals(2, said.code, String.join(" ", wrong));
            assertEquals("", said.out);
            assertEquals(1, said.err.lines().count(), said.err);
        }
        assertTrue(say("plugin").err.contains("unknown verb 'plugin': one of plugins"));
        assertTrue(say("act", "x", "--time").err.contains("unknown option --time: one of --times"));
        assertEquals(2, say().code);
    }

    /** Of what a verb does, the list of verbs shows the first piece alone; a longer piece is wrapped, and formatted. */
    @Test
    void whatIsSaidOfAVerbIsMadeOfWholeSentences() {
        for (Verb verb : Verbs.all(() -> null)) {
            String[] said = verb.getClass().getAnnotation(Command.class).description();
            assertTrue(said[0].endsWith("."), said[0]);
            for (String piece : said) {
                assertTrue(piece.length() <= 100 || piece.endsWith("."), piece);
                String.format(piece);
            }
        }
    }

    @Test
    void helpIsAnAnswer() {
        assertEquals(0, say("--help").code);
        assertTrue(say("--help").out.contains("Lists the plugins"));
        assertTrue(say("act", "--help").out.contains("--times"));
        assertTrue(say("--version").out.startsWith("dnd4j 0.1.0"));
    }

    /** Without rates, which no two runs share. */
    private static Said neutral(Said said) {
        return new Said(
                said.code,
                said.out,
                said.err.replaceAll(", [^,]*/s, [^,]* gone", "").replace("\r", ""));
    }
}
