package org.dnd4j.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.core.Tiny;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.heads.Dnd;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A console without its keyboard. */
class SessionTest {
    private static final Plugins PLUGINS = Plugins.of("0.1.0", Residual.class, Dnd.class, Llama.class, RqVae.class);

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> levels = new ArrayList<>();
    private Session session;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(folder.resolve("configs"));
        System.setProperty("dnd4j.home", folder.toString());
        session = new Session(
                () -> PLUGINS,
                levels::add,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        say("config", "runs", folder.resolve("runs").toString());
    }

    @AfterEach
    void close() {
        session.close();
        System.clearProperty("dnd4j.home");
    }

    private String say(String... words) {
        out.reset();
        err.reset();
        session.begin();
        session.call(session.out(), List.of(words));
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complaint(String... words) {
        say(words);
        return err.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void aSettingIsChangedForTheNextVerbAndInTheFile() throws IOException {
        String said = say("config", "log", "debug");
        assertTrue(said.startsWith("log is now debug in " + folder), said);
        assertTrue(said.strip().endsWith("counts at once"), said);
        assertEquals(List.of("debug"), levels);
        assertTrue(Files.readString(folder.resolve("configs/org.dnd4j.core.cfg")).contains("log=debug"));
        assertTrue(say("config", "--json", "threads", "--threads", "3").contains("\"source\" : \"option\""));
        assertTrue(say("config").lines().anyMatch(l -> l.matches("patience +600 +default .*")), say("config"));
        assertEquals(0, session.code());
        assertEquals("dnd4j: unknown key 'thread': one of threads, runs, device, log, patience", complaint("config", "thread"));
        assertEquals("dnd4j: patience is 'long': must be a whole number", complaint("config", "patience", "long"));
        assertEquals(1, session.code());
    }

    @Test
    void longWorkIsAJobAndTwoDoNotWriteTheSameRun() throws IOException {
        String config = Files.writeString(folder.resolve("tiny.json"), Tiny.EXPERIMENT).toString();
        assertEquals("job 1: run " + config + " --set tokenizer.training.steps=1000000",
                say("run", config, "--set", "tokenizer.training.steps=1000000").strip());
        while (!say("jobs", "--json").contains("\"stage\" : \"tokenizer\"")) { // until it writes
            Thread.onSpinWait();
        }
        String second = complaint("run", config, "--set", "tokenizer.training.steps=1000000", "--wait");
        assertTrue(second.contains("is in use by another run"), second);
        assertEquals(1, session.code());
        assertTrue(say("stop", "1").startsWith("job 1 stopped: stopped after step "), out.toString());
        assertEquals("", complaint("jobs", "1"));
        assertTrue(complaint("stop", "1").startsWith("dnd4j: job 1 has ended: stopped after step"), err.toString());
    }

    @Test
    void theFirstLineThatFailsGivesTheCode() {
        say("jobs");
        assertEquals(0, session.code());
        complaint("jobs", "x");
        say("sample", "nosuch");
        session.finish();
        assertEquals(2, session.code());
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("job 1 failed after 0:00: sample nosuch: there is no run"));
    }

    @Test
    void wordsAreCompleted() throws IOException {
        assertEquals(List.of("run", "runs"), session.completions(List.of("run")));
        assertEquals(List.of("dnd4j:plugins"), session.completions(List.of("dnd4j:pl")));
        assertTrue(session.completions(List.of("")).containsAll(List.of("jobs", "help", "exit")));
        assertEquals(List.of("--temperature"), session.completions(List.of("sample", "x", "--te")));
        assertEquals(List.of("bfloat16"), session.completions(List.of("sample", "--precision", "b")));
        assertEquals(List.of("patience"), session.completions(List.of("config", "pa")));
        assertEquals(List.of("warn"), session.completions(List.of("config", "log", "w")));
        Files.createDirectories(folder.resolve("runs/first"));
        Files.writeString(folder.resolve("runs/first/experiment.json"), "{}");
        assertEquals(List.of("first"), session.completions(List.of("sample", "-n", "3", "f")));
        String half = folder + "/con";
        assertEquals(List.of(half + "figs/"), session.completions(List.of("run", half)));
        assertEquals(List.of(), session.completions(List.of("nosuch", "")));
    }

    @Test
    void jobsAreAConsoles() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        assertEquals(1, Console.run(Verbs.all(() -> PLUGINS), to, to, "jobs"));
        assertEquals("dnd4j: there is no console here, so there are no jobs: 'dnd4j' without a verb opens one",
                said.toString(StandardCharsets.UTF_8).strip());
    }
}
