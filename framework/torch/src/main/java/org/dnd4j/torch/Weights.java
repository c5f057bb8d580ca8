package org.dnd4j.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import java.nio.ByteBuffer;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A named tree of arrays on an open {@link Torch}, in one precision, either to be trained or only to be used. Plugins are
 * handed the part of the tree that they declared and keep nothing.
 */
public final class Weights {
    private static final Program STARTS = Program.of(Weights.class, "starts.py");
    private static final Program KEPT = Program.of(Weights.class, "kept.py");

    private static final int PIECE = 1 << 18;

    private final Tree tree;
    private final String prefix;
    private final boolean halved;

    private Weights(Tree tree, String prefix, boolean halved) {
        this.tree = tree;
        this.prefix = prefix;
        this.halved = halved;
    }

    /** What all views of one tree share. */
    private static final class Tree {
        final Torch torch;
        final Precision precision;
        final boolean training;
        final Prelude prelude;
        final Map<String, Weight> declared = new LinkedHashMap<>();
        final Map<String, PtNDArray> arrays = new HashMap<>();
        final Map<String, PtNDArray> scales = new HashMap<>();
        final Packing objects = new Packing(); // matrices that are no tensors, and one of no name
        final Map<List<String>, Group> groups = new HashMap<>();
        final Map<List<?>, Group> known = new HashMap<>(); // some of them by a short key
        final Runnable close = this::close;

        Tree(Torch torch, Precision precision, boolean training) {
            this.torch = torch;
            this.precision = torch.computed(precision);
            this.training = training;
            this.prelude = torch.prelude(precision, training);
            torch.closing(close);
            if (prelude.objects()) {
                try (Scope step = torch.scope()) {
                    object("", torch.call(STARTS, prelude, "pack_matrix", step.manager().zeros(new Shape(1, 16))).get(0));
                    objects.finish(); // and the program is loaded before another thread asks for it
                }
            }
        }

        /** Takes the levels out of the present scope, and closes them once they are packed. */
        void object(String full, NDArray levels) {
            levels.attach(torch.rootManager());
            objects.begin(full, levels, () -> torch.object(STARTS, prelude, "prepacked", (PtNDArray) levels));
        }

        boolean packed(String full) {
            return !training && declared.get(full).matrix();
        }

        void close() {
            torch.forget(close);
            groups.values().forEach(Group::close);
            groups.clear();
            known.clear();
            arrays.values().forEach(NDArray::close);
            scales.values().forEach(NDArray::close);
            objects.close();
            arrays.clear();
            scales.clear();
        }
    }

    /** Where weights come from: the elements of one weight, row-major. */
    @FunctionalInterface
    public interface Source extends Function<Weight, float[]> {}

    /**
     * Weights at their declared start.
     *
     * @param key names the draws; each weight's draw is keyed by its name as well
     */
    public static Weights start(
            Torch torch, Collection<Weight> declared, Precision precision, boolean training, Key key) {
        Tree tree = new Tree(torch, precision, training);
        for (Weight weight : declared) {
            put(tree, weight, started(tree, weight, key.at(weight.name())));
        }
        return whole(tree);
    }

    /** Weights with given values. */
    public static Weights load(
            Torch torch, Collection<Weight> declared, Precision precision, boolean training, Source source) {
        Tree tree = new Tree(torch, precision, training);
        for (Weight weight : declared) {
            float[] values = source.apply(weight);
            counted(weight, values.length);
            put(tree, weight, copied(tree, values, shape(weight)));
        }
        return whole(tree);
    }

    /**
     * Weights as a file holds them, one after the other: beside what is kept, one weight at a time is in memory. Whole
     * numbers with scales that stay {@link Precision#INT8} or {@link Precision#INT4} are kept as they are, bit for bit;
     * everything else is widened to float32 first, exactly.
     *
     * @throws IllegalArgumentException if there are not as many elements as a weight's shape says
     */
    public static Weights read(
            Torch torch,
            Collection<Weight> declared,
            Precision precision,
            boolean training,
            Function<Weight, Elements> source) {
        Tree tree = new Tree(torch, precision, training);
        for (Weight weight : declared) {
            Elements elements = source.apply(weight);
            counted(weight, elements.size());
            if (!training && weight.matrix() && elements.kind().name().equals(tree.precision.name()) && elements.scales() != null) {
                keep(tree, weight, elements);
            } else {
                put(tree, weight, widened(tree, weight, elements));
            }
        }
        return whole(tree);
    }

