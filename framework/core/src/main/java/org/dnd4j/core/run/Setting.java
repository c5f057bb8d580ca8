package org.dnd4j.core.run;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;

/** One operations setting: its key in the file, what it may be, what it affects and when a change counts. */
public enum Setting {
    /** See {@link Operations#device}. */
    DEVICE("where tensors live and programs run", "from the next job on; running ones stay where they are"),
    /** See {@link Operations#threads}. */
    THREADS("how many cores one operation uses; 0 leaves it to PyTorch", "from the next job on; running ones keep theirs"),
    /** See {@link Operations#runs}. */
    RUNS("the folder in which runs are looked for and made", "from the next verb on; running jobs stay where they are"),
    /** See {@link Operations#patience}. */
    PATIENCE("seconds that one call into a plugin may take before its run is failed", "from the next job on"),
    /** See {@link Operations#log}. */
    LOG("the least level that is logged to standard error", "at once");

    private static final List<String> LEVELS = List.of("off", "error", "warn", "info", "debug", "trace");

    private final String affects;
    private final String counts;

    Setting(String affects, String counts) {
        this.affects = affects;
        this.counts = counts;
    }

    /** Its key. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it affects. */
    public String affects() {
        return affects;
    }

    /** When a change counts. */
    public String counts() {
        return counts;
    }

    /** All keys. */
    public static List<String> keys() {
        return Stream.of(values()).map(Setting::key).toList();
    }

    /**
     * The setting of that key.
     *
     * @throws UserError naming the nearest
     */
    public static Setting of(String key) {
        return Stream.of(values())
                .filter(s -> s.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new UserError("unknown key '" + key + "'" + Nearest.among(key, keys())));
    }

    /** Values worth offering; empty if there are too many. */
    public List<String> offers() {
        return switch (this) {
            case DEVICE -> List.of("auto", "cpu", "gpu0");
            case LOG -> LEVELS;
            default -> List.of();
        };
    }

    /** Its value among all. */
    public String in(Operations operations) {
        return String.valueOf(
                switch (this) {
                    case DEVICE -> operations.device();
                    case THREADS -> operations.threads();
                    case RUNS -> operations.runs();
                    case PATIENCE -> operations.patience();
                    case LOG -> operations.log();
                });
    }

    /**
     * The same settings with another value for this one.
     *
     * @throws UserError saying what would be right
     */
    public Operations set(Operations operations, String value) {
        Operations o = operations;
        return switch (this) {
            case DEVICE -> new Operations(device(value), o.threads(), o.runs(), o.patience(), o.log());
            case THREADS -> new Operations(
                    o.device(), number(value, 0, "0 (PyTorch decides) or more"), o.runs(), o.patience(), o.log());
            case RUNS -> new Operations(o.device(), o.threads(), folder(value), o.patience(), o.log());
            case PATIENCE -> new Operations(
                    o.device(), o.threads(), o.runs(), number(value, 1, "a whole number of seconds, at least 1"), o.log());
            case LOG -> new Operations(o.device(), o.threads(), o.runs(), o.patience(), level(value));
        };
    }

    private static String device(String value) {
        if (!value.matches("auto|cpu|gpu\\d{1,4}")) {
            throw new UserError("device is '" + value + "': must be auto, cpu, or gpu0, gpu1, …");
        }
        return value;
    }

    private int number(String value, int least, String right) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least) {
                return number;
            }
            throw new UserError(key() + " is " + value + ": must be " + right);
        } catch (NumberFormatException e) {
            throw new UserError(key() + " is '" + value + "': must be a whole number", e);
        }
    }

    private static Path folder(String value) {
        try {
            if (value.lines().count() > 1 || !value.equals(value.strip())) { // the file would say something else
                throw new UserError("runs is '" + value.strip().lines().findFirst().orElse("")
                        + "…': must be one line, without spaces around it");
            } else if (!value.isEmpty()) {
                return Path.of(value);
            }
        } catch (InvalidPathException e) {
            throw new UserError("runs is '" + value + "': must be the path of a folder: " + e.getReason(), e);
        }
        throw new UserError("runs is empty: must be the path of a folder");
    }

    private static String level(String value) {
        if (!LEVELS.contains(value)) {
            throw new UserError("log is '" + value + "'" + Nearest.among(value, LEVELS));
        }
        return value;
    }
}
