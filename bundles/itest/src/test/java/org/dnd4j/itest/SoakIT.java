package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A day of a console in miniature: trainings, samples, swaps of the plugin in use, and stops, in an order drawn from a
 * seed. Half a minute here, or as many minutes as {@code -Ddnd4j.soak=} says; the curve is printed. The console ends where
 * it began: memory, threads, open files.
 */
@EnabledOnOs(OS.LINUX) // where a process can be looked at from outside
class SoakIT {
    private static final double MINUTES = Double.parseDouble(System.getProperty("dnd4j.soak", "0.5"));
    private static final long SEED = Long.getLong("dnd4j.soak.seed", 1);
    private static final int RUNS = 4;
    private static final Pattern ENDED = Pattern.compile("(?m)^(?:dnd4j: )?job (\\d+) (?:done|failed|stopped|has ended)");
    private static final Pattern UNEXPECTED = Pattern.compile("(?m)^.*(?:unexpected|OutOfMemory|takes no notice).*$");

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    /** The run that each job works on. */
    private final TreeMap<Integer, String> jobs = new TreeMap<>();

    private final Map<String, Integer> heard = new HashMap<>();

    private Process console;
    private OutputStream lines;
    private int begun;

    /** What a leak would show in; {@code said} counts the bytes that the console has printed. */
    private record Measured(double minutes, int jobs, Inside inside, long said) {
        @Override
        public String toString() {
            return String.format("%6.2f min: %4d jobs begun, %5d MB resident, %3d threads, %3d open files, %d bytes said",
                    minutes, jobs, inside.resident() / 1024, inside.threads(), inside.files(), said);
        }
    }

    @Test
    void aDayEndsWhereItBegan() throws Exception {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        byte[][] jars = {Jars.steady(folder, "1.0.0", "first"), Jars.steady(folder, "2.0.0", "second")};
        Jars.put(plugins.resolve("steady.jar"), jars[0]);
        String experiment = Files.readString(Tiny.in(folder)).replace("\"residual\": {}", "\"steady\": {}");
        Files.writeString(folder.resolve("steady.json"), experiment);
        console = Child.builder(folder, List.of("-Ddnd4j.plugins=" + plugins))
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        lines = console.getOutputStream();
        List<Measured> curve = new ArrayList<>();
        try {
            run("base", "");
            rest();
            for (int i = 0; i < RUNS; i++) {
                run("r" + i, "");
                begin("sample base -n 2 --out sampled" + i, "sampled" + i);
            }
            rest();
            long start = System.nanoTime();
            for (int turn = 0; System.nanoTime() - start < MINUTES * 60e9; turn++) {
                something(plugins.resolve("steady.jar"), jars, turn);
                Thread.sleep(random.nextInt(1500));
                ended();
                if (System.nanoTime() - start > (curve.size() + 1) * MINUTES * 60e9 / 20) {
                    curve.add(measure(start));
                }
            }
            jobs.keySet().forEach(job -> type("stop " + job));
            rest();
            curve.add(measure(start));
            type("exit");
            assertTrue(console.waitFor() >= 0);
        } finally {
            console.destroyForcibly();
        }
        curve.forEach(System.out::println);
        Matcher wrong = UNEXPECTED.matcher(said());
        assertEquals(List.of(), wrong.results().map(r -> r.group()).toList());
        Measured before = curve.get(curve.size() / 4); // every path was taken by then, and the collector has its size
        Measured after = curve.get(curve.size() - 1);
        assertTrue(after.jobs > before.jobs, curve.toString());
        assertTrue(after.inside.threads() <= before.inside.threads() + 2, curve.toString());
        assertTrue(after.inside.files() <= before.inside.files() + 3, curve.toString());
        assertTrue(after.inside.resident() <= before.inside.resident() + 128 * 1024, curve.toString());
    }

    private void something(Path jar, byte[][] jars, int turn) throws Exception {
        int work = random.nextInt(8);
        String name = "r" + random.nextInt(RUNS);
        if (work < 3 && jobs.size() < 3 && !jobs.containsValue(name)) {
            delete(folder.resolve("runs").resolve(name));
            run(name, " --set seed=" + turn + (work == 0 ? " --set transformer.training.steps=500" : ""));
        } else if (work == 3 && jobs.size() < 3 && !jobs.containsValue("sampled")) {
            begin("sample base -n 2 --seed " + turn + " --out sampled", "sampled");
        } else if (work == 4 && !jobs.isEmpty()) {
            type("stop " + new ArrayList<>(jobs.keySet()).get(random.nextInt(jobs.size())));
        } else if (work == 5) {
            Jars.put(jar, jars[random.nextInt(2)]);
        } else {
            type(List.of("plugins", "jobs", "runs", "config", "show base").get(random.nextInt(5)));
        }
    }

    private void run(String name, String settings) {
        begin("run steady.json --threads 1 --name " + name + settings, name);
    }

    private void begin(String line, String works) {
        jobs.put(++begun, works);
        type(line);
    }

    /** Waits until nothing is at work, and has the console forget what it can. */
    private void rest() throws Exception {
        while (!jobs.isEmpty()) {
            if (!console.isAlive()) {
                throw new AssertionError("the console has ended: " + said());
            }
            type("jobs"); // what happened is said where a line begins
            Thread.sleep(200);
            ended();
        }
        for (int i = 0; i < 3; i++) {
            new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                            Long.toString(console.pid()), "GC.run")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    /** Takes note of ends: they are said as news, or are the answer to {@code stop}. */
    private void ended() throws IOException {
        for (String stream : List.of("err", "out")) {
            Matcher ended = ENDED.matcher(more(stream));
            while (ended.find()) {
                jobs.remove(Integer.parseInt(ended.group(1)));
            }
        }
    }

    /** The lines that were said since the last call. */
    private String more(String stream) throws IOException {
        int from = heard.getOrDefault(stream, 0);
        try (SeekableByteChannel channel = Files.newByteChannel(folder.resolve(stream))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size() - from);
            channel.position(from);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            String lines = text.substring(0, text.lastIndexOf('\n') + 1);
            heard.put(stream, from + lines.getBytes(StandardCharsets.UTF_8).length);
            return lines;
        }
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    private void type(String line) {
        try {
            lines.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            lines.flush();
        } catch (IOException e) {
            throw new AssertionError("the console has ended before '" + line + "'", e);
        }
    }

    private Measured measure(long start) throws IOException {
        Inside inside = Inside.of(console.pid());
        long said = Files.size(folder.resolve("out")) + Files.size(folder.resolve("err"));
        return new Measured((System.nanoTime() - start) / 60e9, begun, inside, said);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
