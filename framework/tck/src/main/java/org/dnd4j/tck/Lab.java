package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.ProgramException;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Assumptions;

/** What the laws are tried in: an open device, arrays of known numbers, weights, and comparisons that say what differs. */
final class Lab implements AutoCloseable {
    /** Where the weights under test stand in their tree, so that only relative names find them. */
    private static final String PLACE = "under.test";

    /** How often gradients are taken once more after a collection: what freed memory holds may be the same by chance. */
    private static final int COLLECTED = 2;

    final Torch torch = Torch.open("cpu");

    @Override
    public void close() {
        torch.close();
    }

    /** Normal numbers, a different set for each seed; aligned, so that kernels give equal bits for equal numbers. */
    NDArray normal(long seed, long... shape) {
        return array(numbers(seed, (int) new Shape(shape).size()), shape);
    }

    NDArray array(float[] values, long... shape) {
        return torch.manager().create(values, new Shape(shape)).duplicate();
    }

    static float[] numbers(long seed, int count) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** Weights as a Run starts them. */
    Weights started(List<Weight> declared) {
        return Weights.start(torch, placed(declared), Precision.FLOAT32, true, Key.of(1)).at(PLACE);
    }

    /**
     * Weights in general position: where starts are zero, much of a network cannot be seen. What gradients move gets
     * noise on top.
     */
    Weights stirred(List<Weight> declared) {
        return stirred(declared, Precision.FLOAT32, true);
    }