    private static Weights whole(Tree tree) {
        tree.objects.finish();
        return new Weights(tree, "", false);
    }

    /** As they are: without numbers of 32 bits on the way, between which memory would be left in pieces. */
    private static void keep(Tree tree, Weight weight, Elements e) {
        declare(tree, weight);
        try (Scope step = tree.torch.scope()) {
            packed(tree, weight, tree.torch.call(KEPT, tree.prelude, "kept", levels(step, weight, e), scales(step, weight, e)));
        }
    }

    /** {@code [out,in]}, or {@code [out,in/2]} of two a byte. */
    private static NDArray levels(Scope step, Weight weight, Elements e) {
        return e.kind() == Elements.Kind.INT8
                ? step.manager().create(e.bytes(), shape(weight), DataType.INT8)
                : step.manager().create(
                        e.bytes(), new Shape(weight.shape().get(0), weight.shape().get(1) / 2), DataType.UINT8);
    }

    /** {@code [out]}, or {@code [out,groups,2]}. */
    private static NDArray scales(Scope step, Weight weight, Elements e) {
        float[] scales = Elements.widened(e.scales(), 0, e.scales().limit() / Elements.Kind.BFLOAT16.bytes());
        long out = weight.shape().get(0);
        return step.manager().create(
                scales, e.kind() == Elements.Kind.INT8 ? new Shape(out) : new Shape(out, scales.length / (2 * out), 2));
    }

    private static NDArray widened(Tree tree, Weight weight, Elements e) {
        try (Scope step = tree.torch.scope()) {
            return switch (e.kind()) {
                case FLOAT32 -> owned(tree, step.manager().create(e.bytes(), shape(weight), DataType.FLOAT32));
                case BFLOAT16 -> halves(tree, weight, e);
                case INT8, INT4 -> owned(
                        tree,
                        tree.torch.call(
                                        STARTS,
                                        tree.prelude,
                                        e.kind() == Elements.Kind.INT8 ? "scaled" : "scaled4",
                                        levels(step, weight, e),
                                        scales(step, weight, e))
                                .head());
            };
        }
    }

    /** In pieces, as programs cannot read bytes as halves and Java's memory outside its heap is slow to be given back. */
    private static NDArray halves(Tree tree, Weight weight, Elements e) {
        NDArray all = tree.torch.rootManager().zeros(shape(weight));
        for (int at = 0; at < e.size(); at += PIECE) {
            try (Scope piece = tree.torch.scope()) {
                float[] values = Elements.widened(e.bytes(), at, (int) Math.min(PIECE, e.size() - at));
                tree.torch.call(STARTS, tree.prelude, "place", all, piece.manager().create(values), at);
            }
        }
        return all;
    }

    private static void counted(Weight weight, long elements) {
        if (elements != weight.size()) {
            throw new IllegalArgumentException("weight " + weight.name() + " has " + elements + " elements, not "
                    + weight.size() + " as its shape " + weight.shape() + " says");
        }
    }

    /** Memory that torch allocates is aligned, memory from Java need not be: kernels then differ in the last bit. */
    private static NDArray copied(Tree tree, float[] values, Shape shape) {
        try (Scope step = tree.torch.scope()) {
            return owned(tree, step.manager().create(values, shape));
        }
    }

    /** A copy made outside inference mode, so that it may take part in training. */
    private static NDArray owned(Tree tree, NDArray array) {
        NDArray owned = array.duplicate();
        owned.attach(tree.torch.rootManager());
        return owned;
    }

    private static NDArray started(Tree tree, Weight weight, Key key) {
        try (Scope step = tree.torch.scope()) {
            NDArray drawn;
            long[] sizes = weight.shape().stream().mapToLong(n -> n).toArray();
            if (weight.start() instanceof Weight.Start.Normal n) {
                drawn = tree.torch.call(STARTS, tree.prelude, "normal", key, n.deviation(), sizes).head();
            } else if (weight.start() instanceof Weight.Start.Uniform u) {
                drawn = tree.torch.call(STARTS, tree.prelude, "uniform", key, u.bound(), sizes).head();
            } else {
                double value = ((Weight.Start.Constant) weight.start()).value();
                drawn = step.manager().full(new Shape(sizes), (float) value);
            }
            return owned(tree, drawn);
        }
    }

