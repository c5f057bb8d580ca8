package org.dnd4j.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Carries arguments into a loaded program, in the two ways that DJL offers. */
final class Call {
    private static final long EXACT = 1L << 53;

    private Call() {}

    /** Without autograd: typed values by position; results are inference tensors. */
    static NDList plain(PtSymbolBlock module, Signature signature, PtNDManager manager, Object... arguments) {
        IValue[] values = new IValue[arguments.length];
        List<IValue> ours = new ArrayList<>();
        try {
            for (int i = 0; i < values.length; i++) {
                int same = before(signature, i, arguments);
                values[i] = same < i ? values[same] : value(signature, i, arguments[i], ours);
            }
            try (IValue result = IValueUtils.runMethod(module, signature.method(), values)) {
                return result.toNDList(manager);
            }
        } finally {
            ours.forEach(IValue::close);
        }
    }

    /** The first parameter of the same kind that is given the same object: steps of a chain share much, which is carried once. */
    private static int before(Signature signature, int i, Object... arguments) {
        int j = 0;
        while (arguments[j] != arguments[i]
                || signature.parameters().get(j).kind() != signature.parameters().get(i).kind()) {
            j++;
        }
        return j;
    }

    /**
     * Answers and small numbers, positions, sizes and shares for the most part. Never freed: to make and free each anew takes two
     * calls into native code.
     */
    private static final class Lasting {
        private static final IValue YES = IValue.from(true);
        private static final IValue NO = IValue.from(false);
        private static final IValue[] NUMBERS = new IValue[1024];
        private static final IValue ZERO = IValue.from(0.);
        private static final IValue ONE = IValue.from(1.);

        static {
            Arrays.setAll(NUMBERS, n -> IValue.from((long) n));
        }
    }

    /** One argument. What must be freed after the call is added to {@code ours}: all but weights and what is lasting. */
    private static IValue value(Signature signature, int i, Object argument, List<IValue> ours) {
        return switch (signature.parameters().get(i).kind()) {
            case WEIGHTS -> group(signature, i, argument).value();
            case BOOL -> bool(signature, i, argument) ? Lasting.YES : Lasting.NO;
            case INT -> {
                long n = whole(signature, i, argument);
                yield n >= 0 && n < Lasting.NUMBERS.length ? Lasting.NUMBERS[(int) n] : added(IValue.from(n), ours);
            }
            case FLOAT -> {
                double x = number(signature, i, argument);
                yield Double.compare(x, 0) == 0 ? Lasting.ZERO : x == 1 ? Lasting.ONE : added(IValue.from(x), ours);
            }
            case TENSOR -> added(IValue.from(tensor(signature, i, argument)), ours);
            case TENSORS -> added(IValue.listFrom(tensors(signature, i, argument)), ours);
            case INTS -> added(IValue.listFrom(ints(signature, i, argument)), ours);
        };
    }

    private static IValue added(IValue value, List<IValue> ours) {
        ours.add(value);
        return value;
    }

    /** With autograd: one named list of tensors through the adapter; results carry their graph. */
    static NDList recorded(PtSymbolBlock module, Signature signature, PtNDManager manager, Object... arguments) {
        List<Double> numbers = new ArrayList<>();
        List<NDArray> tensors = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            Object a = arguments[i];
            switch (signature.parameters().get(i).kind()) {
                case TENSOR -> tensors.add(tensor(signature, i, a));
                case TENSORS -> addAll(tensors, numbers, List.of(tensors(signature, i, a)));
                case WEIGHTS -> {
                    addAll(tensors, numbers, group(signature, i, a).weights());
                    addAll(tensors, numbers, group(signature, i, a).scales());
                }
                case INT -> numbers.add((double) whole(signature, i, a));
                case FLOAT -> numbers.add(number(signature, i, a));
                case BOOL -> numbers.add(bool(signature, i, a) ? 1.0 : 0.0);
                case INTS -> {
                    long[] ints = ints(signature, i, a);
                    numbers.add((double) ints.length);
                    for (long n : ints) {
                        numbers.add((double) n);
                    }
                }
                default -> throw new AssertionError();
            }
        }
        double[] flat = numbers.isEmpty() ? new double[1] : numbers.stream().mapToDouble(d -> d).toArray();
        try (NDArray method = manager.create(0f);
                NDArray scalars = manager.create(flat)) {
            method.setName("module_method:" + signature.method() + "__grad");
            NDList inputs = new NDList(tensors.size() + 2);
            inputs.add(method);
            inputs.add(scalars);
            inputs.addAll(tensors);
            for (NDArray array : inputs.subList(1, inputs.size())) {
                array.setName("ts[]");
            }
            return IValueUtils.forward(module, inputs, true);
        }
    }

    private static void addAll(List<NDArray> tensors, List<Double> numbers, List<? extends NDArray> more) {
        numbers.add((double) more.size());
        tensors.addAll(more);
    }

    private static PtNDArray tensor(Signature s, int i, Object a) {
        if (a instanceof PtNDArray array && array.isReleased()) {
            throw refused(s, i, "is an array that was already closed, with its scope or by hand");
        }
        if (a instanceof PtNDArray array && array.getDataType() != DataType.STRING) {
            return array;
        }
        throw wrong(s, i, a);
    }

    private static PtNDArray[] tensors(Signature s, int i, Object a) {
        if (a instanceof List<?> list) {
            return list.stream().map(t -> tensor(s, i, t)).toArray(PtNDArray[]::new);
        }
        throw wrong(s, i, a);
    }

    private static Weights.Group group(Signature s, int i, Object a) {
        if (a instanceof Weights.Group group && group.closed()) {
            throw refused(s, i, "is a group of weights that were already closed");
        }
        if (a instanceof Weights.Group group) {
            return group;
        }
        throw wrong(s, i, a);
    }

    /** A whole number that a double holds exactly, since that is what carries it where gradients are recorded. */
    private static long whole(Signature s, int i, Object a) {
        if (!(a instanceof Key || a instanceof Integer || a instanceof Long || a instanceof Short || a instanceof Byte)) {
            throw wrong(s, i, a);
        }
        long n = a instanceof Key key ? key.seed() : ((Number) a).longValue();
        if (Math.abs(n) > EXACT) {
            throw refused(s, i, "is " + n + ", beyond ±2^53");
        }
        return n;
    }

    private static double number(Signature s, int i, Object a) {
        if (a instanceof Number n) {
            return n.doubleValue();
        }
        throw wrong(s, i, a);
    }

    private static boolean bool(Signature s, int i, Object a) {
        if (a instanceof Boolean b) {
            return b;
        }
        throw wrong(s, i, a);
    }

    private static long[] ints(Signature s, int i, Object a) {
        if (!(a instanceof long[] n)) {
            throw wrong(s, i, a);
        }
        for (long each : n) {
            whole(s, i, each);
        }
        return n;
    }

    private static IllegalArgumentException wrong(Signature s, int i, Object a) {
        String type = a == null ? "null" : a instanceof NDArray n ? n.getDataType() + " array" : a.getClass().getSimpleName();
        return refused(s, i, "is a " + s.parameters().get(i).kind().text + ", not " + type);
    }

    private static IllegalArgumentException refused(Signature s, int i, String why) {
        return new IllegalArgumentException(
                s.program() + ": " + s.method() + ": parameter " + s.parameters().get(i).name() + " " + why);
    }
}
