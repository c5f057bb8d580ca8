package org.dnd4j.itest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The launcher in a process of its own, started as the script does. Its outputs are far smaller than a pipe holds, so they
 * may be read when there is time.
 */
final class Child {
    static final Path HOME = Path.of(System.getProperty("launcher")).toAbsolutePath().normalize();

    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** How a process ended. */
    record Ended(int code, String out, String err) {}

    private final Process process;
    private final BufferedReader err;
    private final StringBuilder said = new StringBuilder();

    private Child(Process process) throws IOException {
        this.process = process;
        this.err = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    }

    /** Starts it in a folder, which also takes its temporary files: one that is killed cannot remove them. */
    static Child start(Path folder, String... arguments) throws IOException {
        return start(folder, List.of(), arguments);
    }

    /** The same with options for its JVM. */
    static Child start(Path folder, List<String> options, String... arguments) throws IOException {
        return start(builder(folder, options, arguments));
    }

    /** Starts it as a console, to which lines can be typed. */
    static Child open(Path folder, String... options) throws IOException {
        return new Child(builder(folder, List.of(options)).start());
    }

    /** The process that it will be. */
    static ProcessBuilder builder(Path folder, List<String> options, String... arguments) throws IOException {
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        List<String> command = new ArrayList<>(
                List.of(JAVA, "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Djava.io.tmpdir=" + temporary));
        command.addAll(options);
        command.addAll(List.of("-jar", HOME.resolve("dnd4j.jar").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        builder.environment().put("TORCH_CPP_LOG_LEVEL", "ERROR");
        return builder;
    }

    /** Starts it in some other way. */
    static Child start(ProcessBuilder builder) throws IOException {
        Child child = new Child(builder.start());
        child.close();
        return child;
    }

    /** Gives it lines to read. */
    void type(String... lines) throws IOException {
        for (String line : lines) {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        process.getOutputStream().flush();
    }

    /** Gives it nothing more to read. */
    void close() throws IOException {
        process.getOutputStream().close();
    }

    /** Waits until it says a line that begins so. */
    void says(String beginning) throws IOException {
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith(beginning)) {
                return;
            }
        }
        throw new AssertionError("ended without saying '" + beginning + "': " + said);
    }

    /** Waits until something stands in a file that it writes. */
    void writes(Path file) throws Exception {
        while (!Files.exists(file) || Files.size(file) == 0) {
            if (!process.isAlive()) {
                throw new AssertionError("ended without writing " + file + ": " + ended().err);
            }
            Thread.sleep(10);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it at once, as the machine's failing would. */
    Ended kill() throws Exception {
        process.toHandle().destroyForcibly(); // the process itself would close what is still to be read
        return ended();
    }

    /** Sends it a signal by name. */
    Ended signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        return ended();
    }

    /** Whether Ctrl-C does not reach it: a shell has what it runs in the background ignore it, down to the last child. */
    boolean deaf() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        return Files.exists(status) && Files.readAllLines(status).stream()
                .filter(l -> l.startsWith("SigIgn:"))
                .anyMatch(l -> (Long.parseUnsignedLong(l.substring(7).strip(), 16) & 2) != 0);
    }

    /** Waits for its end. */
    Ended ended() throws Exception {
        err.lines().forEach(line -> said.append(line).append('\n'));
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, said.toString());
    }
}
