package org.dnd4j.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * One step's native memory: whatever programs return, and whatever NDArray operations make, while the scope is the
 * innermost one of its {@link Torch}, is freed when it closes. Open one per training step, per decoded position, per
 * picture; close them in reverse order.
 */
public final class Scope implements AutoCloseable {
    private final Torch torch;
    private final Scope outer;
    private final NDManager manager;
    private final Set<NDArray> lent = Collections.newSetFromMap(new IdentityHashMap<>());

    Scope(Torch torch, Scope outer, NDManager manager) {
        this.torch = torch;
        this.outer = outer;
        this.manager = manager;
    }

    /** The manager of this step, for {@code manager.create(…)}. */
    public NDManager manager() {
        return manager;
    }

    /** Lets an array outlive this scope: it moves to the next outer one. (A weight outlives it anyway.) */
    public NDArray keep(NDArray array) {
        if (!lent.contains(array)) {
            array.attach(outer.manager);
        }
        return array;
    }

    /** Lets every array of the list outlive this scope. */
    public NDList keep(NDList arrays) {
        arrays.forEach(this::keep);
        return arrays;
    }

    /**
     * Brings a long-lived array into this step, so that results of operations on it are freed with the step and not
     * kept as long as the array (an operation's result belongs to the manager of its receiver).
     */
    NDArray borrow(NDArray array) {
        if (array.getManager() != manager) {
            array.tempAttach(manager);
            lent.add(array);
        }
        return array;
    }

    Scope outer() {
        return outer;
    }

    @Override
    public void close() {
        torch.leave(this);
        manager.close();
    }
}
