package org.dnd4j.core.run;

import java.util.function.Supplier;
import org.dnd4j.core.Why;
import org.dnd4j.spi.UserError;

/** Says what somebody can put right of what comes up from below: memory that does not suffice. */
final class Told {
    private Told() {}

    static <T> T by(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            if (!(e instanceof UserError) && Why.memory(e)) {
                throw new UserError("the memory does not suffice: make batch, the network or its tables smaller", e);
            }
            throw e;
        }
    }
}
