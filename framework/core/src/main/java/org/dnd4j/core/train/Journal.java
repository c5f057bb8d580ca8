package org.dnd4j.core.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Whole;
import org.dnd4j.core.Why;
import org.dnd4j.core.guard.Worker;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/** What every step of a training measured, one JSON object a line, in step with the checkpoint beside it. */
public final class Journal implements AutoCloseable {
    private final Path path;
    private final BufferedWriter out;

    private Journal(Path path, BufferedWriter out) {
        this.path = path;
        this.out = out;
    }

    /**
     * Opens a journal to go on writing at a step; what a stopped training wrote beyond its last checkpoint is dropped,
     * because those steps will be taken again.
     */
    public static Journal open(Path path, long step) {
        try {
            List<String> kept = new ArrayList<>();
            if (Files.exists(path)) {
                for (String line : Files.readAllLines(path)) {
                    if (kept.size() < step && whole(line)) {
                        kept.add(line + System.lineSeparator());
                    }
                }
            }
            Whole.write(path, String.join("", kept).getBytes(StandardCharsets.UTF_8));
            return new Journal(path, Files.newBufferedWriter(path, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /** One step's numbers by name. */
    public void add(Map<String, ?> numbers) {
        try {
            out.write(Json.line(numbers));
            out.newLine();
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /** Hands everything written so far to the disk's care; called before each checkpoint. */
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /** The numbers of every step so far, oldest first; empty if there is no journal. */
    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> read(Path path) {
        if (!Files.exists(path)) {
            return List.of();
        }
        try {
            return Files.readAllLines(path).stream()
                    .filter(Journal::whole)
                    .map(line -> (Map<String, Object>) Json.read(line, path.toString()))
                    .toList();
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /** A crash can cut the last line short. */
    private static boolean whole(String line) {
        return line.endsWith("}");
    }

    private static UserError failure(Path path, IOException e) {
        return new UserError(path + ": cannot be written or read: " + Why.of(e), e);
    }

    @Override
    public void close() {
        if (Worker.left()) {
            return; // the file may be another's by now; what is not written belongs to steps that are taken again
        }
        try {
            out.close();
        } catch (IOException e) {
            throw failure(path, e);
        }
    }
}
