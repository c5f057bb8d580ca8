package org.dnd4j.core.run;

import java.nio.file.Path;
import org.dnd4j.core.guard.Worker;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Torch;

/**
 * What changes where and how fast work is done but no number of it.
 *
 * @param device {@code auto}, {@code cpu} or {@code gpuN}
 * @param threads how many threads one operation may use; 0 leaves it to PyTorch
 * @param runs the directory that holds the runs
 * @param patience seconds that one call into a plugin may take before its run is failed
 * @param log the least level that is logged: {@code error}, {@code warn}, {@code info}, {@code debug}, …
 */
public record Operations(String device, int threads, Path runs, int patience, String log) {
    /** The settings of a fresh installation, relative to the working directory. */
    public static final Operations DEFAULT = new Operations("auto", 0, Path.of("runs"));

    public Operations {
        if (threads < 0) {
            throw new UserError("threads is " + threads + ": must be 0 (PyTorch decides) or more");
        }
    }

    /** Settings of which the usual patience and logging are left alone. */
    public Operations(String device, int threads, Path runs) {
        this(device, threads, runs, (int) Math.ceil(Worker.patience()), "warn");
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
        return other == null ? this : new Operations(other, threads, runs, patience, log);
    }

    /** The same with another number of threads, if one is given. */
    public Operations withThreads(Integer other) {
        return other == null ? this : new Operations(device, other, runs, patience, log);
    }

    /** The same with another directory of runs, if one is given. */
    public Operations in(Path other) {
        return other == null ? this : new Operations(device, threads, other, patience, log);
    }
}
