package org.dnd4j.core.checkpoint;

import java.math.BigInteger;
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
    private Allowed() {}

    /** A name that may be called: by REDUCE or NEWOBJ. */
    private record Constructor(String name, Function<List<Object>, Object> of) {}

    /** The attributes of an {@code argparse.Namespace}: a map that BUILD fills. */
    private static final class Namespace extends LinkedHashMap<Object, Object> {}

    /** A numpy array, empty until BUILD says what is in it. */
    static final class NumpyArray {
        private Stored content;

        Stored content() {
            return content;
        }
    }

    private static final Map<String, Object> TABLE = new HashMap<>();

    static {
        function("collections.OrderedDict", Allowed::map);
        function("collections.Counter", Allowed::map);
        function("argparse.Namespace", a -> new Namespace());
        function("builtins.set", Allowed::set);
        function("__builtin__.set", Allowed::set);
        function("_codecs.encode", a -> ((String) a.get(0)).getBytes(StandardCharsets.ISO_8859_1));
        function("torch._utils._rebuild_tensor", Allowed::tensor);
        function("torch._utils._rebuild_tensor_v2", Allowed::tensor);
        function("torch._utils._rebuild_parameter", a -> a.get(0));
        function("torch.Size", a -> a.get(0));
        function("torch.device", a -> a.size() == 1 ? a.get(0) : a.get(0) + ":" + a.get(1));
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
    }

    private static void function(String name, Function<List<Object>, Object> of) {
        TABLE.put(name, new Constructor(name, of));
    }

    private static void storage(String name, ElementType type, String... types) {
        TABLE.put("torch." + name + "Storage", type);
        for (String t : types) {
            TABLE.put("torch." + t, "torch." + t);
        }
    }

    /** What a name stands for. */
    static Object named(String module, String name) {
        Object known = TABLE.get(module + "." + name);
        if (known == null) {
            throw new IllegalArgumentException("the name " + module + "." + name + " is not allowed in a checkpoint");
        }
        return known;
    }

    /** Calls what {@link #named} gave. */
    static Object call(Object what, List<Object> arguments) {
        if (what instanceof Constructor c) {
            return c.of().apply(arguments);
        }
        throw new IllegalArgumentException("calls " + (what instanceof String s ? s : "something that is not a function"));
    }

    /** Gives a value its attributes: a namespace keeps them, maps and tensors do without. */
    static void build(Object what, Object state) {
        if (what instanceof Namespace namespace) {
            ((Map<?, ?>) state).forEach((k, v) -> namespace.put(key(k), v));
        } else if (what instanceof NumpyArray array) {
            fill(array, (List<?>) state);
        } else if (what instanceof ElementType) {
            if (">".equals(((List<?>) state).get(1))) {
                throw new IllegalArgumentException("holds a big-endian numpy array");
            }
        } else if (!(what instanceof LinkedHashMap || what instanceof Stored)) {
            throw new IllegalArgumentException("gives attributes to something that has none");
        }
    }

    /** Map keys and set members are plain values, so that hashing them is harmless. */
    static Object key(Object value) {
        if (value == null || value instanceof String || value instanceof Long || value instanceof BigInteger
                || value instanceof Double || value instanceof Boolean) {
            return value;
        }
        throw new IllegalArgumentException("uses a " + value.getClass().getSimpleName() + " as a key");
    }

    private static Object map(List<Object> arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (!arguments.isEmpty() && arguments.get(0) instanceof Map<?, ?> from) {
            from.forEach((k, v) -> map.put(key(k), v));
        } else if (!arguments.isEmpty()) {
            ((List<?>) arguments.get(0)).forEach(e -> map.put(key(((List<?>) e).get(0)), ((List<?>) e).get(1)));
        }
        return map;
    }

    private static Object set(List<Object> arguments) {
        LinkedHashSet<Object> set = new LinkedHashSet<>();
        if (!arguments.isEmpty()) {
            ((List<?>) arguments.get(0)).forEach(e -> set.add(key(e)));
        }
        return set;
    }

    /** (storage, offset, size, stride, …). */
    private static Object tensor(List<Object> a) {
        return new Stored((Stored.Storage) a.get(0), (Long) a.get(1), sizes(a.get(2)), sizes(a.get(3)));
    }

    private static long[] sizes(Object tuple) {
        return ((List<?>) tuple).stream().mapToLong(n -> (Long) n).toArray();
    }

    private static ElementType numpyType(String name) {
        ElementType type = Npy.TYPES.get(name);
        if (type == null) {
            throw new IllegalArgumentException("holds a numpy array of '" + name + "'; only numbers are read");
        }
        return type;
    }

    private static Object numpyScalar(List<Object> a) {
        ElementType type = (ElementType) a.get(0);
        Stored one = Stored.of(type, new long[0], ByteBuffer.wrap((byte[]) a.get(1)));
        return type.floating() ? (Object) one.doubles()[0] : (Object) one.longs()[0];
    }

    /** (version, shape, type, column-major, bytes). */
    private static void fill(NumpyArray array, List<?> state) {
        ByteBuffer bytes = ByteBuffer.wrap((byte[]) state.get(4));
        ElementType type = (ElementType) state.get(2);
        array.content = Boolean.TRUE.equals(state.get(3))
                ? Stored.columnMajor(type, sizes(state.get(1)), bytes)
                : Stored.of(type, sizes(state.get(1)), bytes);
    }
}
