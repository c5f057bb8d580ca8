package org.dnd4j.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;

/** Holds plugins to the shapes that they promise, which would otherwise fail far from them, or not at all. */
public final class Law {
    private Law() {}

    /** {@code result}, if it has this shape. */
    public static NDArray shape(String law, Object plugin, String method, NDArray result, Shape wanted) {
        if (result == null || !result.getShape().equals(wanted)) {
            throw broken(law, plugin, method + " returned " + (result == null ? "nothing" : plain(result.getShape()))
                    + ", not " + plain(wanted));
        }
        return result;
    }

    /** What to throw where a plugin broke a law. */
    public static UserError broken(String law, Object plugin, String what) {
        Plugin named = plugin.getClass().getAnnotation(Plugin.class);
        String name = named == null ? plugin.getClass().getSimpleName() : named.value();
        return new UserError("plugin '" + name + "' breaks law " + law + ": " + what);
    }

    private static String plain(Shape shape) {
        return shape.toString().replace('(', '[').replace(')', ']');
    }
}