    /** Takes ownership of a float32 array: trainable as it is, otherwise packed for the precision. */
    private static void put(Tree tree, Weight weight, NDArray array) {
        declare(tree, weight);
        if (tree.training || !weight.matrix()) {
            if (tree.training && weight.learns() == Weight.Learns.GRADIENT) {
                array.setRequiresGradient(true);
            }
            tree.arrays.put(weight.name(), (PtNDArray) array);
            return;
        }
        try (Scope step = tree.torch.scope()) {
            NDList packed = tree.torch.call(STARTS, tree.prelude, "pack_matrix", array);
            array.close();
            packed(tree, weight, packed);
        }
    }

    private static void declare(Tree tree, Weight weight) {
        if (tree.declared.put(weight.name(), weight) != null) {
            throw new IllegalArgumentException("two weights are called " + weight.name());
        }
    }

    /**
     * Keeps a matrix and, if there are some, its scales beyond the present scope. Of int8 there are scales in bfloat16 and in
     * float32: an object's matrix is in the object, and the latter stand in its place.
     */
    private static void packed(Tree tree, Weight weight, NDList packed) {
        boolean object = tree.prelude.objects() && tree.torch.packs(weight);
        if (object) {
            tree.object(weight.name(), packed.get(0));
        }
        int matrix = object ? 2 : 0;
        tree.arrays.put(weight.name(), kept(tree, packed.get(matrix)));
        if (packed.size() > 1) {
            tree.scales.put(weight.name(), kept(tree, packed.get(1)));
        }
    }

    private static PtNDArray kept(Tree tree, NDArray array) {
        array.attach(tree.torch.rootManager());
        return (PtNDArray) array;
    }

    private static Shape shape(Weight weight) {
        return new Shape(weight.shape().stream().mapToLong(n -> n).toArray());
    }

    /** The device this tree lives on. */
    public Torch torch() {
        return tree.torch;
    }

    /** What products are computed in here, see {@link Torch#computed}. */
    public Precision precision() {
        return tree.precision;
    }

    /**
     * Whether attention, too, should be in bfloat16: on a GPU it follows the products. A CPU is faster in float32, three to
     * four times where a cache is read (65 against 182 µs a layer of B).
     */
    public boolean halves() {
        return tree.precision != Precision.FLOAT32 && (halved || !tree.torch.device().equals("cpu"));
    }

    /** The same tree, but {@link #halves} as on a GPU: what only that chooses can be tried on a CPU. */
    public Weights halved() {
        return new Weights(tree, prefix, true);
    }

    /** Whether the arrays are float32 masters that training moves. */
    public boolean training() {
        return tree.training;
    }

    /** The part of the tree below {@code name}: {@code at("layers.3").get("wo.weight")} is {@code layers.3.wo.weight}. */
    public Weights at(String name) {
        return new Weights(tree, prefix + name + ".", halved);
    }

    /** The declarations below this point, with full names, in declared order. */
    public List<Weight> declared() {
        return tree.declared.values().stream().filter(w -> w.name().startsWith(prefix)).toList();
    }

    /** Whether there is a weight of that name below this point. */
    public boolean has(String name) {
        return tree.declared.containsKey(prefix + name);
    }

    /**
     * One array, lent to the present scope: results of operations on it go with the scope. A packed matrix is opaque and
     * cannot be had this way, only through {@link #group}.
     *
     * @throws IllegalArgumentException if there is no such weight
     */
    public NDArray get(String name) {
        PtNDArray array = array(prefix + name);
        refusePacked(name);
        return tree.torch.current().borrow(array);
    }

    /** The arrays that gradients are taken for, in declared order, with their declarations. */
    public Map<Weight, NDArray> trainable() {
        Map<Weight, NDArray> trainable = new LinkedHashMap<>();
        for (Weight weight : declared()) {
            if (weight.learns() == Weight.Learns.GRADIENT) {
                trainable.put(weight, array(weight.name()));
            }
        }
        return trainable;
    }

    /** Replaces the values of one weight in place; the array stays the same object. Not for a packed matrix. */
    public void set(String name, NDArray values) {
        PtNDArray array = array(prefix + name);
        refusePacked(name);
        if (!array.getShape().equals(values.getShape()) || values.getDataType() != DataType.FLOAT32) {
            throw new IllegalArgumentException(prefix + name + " is float32 " + array.getShape() + ", not "
                    + values.getDataType() + " " + values.getShape());
        }
        tree.torch.call(STARTS, tree.prelude, "assign", array, values);
    }

    /** The elements of one weight, row-major (not of a packed matrix). */
    public float[] values(String name) {
        try (Scope step = tree.torch.scope()) {
            return get(name).toFloatArray();
        }
    }

