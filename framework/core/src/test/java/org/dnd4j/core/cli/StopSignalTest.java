package org.dnd4j.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import picocli.CommandLine.Command;

class StopSignalTest {
    /** Works until it is asked to end, and then needs a moment to leave things in order. */
    @Command(name = "work")
    static final class Work implements Verb {
        public static void main(String[] arguments) {
            Console.run(List.of(new Work()), System.out, System.err, "work");
        }

        @Override
        public Object run(Progress progress) throws InterruptedException {
            progress.stage("work", 0, "turn");
            while (!progress.stopped()) {
                Thread.sleep(10);
            }
            Thread.sleep(6000); // longer than the wait goes unexplained
            throw new Stopped("stopped, and in order");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which has no signals to send
    void theEndWaitsUntilThingsAreInOrder() throws IOException, InterruptedException {
        Process work = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Work.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(work.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("work", said.readLine());
            work.toHandle().destroy(); // as Ctrl-C does, a signal that ends the JVM in good order
            assertEquals(List.of(
                    "",
                    "dnd4j: stopping",
                    "dnd4j: waiting for the present step to end, and for what it did to be kept",
                    "dnd4j: stopped, and in order"), said.lines().toList());
            assertEquals(143, work.waitFor());
        } finally {
            work.destroyForcibly();
        }
    }

    @Test
    void nothingIsAskedOfWorkThatEndsByItself() {
        StopSignal signal = new StopSignal(System.err);
        assertFalse(signal.stopped());
        signal.close();
        signal.close();
        assertFalse(signal.stopped());
    }
}
