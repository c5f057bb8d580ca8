package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** However often a run is ended before its time, it comes to the very bits of its twin that was left alone. */
class KilledIT {
    private static final int STEPS = 300;

    /** Long enough for a blow to land in the stage that it is meant for, or early in the next. */
    private static final String[] LONGER = {
        "--set", "tokenizer.training.steps=" + STEPS,
        "--set", "transformer.training.steps=" + STEPS,
        "--set", "sampling.perClass=100",
        "--set", "sampling.batch=5",
        "--threads", "1"
    };

    @TempDir
    static Path folder;

    private static Path whole;

    @BeforeAll
    static void twin() throws Exception {
        Tiny.in(folder);
        Child.Ended ended = start("whole").ended();
        assertEquals(0, ended.code(), ended.err());
        whole = folder.resolve("whole/tiny");
    }

    /** Starts the run that lies in a folder of runs of its own, for a run's name stands in its files. */
    private static Child start(String runs) throws IOException {
        String[] command = {"run", "tiny.json", "--runs", runs};
        return Child.start(folder, Stream.of(command, LONGER).flatMap(Stream::of).toArray(String[]::new));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // where the exit code does not tell
    void killedInEveryStageItGoesOnToTheSameBits() throws Exception {
        Path run = folder.resolve("killed/tiny");
        for (String stage : List.of("tokenizer", "encode", "transformer", "sample")) {
            Child child = start("killed");
            child.says(stage + ": ");
            if (stage.equals("tokenizer") || stage.equals("transformer")) {
                child.writes(run.resolve(stage + ".jsonl")); // some dozen steps later, and beyond the last checkpoint
            }
            Child.Ended ended = child.kill();
            assertEquals(137, ended.code(), stage + ": " + ended.err());
        }
        finish("killed");
        assertTwins(run);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which has no signals to send
    void ctrlCEndsItInGoodOrder() throws Exception {
        Path run = folder.resolve("stopped/tiny");
        for (String stage : List.of("tokenizer", "transformer")) {
            Child child = start("stopped");
            child.says(stage + ": ");
            child.writes(run.resolve(stage + ".jsonl"));
            assumeFalse(child.deaf(), "these tests run in the background, where Ctrl-C is ignored");
            stopped(child.signal("INT"), 130);
            assertEquals(List.of(), halves(run));
        }
        finish("stopped");
        assertTwins(run);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which has no signals to send
    void aServiceManagersWishIsCtrlC() throws Exception {
        Path run = folder.resolve("ended/tiny");
        Child child = start("ended");
        child.says("tokenizer: ");
        child.writes(run.resolve("tokenizer.jsonl"));
        stopped(child.signal("TERM"), 143);
        finish("ended");
        assertTwins(run);
    }

    private static void stopped(Child.Ended ended, int code) {
        assertEquals(code, ended.code(), ended.err());
        assertEquals("", ended.out());
        List<String> last = ended.err().lines().filter(l -> l.startsWith("dnd4j: stopped")).toList();
        assertEquals(1, last.size(), ended.err());
        assertTrue(last.get(0).matches("dnd4j: stopped after step \\d+ of " + STEPS + "; .*"), ended.err());
    }

    /** Once more, to the end; what was left behind is no hindrance. */
    private static void finish(String runs) throws Exception {
        Child.Ended ended = start(runs).ended();
        assertEquals(0, ended.code(), ended.err());
    }

    private static void assertTwins(Path run) throws IOException {
        assertEquals(files(whole), files(run));
        assertEquals(List.of(), halves(run));
        for (Path file : files(whole)) {
            if (file.toString().matches(".*\\.(safetensors|png)|codes")) {
                byte[] one = Files.readAllBytes(whole.resolve(file));
                assertArrayEquals(one, Files.readAllBytes(run.resolve(file)), file.toString());
            }
        }
        assertEquals(numbers(whole), numbers(run));
        for (String journal : List.of("tokenizer.jsonl", "transformer.jsonl")) {
            List<String> steps = Files.readAllLines(run.resolve(journal)).stream()
                    .map(l -> l.replaceFirst(".*\"step\" ?: ?(\\d+).*", "$1"))
                    .toList();
            assertEquals(IntStream.range(0, STEPS).mapToObj(Integer::toString).toList(), steps, journal);
        }
    }

    private static List<Path> files(Path run) throws IOException {
        try (Stream<Path> all = Files.walk(run)) {
            return all.filter(Files::isRegularFile).map(run::relativize).sorted().toList();
        }
    }

    private static List<Path> halves(Path run) throws IOException {
        return files(run).stream().filter(f -> f.toString().matches(".*\\.(tmp|half)")).toList();
    }

    /** What was measured; not how long it took. */
    private static String numbers(Path run) throws IOException {
        return Files.readString(run.resolve("measured.json"))
                .replaceFirst("\"seconds\" : \\{[^}]*}", "")
                .replaceFirst("\"codes_per_second\" : [^,\\s]*", "");
    }
}
