package org.dnd4j.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class StopSignalTest {
    /** Works until it is asked to end, and then needs a moment to leave things in order. */
    static final class Work {
        public static void main(String[] arguments) throws InterruptedException {
            try (StopSignal signal = new StopSignal(System.out)) {
                System.out.println("working");
                while (!signal.stopped()) {
                    Thread.sleep(10);
                }
                Thread.sleep(300);
                System.out.println("in order");
            }
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
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
            assertEquals("working", said.readLine());
            work.toHandle().destroy(); // as Ctrl-C does, a signal that ends the JVM in good order
            assertEquals(List.of("", "dnd4j: stopping", "in order"), said.lines().toList());
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
