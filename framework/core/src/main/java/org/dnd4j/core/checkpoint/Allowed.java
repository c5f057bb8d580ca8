package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The names that a pickle may use, and the inert values that stand for them (REFERENCE I.5). This table is all there is:
 * a name is compared with its keys and never looked up anywhere else.
 */
final class Allowed {
    private static final String TORCH = "torch.";

    private Allowed() {}

    /** A name that may be called: by REDUCE or NEWOBJ. */
    private record Constructor(String name, Function<List<?>, Object> of) {}

    /** The attributes of an {@code argparse.Namespace}: a map that BUILD fills. */
    private static final class Namespace extends LinkedHashMap<Object, Object> {}

    /** Something that is data, but of no type that is read here; the message is its name. */
    static final class Foreign extends RuntimeException {
        Foreign(String name) {
            super(name);
        }
    }

    private static final Map<String, Object> TABLE = new HashMap<>();

    /** Torch's names for types, as far as arrays of them are read. */
    private static final Map<String, ElementType> TYPES = new HashMap<>();

    static {
        function("collections.OrderedDict", Allowed::map);
        function("collections.Counter", Allowed::map);
        function("argparse.Namespace", a -> new Namespace());
        for (String module : List.of("builtins.", "__builtin__.")) {
            function(module + "set", Allowed::set);
            function(module + "bytearray", a -> a.isEmpty() ? new byte[0] : bytes(a));
            function(module + "complex", a -> List.of(((Number) a.get(0)).doubleValue(), ((Number) a.get(1)).doubleValue()));
        }
        function("_codecs.encode", Allowed::bytes);
        function("torch._utils._rebuild_tensor", Allowed::tensor);
        function("torch._utils._rebuild_tensor_v2", Allowed::tensor);
        function("torch._utils._rebuild_tensor_v3", Allowed::retyped);
        function("torch._utils._rebuild_parameter", a -> (Stored) a.get(0));
        function("torch._utils._rebuild_parameter_with_state", a -> (Stored) a.get(0));
        function("torch.nn.parameter.Parameter", a -> (Stored) a.get(0));
        function("torch.Size", a -> (List<?>) a.get(0));
        function("torch.device", a -> a.size() == 1 ? (String) a.get(0) : (String) a.get(0) + ":" + (Long) a.get(1));
        function("numpy.dtype", a -> numpyType((String) a.get(0)));
        TABLE.put("numpy.ndarray", "numpy.ndarray");
        for (String module : List.of("numpy.core.multiarray", "numpy._core.multiarray")) {
            function(module + ".scalar", Allowed::numpyScalar);
            function(module + "._reconstruct", a -> new NumpyArray());
        }
        storage("Double", ElementType.F64, "float64", "double");
        storage("Float", ElementType.F32, "float32", "float");
        storage("Half", ElementType.F16, "float16", "half");
        storage("BFloat16", ElementType.BF16, "bfloat16");
        storage("Long", ElementType.I64, "int64", "long");
        storage("Int", ElementType.I32, "int32", "int");
        storage("Short", ElementType.I16, "int16", "short");
        storage("Char", ElementType.I8, "int8");
        storage("Byte", ElementType.U8, "uint8");
        storage("Bool", ElementType.BOOL, "bool");
        TABLE.put("torch.storage.UntypedStorage", ElementType.U8);
        for (String other : List.of(
                "storage.TypedStorage", "uint16", "uint32", "uint64", "complex32", "complex64", "complex128", "chalf",
                "cfloat", "cdouble", "quint8", "qint8", "qint32", "quint4x2", "quint2x4", "float8_e4m3fn", "float8_e5m2",
                "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu")) {
            TABLE.put(TORCH + other, TORCH + other);
        }
    }

    private static void function(String name, Function<List<?>, Object> of) {
        TABLE.put(name, new Constructor(name, of));
    }

    private static void storage(String name, ElementType type, String... types) {
        TABLE.put(TORCH + name + "Storage", type);
        for (String t : types) {
            TABLE.put(TORCH + t, TORCH + t);
            TYPES.put(TORCH + t, type);
        }
    }

