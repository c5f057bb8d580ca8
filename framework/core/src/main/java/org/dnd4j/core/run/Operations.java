package org.dnd4j.core.run;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.dnd4j.core.Why;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Torch;

/**
 * What changes where and how fast work is done but no number of it.
 *
 * @param device {@code auto}, {@code cpu} or {@code gpuN}
 * @param threads how many threads one operation may use; 0 leaves it to PyTorch
 * @param runs the directory that holds the runs
 */
public record Operations(String device, int threads, Path runs) {
    /** The settings of a fresh installation, relative to the working directory. */
    public static final Operations DEFAULT = new Operations("auto", 0, Path.of("runs"));

    private static final List<String> KEYS = List.of("device", "threads", "runs");

    public Operations {
        if (threads < 0) {
            throw new UserError("threads is " + threads + ": must be 0 (PyTorch decides) or more");
        }
    }

    /**
     * The settings in a file of {@code key=value} lines; keys that are left out keep their default.
     *
     * @throws UserError on an unknown key, naming the nearest
     */
    public static Operations read(Path file) {
        if (!Files.exists(file)) {
            return DEFAULT;
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        }
        for (String key : properties.stringPropertyNames()) {
            if (!KEYS.contains(key)) {
                throw new UserError(file + ": unknown key '" + key + "'" + Nearest.among(key, KEYS));
            }
        }
        return new Operations(
                properties.getProperty("device", DEFAULT.device).strip(),
                number(file, properties.getProperty("threads", "0").strip()),
                Path.of(properties.getProperty("runs", DEFAULT.runs.toString()).strip()));
    }

    private static int number(Path file, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new UserError(file + ": threads is '" + text + "': must be a whole number", e);
        }
    }

    /**
     * Opens the device.
     *
     * @throws UserError if there is no such device
     */
    public Torch open() {
        Torch.threads(threads); // 0 too: this thread would begin with what another run has set
        try {
            return Torch.open(device);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    /** The same with another device, if one is given. */
    public Operations onDevice(String other) {
        return other == null ? this : new Operations(other, threads, runs);
    }

    /** The same with another number of threads, if one is given. */
    public Operations withThreads(Integer other) {
        return other == null ? this : new Operations(device, other, runs);
    }

    /** The same with another directory of runs, if one is given. */
    public Operations in(Path other) {
        return other == null ? this : new Operations(device, threads, other);
    }
}
