package org.dnd4j.core.run;

import java.util.function.Supplier;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.spi.UserError;

/** Says what somebody can put right of what comes up from below: a plugin that fails, memory that does not suffice. */
final class Told {
    private Told() {}

    static <T> T by(Plugins plugins, Supplier<T> work) {
        try {
            return work.get();
        } catch (UserError | Stopped e) {
            throw e;
        } catch (RuntimeException | Error e) {
            if (isMemory(e)) {
                throw new UserError("the memory does not suffice: make batch, the network or its tables smaller", e);
            }
            String plugin = plugins.guilty(e);
            if (plugin != null) {
                String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                throw new UserError("plugin '" + plugin + "' failed: " + e.getClass().getSimpleName() + ": " + message, e);
            }
            throw e;
        }
    }

    /** Java's memory, or libtorch's, which it asks of the machine. */
    private static boolean isMemory(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof OutOfMemoryError || String.valueOf(t.getMessage()).matches("(?s).*(t allocate|out of) memory.*")) {
                return true;
            }
        }
        return false;
    }
}