    /** The same numbers as {@link #stirred(List)} in another precision, or only to be used. */
    Weights stirred(List<Weight> declared, Precision precision, boolean training) {
        Weights start = Weights.start(torch, placed(declared), Precision.FLOAT32, true, Key.of(1));
        Weights stirred = Weights.load(torch, placed(declared), precision, training, weight -> {
            float[] values = start.values(weight.name());
            if (weight.learns() == Weight.Learns.GRADIENT) {
                long rows = weight.shape().isEmpty() ? 1 : weight.shape().get(0);
                double deviation = weight.shape().size() < 2 ? 0.1 : 0.5 / Math.sqrt((double) values.length / rows);
                float[] noise = numbers(weight.name().hashCode(), values.length);
                for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (deviation * noise[i]);
                }
            }
            return values;
        });
        start.close();
        return stirred.at(PLACE);
    }

    /** The numbers of {@link #stirred(List)} with hardly any biases, so that what keeps norms from dividing by 0 is seen. */
    Weights faint(List<Weight> declared) {
        Weights stirred = stirred(declared);
        return Weights.load(torch, placed(declared), Precision.FLOAT32, true, weight -> {
            float[] values = stirred.values(weight.name().substring(PLACE.length() + 1));
            if (weight.shape().size() == 1) {
                for (int i = 0; i < values.length; i++) {
                    values[i] *= 0.001f;
                }
            }
            return values;
        }).at(PLACE);
    }

    private static List<Weight> placed(List<Weight> declared) {
        assertEquals(
                declared.size(),
                declared.stream().map(Weight::name).distinct().count(),
                "weights share a name: " + declared);
        return declared.stream().map(w -> w.under(PLACE)).toList();
    }

    /** The same weights with attention as a GPU has it, where products of bfloat16 are there. */
    static Weights halved(Weights w) {
        Weights halved = w.halved();
        Assumptions.assumeTrue(halved.halves(), "not tried: this processor has no products of bfloat16");
        return halved;
    }

    /** Whether there is a cache in bfloat16, which DJL has no name for, among what a plugin keeps. */
    static boolean halves(NDList state) {
        return state.stream().anyMatch(array -> array.getDataType() == DataType.UNKNOWN);
    }

    /** How many arrays live as long as the device: a law of every SPI is that calls leave none behind. */
    int longLived() {
        return torch.manager().getManagedArrays().size();
    }

    static void shaped(String what, NDArray seen, DataType type, long... shape) {
        assertEquals(new Shape(shape), seen.getShape(), what + " has the wrong shape");
        assertEquals(type, seen.getDataType(), what + " has the wrong type");
        if (type == DataType.FLOAT32) {
            for (float v : seen.toFloatArray()) {
                assertTrue(Float.isFinite(v), what + " has numbers that are not finite");
            }
        }
    }

    /** Equal to the last bit. */
    static void same(String what, NDArray expected, NDArray seen) {
        assertEquals(expected.getShape(), seen.getShape(), what);
        if (expected.getDataType() == DataType.FLOAT32) {
            float[] a = expected.toFloatArray();
            float[] b = seen.toFloatArray();
            if (!Arrays.equals(a, b)) {
                fail(what + ": differs by up to " + distance(a, b));
            }
        } else {
            assertEquals(Arrays.toString(expected.toArray()), Arrays.toString(seen.toArray()), what);
        }
    }

    /** Equal but for rounding, as when another number of rows takes another kernel. */
    static void near(String what, NDArray expected, NDArray seen) {
        assertEquals(expected.getShape(), seen.getShape(), what);
        float worst = distance(expected.toFloatArray(), seen.toFloatArray());
        assertTrue(worst < 1e-4, what + ": differs by up to " + worst);
    }

    /** Equal but for numbers of eight bits on the way, of which a sum is right in about five. */
    static void roughly(String what, NDArray expected, NDArray seen) {
        assertEquals(expected.getShape(), seen.getShape(), what);
        float worst = distance(expected.toFloatArray(), seen.toFloatArray());
        assertTrue(worst < 0.03, what + ": differs by up to " + worst);
    }

    static void differ(String what, NDArray one, NDArray other) {
        float worst = distance(one.toFloatArray(), other.toFloatArray());
        assertFalse(worst < 1e-5, what + ": differs by no more than " + worst);
    }

    /** The largest difference, as a share of the largest number. */
    static float distance(float[] a, float[] b) {
        float worst = 0;
        float largest = 1e-6f;
        for (int i = 0; i < a.length; i++) {
            worst = Float.isNaN(a[i] - b[i]) ? Float.POSITIVE_INFINITY : Math.max(worst, Math.abs(a[i] - b[i]));
            largest = Math.max(largest, Math.abs(a[i]));
        }
        return worst / largest;
    }

    /**
     * That a loss is one finite number and moves every weight learnt by gradient, and that its gradients read no memory
     * that Java may have taken back by then.
     */
    void moves(Supplier<NDArray> loss, Weights w) {
        try {
            Map<String, float[]> gradients = gradients(loss, w, () -> {});
            for (int round = 0; round < COLLECTED; round++) {
                gradients(loss, w, Lab::collect).forEach((name, after) -> unmoved(name, gradients.get(name), after));
            }
            gradients.forEach((name, gradient) -> {
                boolean moved = false;
                for (float g : gradient) {
                    assertTrue(Float.isFinite(g), "the gradient of " + name + " is not finite");
                    moved |= g != 0;
                }
                assertTrue(moved, "the gradient of " + name + " is 0 everywhere");
            });
        } catch (ProgramException e) {
            fail("the loss does not reach " + unreached(loss, w) + ": " + e.getMessage());
        }
    }

    /** What freed memory holds may be tiny: here a difference is a share of the gradient, however small that is. */
    private static void unmoved(String name, float[] before, float[] after) {
        float largest = Float.MIN_NORMAL;
        float worst = 0;
        for (int i = 0; i < before.length; i++) {
            boolean same = Float.compare(before[i], after[i]) == 0;
            float apart = same ? 0 : Math.abs(before[i] - after[i]);
            worst = Float.isFinite(apart) ? Math.max(worst, apart) : Float.POSITIVE_INFINITY;
            largest = Float.isFinite(before[i]) ? Math.max(largest, Math.abs(before[i])) : largest;
        }
        assertTrue(
                worst < 1e-4 * largest,
                "the gradient of " + name + " differs by up to " + worst + " when garbage is collected before it is"
                        + " computed: multiply by manager.full(new Shape(), number), not by a Java number");
    }

    private Map<String, float[]> gradients(Supplier<NDArray> loss, Weights w, Runnable before) {
        try (Scope step = torch.scope();
                Torch.Tape tape = torch.record()) {
            NDArray value = loss.get(); // []
            assertEquals(1, value.size(), "a loss is one number");
            assertTrue(Float.isFinite(value.toFloatArray()[0]), "the loss is " + value.toFloatArray()[0]);
            before.run();
            NDList found = torch.gradients(value, List.copyOf(w.trainable().values()));
            Map<String, float[]> gradients = new LinkedHashMap<>();
            for (Weight weight : w.trainable().keySet()) {
                gradients.put(weight.name().substring(PLACE.length() + 1), found.get(gradients.size()).toFloatArray());
            }
            return gradients;
        }
    }

    /**
     * Frees every direct buffer that nothing in Java points to; whatever frees memory also writes into it. One thread sees
     * to what a collection found, in no order: when it comes to what the second found, it is done with the first.
     */
    private static void collect() {
        for (int round = 0; round < 2; round++) {
            ReferenceQueue<Object> gone = new ReferenceQueue<>();
            PhantomReference<Object> canary = new PhantomReference<>(new Object(), gone);
            System.gc();
            try {
                gone.remove(10_000); // milliseconds, should this collector leave it alone
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Reference.reachabilityFence(canary);
        }
    }

    private String unreached(Supplier<NDArray> loss, Weights w) {
        for (Map.Entry<Weight, NDArray> each : w.trainable().entrySet()) {
            try (Scope step = torch.scope();
                    Torch.Tape tape = torch.record()) {
                torch.gradients(loss.get(), List.of(each.getValue()));
            } catch (ProgramException e) {
                return each.getKey().name().substring(PLACE.length() + 1);
            }
        }
        return "every weight";
    }

    /** Skips the test, loudly, if the implementation refuses what the test needs in the way that users are to see. */
    static void orSkip(Runnable needed) {
        try {
            needed.run();
        } catch (UserError e) {
            refusal(e);
            Assumptions.abort("not tried, for it is refused: " + e.getMessage());
        }
    }

    /** What a refusal must look like. */
    static void refusal(UserError error) {
        String message = error.getMessage();
        assertTrue(
                message != null && !message.isBlank() && message.lines().count() == 1,
                "a refusal is one line that says what is wrong and what would be right, not '" + message + "'");
    }
}
