package org.dnd4j.core.guard;

import ai.djl.ndarray.NDManager;
import org.dnd4j.spi.Pass;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/** The scope and the tape that a plugin is called in, and has to leave as they are. */
record State(Torch torch, NDManager scope, boolean recording) {

    /** Those of the weights among a call's arguments, or null if there are none. */
    static State of(Object[] arguments) {
        if (arguments != null) {
            for (Object argument : arguments) {
                Weights weights = argument instanceof Weights w ? w : argument instanceof Pass pass ? pass.weights() : null;
                if (weights != null) {
                    Torch torch = weights.torch();
                    return new State(torch, torch.manager(), torch.recording());
                }
            }
        }
        return null;
    }

    /** Makes sure that they are as they were. */
    void hold(Identity plugin, String method) {
        if (torch.manager() != scope) {
            String what = " left a scope open, or closed one that is not its own";
            throw Law.broken(Promises.arguments(plugin), plugin, method + what);
        }
        if (torch.recording() != recording) {
            String what = recording ? " closed the tape" : " left a tape open";
            throw Law.broken(Promises.arguments(plugin), plugin, method + what);
        }
    }
}
