package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The console through a pipe, in a process of its own. */
class ConsoleIT {
    private static final String ENDLESS = "run tiny.json --name endless --set tokenizer.training.steps=1000000";

    @TempDir
    Path folder;

    private Child.Ended piped(String... lines) throws Exception {
        Child child = Child.open(folder);
        child.type(lines);
        child.close();
        return child.ended();
    }

    @Test
    void eachLineIsRunAndAnswersAreAloneOnStandardOutput() throws Exception {
        Child.Ended ended = piped("# a comment", "", "plugins --json", "dnd4j:runs", "exit");
        assertEquals(0, ended.code(), ended.err());
        assertEquals("", ended.err());
        assertTrue(ended.out().startsWith("[ {") && ended.out().contains("residual"), ended.out());
        assertEquals("none", ended.out().substring(ended.out().lastIndexOf(']') + 1).strip());
    }

    @Test
    void theFirstLineThatFailsGivesTheCodeAndTheOthersRun() throws Exception {
        Child.Ended ended = piped("plugin", "show nosuch", "plugins");
        assertEquals(2, ended.code(), ended.err());
        assertTrue(ended.out().contains("residual"), ended.out());
        List<String> errors = ended.err().lines().toList();
        assertEquals(2, errors.size(), ended.err());
        assertTrue(errors.get(0).startsWith("dnd4j: unknown verb 'plugin': one of plugins"), ended.err());
        assertTrue(errors.get(1).startsWith("dnd4j: there is no run 'nosuch'"), ended.err());
        assertEquals(1, piped("show nosuch", "plugin").code());
    }

    @Test
    void argumentsArriveAsTheyWereTyped() throws Exception {
        Tiny.in(folder);
        Child.Ended ended = piped(
                "train-tokenizer tiny.json --name a.1 --set tokenizer.training.steps=2 --set transformer.training.steps=2 --wait"
                        + " --set 'tokenizer.decomposition={\"residual@0.1\": {}}'",
                "show a.1",
                "train a.1 --wait",
                "sample a.1 -n 2 --temperature 0.70,0.9 --out \"" + folder + "/it's $here\" --wait",
                "sample a.1 --class *");
        assertTrue(ended.out().contains("residual@0.1"), ended.out() + ended.err());
        assertTrue(ended.out().contains("\"steps\" : 2"), ended.out());
        assertTrue(Files.exists(folder.resolve("it's $here/sun/0.png")), ended.out() + ended.err());
        assertTrue(ended.err().contains("--class *: is none of the run's 2 classes"), ended.err());
        assertEquals(1, ended.code());
    }

    @Test
    void aJobIsAnsweredAtOnceAndTheEndOfInputWaitsForIt() throws Exception {
        Tiny.in(folder);
        Child.Ended ended = piped("run tiny.json", "jobs");
        assertEquals(0, ended.code(), ended.err());
        List<String> lines = ended.out().lines().toList();
        assertEquals("job 1: run tiny.json", lines.get(0));
        assertTrue(lines.get(1).startsWith("JOB "), ended.out());
        assertEquals("report   runs/tiny/report.html", lines.get(lines.size() - 1));
        assertTrue(ended.err().contains("\njob 1 done after "), ended.err());
        assertTrue(Files.exists(folder.resolve("runs/tiny/report.html")));
    }

    @Test
    void aJobIsStoppedInGoodOrderAndTakenUpAgain() throws Exception {
        Tiny.in(folder);
        Child child = Child.open(folder);
        child.type(ENDLESS);
        child.writes(folder.resolve("runs/endless/tokenizer.jsonl"));
        child.type("config threads 1", "stop 1", "jobs", "config threads");
        child.close();
        Child.Ended ended = child.ended();
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.out().contains("\njob 1 stopped: stopped after step "), ended.out());
        assertTrue(ended.out().contains("\nthreads is now 1 in "), ended.out());
        assertEquals("threads=1\n", Files.readString(folder.resolve("configs/org.dnd4j.core.cfg")));
        assertTrue(Files.exists(folder.resolve("runs/endless/tokenizer.safetensors")));
    }

    @Test
    void leavingStopsWhatRuns() throws Exception {
        Tiny.in(folder);
        Child child = Child.open(folder);
        child.type(ENDLESS);
        child.writes(folder.resolve("runs/endless/tokenizer.jsonl"));
        child.type("exit");
        Child.Ended ended = child.ended();
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.err().contains("dnd4j: stopping job 1: run tiny.json"), ended.err());
        assertTrue(ended.err().contains("job 1 stopped after "), ended.err());
        assertTrue(Files.exists(folder.resolve("runs/endless/tokenizer.safetensors")));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which has no signals to send
    void aSignalStopsJobsWithACheckpoint() throws Exception {
        Tiny.in(folder);
        Child child = Child.open(folder);
        child.type(ENDLESS);
        child.writes(folder.resolve("runs/endless/tokenizer.jsonl"));
        Child.Ended ended = child.signal("TERM");
        assertEquals(143, ended.code(), ended.err());
        assertTrue(ended.err().contains("dnd4j: stopping job 1: run tiny.json"), ended.err());
        assertTrue(ended.err().contains("stopped after step "), ended.err());
        assertTrue(Files.exists(folder.resolve("runs/endless/tokenizer.safetensors")));
    }

    @Test
    void aLevelIsSetForThisConsoleAndTheNext() throws Exception {
        Child.Ended ended = piped("config log debug", "config log --json");
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.out().contains("\"value\" : \"debug\""), ended.out());
        assertFalse(ended.out().contains("DEBUG"), "logs go to standard error");
    }
}