    /** Weights for a program's parameter of type {@code Weights}; made once per list of names and reused. */
    public Group group(String... names) {
        return group(Arrays.asList(names));
    }

    /** Weights for a program's parameter of type {@code Weights}; made once per list of names and reused. */
    public Group group(List<String> names) {
        List<String> full = prefix.isEmpty() ? List.copyOf(names) : names.stream().map(n -> prefix + n).toList();
        return tree.groups.computeIfAbsent(full, k -> new Group(tree, k));
    }

    /**
     * The same for names that are many: they are asked for once for each key.
     *
     * @param key of a type that nobody else uses, such as a private record
     */
    public Group group(Record key, Supplier<List<String>> names) {
        return tree.known.computeIfAbsent(List.of(prefix, key), k -> group(names.get()));
    }

    /** Calls a method of a program; what it returns belongs to the present scope. */
    public NDList call(Program program, String method, Object... arguments) {
        return tree.torch.call(program, tree.prelude, method, arguments);
    }

    /** Takes a step; {@code first} are the arguments that it leaves to what comes before it. */
    public NDList call(Step step, NDArray... first) {
        return call(step.program(), step.method(), Stream.concat(Stream.of(first), step.arguments().stream()).toArray());
    }

    /**
     * Takes several steps in one call of a program that is written of theirs: each is handed what the one before it returned,
     * as many of its tensors as the step has no arguments for.
     *
     * @return what the last returns
     * @throws IllegalArgumentException if a step has too few arguments, as the first needs all
     * @throws ProgramException if one fails, or returns less than the next needs
     */
    public NDList call(List<Step> steps) {
        return tree.torch.call(steps, tree.prelude);
    }

    /** Calls a method of a program that returns one tensor. */
    public NDArray run(Program program, String method, Object... arguments) {
        NDList results = call(program, method, arguments);
        if (results.size() != 1) {
            throw new IllegalArgumentException(program + ": " + method + " returned " + results.size() + " tensors, not one");
        }
        return results.head();
    }

    /** Frees the whole tree, groups included; it is not usable afterwards. Closing its {@link Torch} does the same. */
    public void close() {
        tree.close();
    }

    private void refusePacked(String name) {
        if (tree.packed(prefix + name)) {
            throw new IllegalArgumentException(prefix + name + " is packed as " + tree.precision.label()
                    + " and can only be used by programs");
        }
    }

    private PtNDArray array(String full) {
        PtNDArray array = tree.arrays.get(full);
        if (array == null) {
            throw new IllegalArgumentException("there is no weight " + full);
        }
        return array;
    }

    /** A list of weights as a program sees it: two parallel lists, weights and scales. */
    public static final class Group {
        private final List<PtNDArray> weights = new ArrayList<>();
        private final List<PtNDArray> scales = new ArrayList<>();
        private final List<IValue> objects = new ArrayList<>();
        private IValue value;
        private boolean closed;

        private Group(Tree tree, List<String> names) {
            for (String name : names) {
                PtNDArray array = tree.arrays.get(name);
                if (array == null) {
                    throw new IllegalArgumentException("there is no weight " + name);
                }
                weights.add(array);
                PtNDArray scale = tree.scales.get(name);
                if (scale != null || !tree.scales.isEmpty()) {
                    scales.add(scale == null ? array : scale); // keeps the indices parallel
                }
                if (tree.prelude.objects()) {
                    objects.add(tree.objects.get(name));
                }
            }
            if (tree.prelude.objects() && objects.isEmpty()) {
                objects.add(tree.objects.get("")); // a list of none has no type
            }
        }

        List<PtNDArray> weights() {
            return weights;
        }

        List<PtNDArray> scales() {
            return scales;
        }

        IValue value() {
            if (value == null) {
                try (IValue w = IValue.listFrom(weights.toArray(PtNDArray[]::new));
                        IValue s = IValue.listFrom(scales.toArray(PtNDArray[]::new))) {
                    value = objects.isEmpty() ? IValue.tupleFrom(w, s) : with(w, s);
                }
            }
            return value;
        }

        private IValue with(IValue w, IValue s) {
            try (IValue o = IValue.listFrom(objects.toArray(IValue[]::new))) {
                return IValue.tupleFrom(w, s, o);
            }
        }

        boolean closed() {
            return closed;
        }

        private void close() {
            closed = true;
            if (value != null) {
                value.close();
                value = null;
            }
        }
    }
}