    /** What a name stands for, or null. */
    static Object named(String name) {
        return TABLE.get(name);
    }

    /**
     * Calls what {@link #named} gave.
     *
     * @throws Foreign if the result would be of a type that is not read
     */
    static Object call(Object what, List<?> arguments) {
        if (what instanceof Constructor c) {
            return c.of().apply(arguments);
        }
        String name = what instanceof String s ? Shown.of(s) : "something that is no function";
        throw new IllegalArgumentException("calls " + name);
    }

    /** Gives a value its attributes: a namespace keeps them, maps and tensors do without. */
    static void build(Object what, Object state) {
        if (what instanceof Namespace namespace) {
            if (state instanceof Skipped) {
                namespace.put(state, state);
            } else {
                ((Map<?, ?>) state).forEach((k, v) -> namespace.put(Keys.key(k, namespace.keySet()), v));
            }
        } else if (what instanceof ElementType) {
            if (">".equals(((List<?>) state).get(1))) {
                throw new IllegalArgumentException("holds a big-endian numpy array");
            }
        } else if (!(what instanceof LinkedHashMap || what instanceof Stored)) {
            throw new IllegalArgumentException("gives attributes to something that has none");
        }
    }

    private static Object map(List<?> arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (!arguments.isEmpty() && arguments.get(0) instanceof Map<?, ?> from) {
            map.putAll(from);
        } else if (!arguments.isEmpty()) {
            for (Object e : (List<?>) arguments.get(0)) {
                map.put(Keys.key(((List<?>) e).get(0), map.keySet()), ((List<?>) e).get(1));
            }
        }
        return map;
    }

    private static Object set(List<?> arguments) {
        LinkedHashSet<Object> set = new LinkedHashSet<>();
        if (!arguments.isEmpty()) {
            ((List<?>) arguments.get(0)).forEach(e -> set.add(Keys.key(e, set)));
        }
        return set;
    }

    /** Bytes as protocol 2 writes them, (text, "latin1"), or as such. */
    private static byte[] bytes(List<?> a) {
        if (a.get(0) instanceof byte[] bytes) {
            return bytes.clone();
        }
        String text = (String) a.get(0);
        boolean latin = a.size() == 2
                && a.get(1) instanceof String s
                && s.matches("latin-?1")
                && text.chars().allMatch(c -> c < 256);
        if (!latin) {
            throw new IllegalArgumentException("encodes text that is not latin1");
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** (storage, offset, size, stride, …). */
    private static Stored tensor(List<?> a) {
        return new Stored((Storage) a.get(0), (Long) a.get(1), sizes(a.get(2)), sizes(a.get(3)));
    }

    /** The same with the type behind, for those that have no storage class; …, requires gradient, hooks, type, …). */
    private static Stored retyped(List<?> a) {
        String name = (String) a.get(6);
        ElementType type = TYPES.get(name);
        if (type == null) {
            throw new Foreign("an array of " + Shown.of(name));
        }
        return new Stored(((Storage) a.get(0)).as(type), (Long) a.get(1), sizes(a.get(2)), sizes(a.get(3)));
    }

    static long[] sizes(Object tuple) {
        List<?> list = (List<?>) tuple;
        if (list.size() > Stored.MOST_DIMENSIONS) {
            throw new IllegalArgumentException("has an array of " + list.size() + " dimensions");
        }
        return list.stream().mapToLong(n -> (Long) n).toArray();
    }

    private static ElementType numpyType(String name) {
        ElementType type = Npy.TYPES.get(name);
        if (type == null) {
            throw new Foreign("a numpy array of '" + Shown.of(name) + "'");
        }
        return type;
    }

    private static Object numpyScalar(List<?> a) {
        ElementType type = (ElementType) a.get(0);
        Stored one = Stored.filling(type, new long[0], ByteBuffer.wrap((byte[]) a.get(1)), false);
        if (type == ElementType.BOOL) {
            return one.longs()[0] != 0;
        }
        return type.floating() ? (Object) one.doubles()[0] : (Object) one.longs()[0];
    }
}
