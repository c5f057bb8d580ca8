package org.dnd4j.core.run;

import java.util.function.Supplier;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Why;
import org.dnd4j.core.guard.Guard;
import org.dnd4j.spi.UserError;

/** Says what somebody can put right of what comes up from below: memory that does not suffice, arrays that a plugin closed. */
final class Told {
    private Told() {}

    static <T> T by(Supplier<T> work) {
        try {
            return work.get();
        } catch (UserError | Stopped e) {
            throw e;
        } catch (RuntimeException | Error e) {
            if (Why.memory(e)) {
                throw new UserError("the memory does not suffice: make batch, the network or its tables smaller", e);
            }
            UserError told = Guard.outside(e);
            if (told != null) {
                throw told;
            }
            throw e;
        }
    }
}
