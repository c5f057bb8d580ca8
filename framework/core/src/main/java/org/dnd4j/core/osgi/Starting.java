package org.dnd4j.core.osgi;

import org.dnd4j.core.guard.Guard;
import org.dnd4j.core.guard.Identity;
import org.dnd4j.core.guard.Worker;

/** A plugin's class as it starts: its static initialiser is its code, and may never return. */
final class Starting {
    /** Starting needs no more, and everybody waits for it. */
    private static final double LONGEST = 30; // seconds

    private Starting() {}

    /**
     * The class, initialised.
     *
     * @throws org.dnd4j.spi.UserError if it does not return
     */
    static Class<?> of(String type, ClassLoader loader, String name, String version) throws ClassNotFoundException {
        Identity plugin = Identity.of(null, name, version);
        double patience = Math.min(LONGEST, Worker.patience());
        return Worker.patiently("the catalog", patience, () -> Guard.during(
                plugin, "its static initialiser", () -> Class.forName(type, true, loader)));
    }
}
