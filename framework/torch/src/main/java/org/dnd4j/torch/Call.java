package org.dnd4j.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.ArrayList;
import java.util.List;

/** Carries arguments into a loaded program, in the two ways that DJL offers. */
final class Call {
    private Call() {}

    /** Without autograd: typed values by position; results are inference tensors. */
    static NDList plain(PtSymbolBlock module, Signature signature, PtNDManager manager, Object... arguments) {
        IValue[] values = new IValue[arguments.length];
        List<IValue> ours = new ArrayList<>();
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = value(signature, i, arguments[i]);
                if (!(arguments[i] instanceof Weights.Group)) {
                    ours.add(values[i]);
                }
            }
            try (IValue result = IValueUtils.runMethod(module, signature.method(), values)) {
                return result.toNDList(manager);
            }
        } finally {
            ours.forEach(IValue::close);
        }
    }

    private static IValue value(Signature signature, int i, Object argument) {
        return switch (signature.parameters().get(i).kind()) {
            case TENSOR -> IValue.from(tensor(signature, i, argument));
            case TENSORS -> IValue.listFrom(tensors(signature, i, argument));
            case WEIGHTS -> group(signature, i, argument).value();
            case INT -> IValue.from(number(signature, i, argument).longValue());
            case FLOAT -> IValue.from(number(signature, i, argument).doubleValue());
            case BOOL -> IValue.from(bool(signature, i, argument));
            case INTS -> IValue.listFrom(ints(signature, i, argument));
        };
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
                case INT, FLOAT -> numbers.add(number(signature, i, a).doubleValue());
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
        if (a instanceof PtNDArray array) {
            return array;
        }
        throw wrong(s, i, a);
    }

    private static PtNDArray[] tensors(Signature s, int i, Object a) {
        if (a instanceof List<?> list && list.stream().allMatch(PtNDArray.class::isInstance)) {
            return list.toArray(PtNDArray[]::new);
        }
        throw wrong(s, i, a);
    }

    private static Weights.Group group(Signature s, int i, Object a) {
        if (a instanceof Weights.Group group) {
            return group;
        }
        throw wrong(s, i, a);
    }

    private static Number number(Signature s, int i, Object a) {
        if (a instanceof Key key) {
            return key.seed();
        }
        if (a instanceof Number n) {
            return n;
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
        if (a instanceof long[] n) {
            return n;
        }
        throw wrong(s, i, a);
    }

    private static IllegalArgumentException wrong(Signature s, int i, Object a) {
        Signature.Parameter p = s.parameters().get(i);
        return new IllegalArgumentException("method " + s.method() + ": parameter " + p.name() + " is a " + p.kind().text
                + ", not " + (a == null ? "null" : a.getClass().getSimpleName()));
    }
}
