package org.dnd4j.core.guard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;
import org.dnd4j.spi.UserError;

/** Holds plugins to the arrays that they promise, which would otherwise fail far from them, or not at all. */
public final class Law {
    private Law() {}

    /**
     * {@code result}, if it is float32 of this shape, open, and of the kind and on the device of an array of ours.
     *
     * @param beside an array of ours
     */
    public static NDArray floats(
            String law, Object plugin, String method, NDArray result, Shape wanted, NDArray beside) {
        return array(law, plugin, method, result, DataType.FLOAT32, wanted, beside);
    }

    /** The same of int64. */
    public static NDArray codes(String law, Object plugin, String method, NDArray result, Shape wanted, NDArray beside) {
        return array(law, plugin, method, result, DataType.INT64, wanted, beside);
    }

    private static NDArray array(
            String law, Object plugin, String method, NDArray result, DataType type, Shape wanted, NDArray beside) {
        if (result == null) {
            throw broken(law, plugin, method + " returned nothing, not " + plain(type, wanted));
        }
        if (result.getClass() != beside.getClass()) {
            String kind = result.getClass().getSimpleName();
            throw broken(law, plugin, method + " returned an array of a kind of its own, " + kind);
        }
        if (result.isReleased()) {
            throw broken(law, plugin, method + " returned an array that is closed");
        }
        if (result.getDataType() != type || !result.getShape().equals(wanted)) {
            throw broken(law, plugin, method + " returned " + plain(result.getDataType(), result.getShape()) + ", not "
                    + plain(type, wanted));
        }
        if (!Objects.equals(result.getDevice(), beside.getDevice())) {
            String where = result.getDevice() + ", not on " + beside.getDevice();
            throw broken(law, plugin, method + " returned an array on " + where);
        }
        if (result.isSparse()) {
            throw broken(law, plugin, method + " returned a sparse array");
        }
        return result;
    }

    /**
     * {@code result}, if all of it is finite, or not even {@code argument} is. Waits for the device: for once a batch, not
     * once a depth.
     */
    public static NDArray finite(String law, Object plugin, String method, NDArray result, NDArray argument) {
        if (!finite(result) && finite(argument)) {
            throw broken(law, plugin, method + " returned NaN or infinity, given finite numbers");
        }
        return result;
    }

    /** Whether an array, float32, holds neither NaN nor infinity. */
    public static boolean finite(NDArray array) {
        if (Float.isFinite(array.sum().toFloatArray()[0])) {
            return true;
        }
        return array.sub(array).sum().toFloatArray()[0] == 0; // the sum of finite numbers can be beyond them
    }

    /** What to throw where a plugin broke a law; {@code plugin} is the plugin or its {@link Identity}. */
    public static UserError broken(String law, Object plugin, String what) {
        return broken(law, plugin, what, null);
    }

    static UserError broken(String law, Object plugin, String what, Throwable cause) {
        Identity named = plugin instanceof Identity identity ? identity : Identity.of(plugin);
        return new UserError(named + " breaks law " + law + ": " + what, cause);
    }

    private static String plain(DataType type, Shape shape) {
        return type + " " + shape.toString().replace('(', '[').replace(')', ']').replace(" ", "");
    }
}
