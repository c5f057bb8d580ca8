package org.dnd4j.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.model.Competitor;
import org.dnd4j.core.model.Condition;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Generator;
import org.dnd4j.spi.Nearest;
import org.dnd4j.spi.Pass;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every wrong array from every method that returns one, told where it is returned. */
class WrongArraysTest {
    private static final Program HALF =
            Program.text("half.py", "def half(self, x: Tensor) -> Tensor:\n  return x.to(15)\n");

    /** What is returned instead, given what is right; and what is said of it, given what is right. */
    private record Wrong(UnaryOperator<NDArray> array, String said) {}

    private static final Map<String, Wrong> WRONG = new LinkedHashMap<>();

    static {
        WRONG.put("nothing", new Wrong(a -> null, " returned nothing"));
        for (DataType type : List.of(DataType.FLOAT64, DataType.FLOAT16, DataType.INT8, DataType.BOOLEAN, DataType.COMPLEX64)) {
            WRONG.put(type.toString(), new Wrong(a -> a.toType(type, true), " returned " + type + " ["));
        }
        WRONG.put("flat", new Wrong(NDArray::flatten, "], not "));
        WRONG.put("one row", new Wrong(a -> a.get("0:1"), "], not "));
        WRONG.put("no rows", new Wrong(a -> a.get("0:0"), "], not "));
        WRONG.put("closed", new Wrong(WrongArraysTest::closed, " returned an array that is closed"));
        WRONG.put("own kind", new Wrong(WrongArraysTest::ofItsOwn, " returned an array of a kind of its own, $Proxy"));
        WRONG.put("sparse", new Wrong(a -> a.toSparse(SparseFormat.COO), " returned a sparse array"));
        WRONG.put("text", new Wrong(a -> a.getManager().create("text"), " returned string [], not "));
    }

    private static NDArray closed(NDArray a) {
        NDArray closed = a.duplicate();
        closed.close();
        return closed;
    }

    private static NDArray ofItsOwn(NDArray a) {
        return (NDArray) Proxy.newProxyInstance(NDArray.class.getClassLoader(), new Class<?>[] {NDArray.class}, (p, m, args) -> {
            try {
                return m.invoke(a, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private Torch torch;
    private Weights w;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
        w = Weights.start(torch, List.of(Weight.of("codebooks.0.weight", 4, 3).normal(1),
                Weight.of("codebooks.1.weight", 4, 3).normal(1)), Precision.FLOAT32, false, Key.of(1));
    }

    @AfterEach
    void close() {
        torch.close();
    }

    static Stream<Arguments> cases() {
        return Stream.of("begin", "target", "next", "decode", "codeword", "nearest", "codewords", "loss", "encode", "image", "run", "norm", "losses", "predict", "sample")
                .flatMap(method -> WRONG.keySet().stream().map(kind -> Arguments.of(method, kind)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isToldWithThePluginTheMethodAndTheLaw(String method, String kind) {
        if (method.startsWith("loss") && List.of("flat", "one row", "no rows", "sparse").contains(kind)) {
            return; // a scalar has none
        } else if (method.equals("sample") && kind.equals("one row")) {
            return; // as many as there should be
        }
        Wrong wrong = WRONG.get(kind);
        String message = assertThrows(UserError.class, () -> work(method, wrong.array())).getMessage();
        String law = switch (method) {
            case "nearest", "codewords" -> "D3";
            case "loss" -> "D8";
            case "encode", "image" -> "A1";
            case "run", "norm" -> "B1";
            case "losses" -> "G7";
            case "predict" -> "G8";
            case "sample" -> "G2";
            default -> "D2";
        };
        String spi = Map.of('D', "decomposition", 'A', "autoencoder", 'B', "backbone", 'G', "generator").get(law.charAt(0));
        String called = method.equals("codewords") ? "nearest" : method.equals("image") ? "decode" : method;
        assertTrue(message.startsWith("plugin 'wrong' 1.2.0 (" + spi + ") breaks law " + law + ": " + called + " returned "), message);
        assertTrue(message.contains(wrong.said()), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void theMessageIsTheOneOfTheManual() {
        String message = assertThrows(UserError.class, () -> work("next", a -> a.toType(DataType.FLOAT64, true))).getMessage();
        assertEquals("plugin 'wrong' 1.2.0 (decomposition) breaks law D2: next returned float64 [5,3], not float32 [5,3]", message);
    }

    /** What only programs can make is opaque outside of them, and told all the same. */
    @Test
    void bfloat16FromAProgramIsTold() {
        String message = assertThrows(UserError.class, () -> work("next", a -> w.run(HALF, "half", a))).getMessage();
        assertTrue(message.startsWith("plugin 'wrong' 1.2.0 (decomposition) breaks law D2: next returned "), message);
    }

    @Test
    void codesOutOfRangeAreTold() {
        for (long code : new long[] {-1, 4, Long.MAX_VALUE, Long.MIN_VALUE}) {
            UnaryOperator<NDArray> outside = a -> {
                long[] codes = a.toLongArray();
                codes[2] = code;
                return a.getManager().create(codes, a.getShape());
            };
            String message = assertThrows(UserError.class, () -> work("nearest", outside)).getMessage();
            assertTrue(message.startsWith("plugin 'wrong' 1.2.0 (decomposition) breaks law D3: nearest returned codes from "), message);
            assertTrue(message.endsWith(" at depth 0, not from 0 to 3"), message);
        }
    }

    @Test
    void whatAGeneratorReturnsIsLookedAt() {
        String who = "plugin 'wrong' 1.2.0 (generator) breaks law ";
        for (long code : new long[] {-1, 4}) {
            String message = assertThrows(UserError.class, () -> work("sample", a -> a.add(code))).getMessage();
            assertEquals(who + "G2: sample returned code " + code + " at depth 0, of 0 to 3", message);
        }
        String nan = assertThrows(UserError.class, () -> work("predict", a -> a.mul(Float.NaN))).getMessage();
        assertEquals(who + "G8: predict returned NaN or infinity", nan);
        NDArray labels = torch.manager().zeros(new Shape(2), DataType.INT64);
        NDArray codes = torch.manager().zeros(new Shape(2, 4, 2), DataType.INT64);
        Competitor few = competitor(new Even("few", a -> a));
        String count = assertThrows(UserError.class, () -> few.losses(labels, codes, true, Key.of(1), w)).getMessage();
        assertEquals(who + "G7: losses returned 1 arrays, not 5", count);
        Competitor lost = competitor(new Even("lost", a -> a));
        String none = assertThrows(UserError.class, () -> lost.examine(labels, codes, Key.of(1), w)).getMessage();
        assertEquals(who + "G1: losses returned NaN or infinity, given finite weights", none);
    }

    @Test
    void closingWhatWasLentIsTold() {
        Decomposition closer = guarded(new Decomposition() {
            @Override
            public List<Weight> weights(CodeSpace space) {
                return List.of();
            }

            @Override
            public NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
                NDArray next = state.add(codeword);
                state.close();
                return next;
            }
        });
        String message = assertThrows(UserError.class, () -> quantize(closer)).getMessage();
        assertEquals("plugin 'wrong' 1.2.0 (decomposition) breaks law D5: next closed an array that it was lent", message);
    }

    @Test
    void latentsThatAreNoNumbersAreTold() {
        UnaryOperator<NDArray> nan = a -> a.mul(Float.NaN);
        String message = assertThrows(UserError.class, () -> work("encode", nan)).getMessage();
        assertEquals("plugin 'wrong' 1.2.0 (autoencoder) breaks law A1: encode returned NaN or infinity, given finite numbers", message);
        message = assertThrows(UserError.class, () -> work("next", nan)).getMessage();
        assertEquals("plugin 'wrong' 1.2.0 (decomposition) breaks law D2: decode returned NaN or infinity, given finite numbers", message);
        message = assertThrows(UserError.class, () -> work("run", nan)).getMessage();
        assertEquals("plugin 'wrong' 1.2.0 (backbone) breaks law B1: run returned NaN or infinity, given finite numbers", message);
    }

    private static Competitor competitor(Generator plugin) {
        Generator g = Guard.around(Generator.class, Identity.of(Generator.class, "wrong", "1.2.0"), plugin);
        return new Competitor(g, CodeSpace.of(3, 2, 4), 2, 2, new Condition.Classes(1, false));
    }

    private Decomposition guarded(Decomposition plugin) {
        return Guard.around(Decomposition.class, Identity.of(Decomposition.class, "wrong", "1.2.0"), plugin);
    }

    private void quantize(Decomposition d) {
        Quantizer quantizer = new Quantizer(d, CodeSpace.of(3, 2, 4), 1);
        NDArray z = torch.manager().ones(new Shape(5, 3));
        NDArray codes = quantizer.quantize(z, w).codes();
        quantizer.decode(codes, w);
    }

    /** Calls one method through the runtime, with what it returns spoiled. */
    private void work(String method, UnaryOperator<NDArray> spoil) {
        switch (method) {
            case "encode", "image" -> {
                Autoencoder a = Guard.around(
                        Autoencoder.class, Identity.of(Autoencoder.class, "wrong", "1.2.0"), new Spoiled(method, spoil));
                Tokenizer tokenizer = new Tokenizer(a, new Quantizer(new Plain("", spoil), CodeSpace.of(3, 2, 4), 1));
                Weights all = Weights.start(torch, tokenizer.weights(), Precision.FLOAT32, false, Key.of(1));
                NDArray images = torch.manager().ones(new Shape(2, 3, 4, 4));
                tokenizer.decode(tokenizer.encode(images, all), all);
            }
            case "run", "norm" -> {
                Backbone b = Guard.around(Backbone.class, Identity.of(Backbone.class, "wrong", "1.2.0"), new Still(method, spoil));
                DndTransformer model = new DndTransformer(b, List.of(new Tap(0, 0, true), new Tap(1, 1, false)),
                        CodeSpace.of(3, 2, 4), 2, 2, new Condition.Classes(1, false), DndTransformer.Embeddings.SHARED, false, 0);
                Weights all = Weights.start(torch, model.weights(), Precision.FLOAT32, false, Key.of(1));
                NDArray codes = torch.manager().zeros(new Shape(2, 4, 2), DataType.INT64);
                model.logits(torch.manager().zeros(new Shape(2), DataType.INT64), codes, false, Key.of(1), all);
            }
            case "losses", "predict", "sample" -> {
                Competitor model = competitor(new Even(method, spoil));
                if (method.equals("losses")) {
                    NDArray codes = torch.manager().zeros(new Shape(2, 4, 2), DataType.INT64);
                    model.losses(torch.manager().zeros(new Shape(2), DataType.INT64), codes, false, Key.of(1), w);
                } else {
                    Generation drawn = new Generation(model, new Sampling(null, null, null, null, null, null, null), w);
                    drawn.codes(new int[2], Generation.keys(1, 0, 2), p -> {});
                }
            }
            case "loss" -> {
                Quantizer quantizer = new Quantizer(guarded(new Plain(method, spoil)), CodeSpace.of(3, 2, 4), 1);
                NDArray z = torch.manager().ones(new Shape(5, 3));
                quantizer.loss(z, new NDList(z, z), w);
            }
            default -> quantize(guarded(new Plain(method, spoil)));
        }
    }

    /** A residual decomposition with one method spoiled. */
    private record Plain(String method, UnaryOperator<NDArray> spoil) implements Decomposition {
        private NDArray of(String name, NDArray right) {
            return name.equals(method) ? spoil.apply(right) : right;
        }

        @Override
        public List<Weight> weights(CodeSpace space) {
            return List.of(Weight.of("codebooks.0.weight", 4, 3).normal(1), Weight.of("codebooks.1.weight", 4, 3).normal(1));
        }

        @Override
        public NDArray begin(NDArray like, Weights w) {
            return of("begin", like.zerosLike());
        }

        @Override
        public NDArray target(NDArray z, NDArray state, int k, Weights w) {
            return of("target", z.sub(state));
        }

        @Override
        public NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
            return of("next", state.add(codeword));
        }

        @Override
        public NDArray decode(NDArray state, int k, Weights w) {
            return of("decode", state);
        }

        @Override
        public NDArray codeword(NDArray codes, NDArray state, int k, Weights w) {
            return of("codeword", Decomposition.super.codeword(codes, state, k, w));
        }

        @Override
        public Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
            Nearest found = Nearest.inTable(target, w.get(table(k)), a, w);
            return new Nearest(of("nearest", found.codes()), of("codewords", found.codewords()));
        }

        @Override
        public NDArray loss(NDArray z, NDList decoded, Weights w) {
            return of("loss", Decomposition.super.loss(z, decoded, w));
        }
    }

    /** Pixels as latents. */
    private record Spoiled(String method, UnaryOperator<NDArray> spoil) implements Autoencoder {
        @Override
        public int factor() {
            return 1;
        }

        @Override
        public int width() {
            return 3;
        }

        @Override
        public List<Weight> weights() {
            return List.of();
        }

        @Override
        public NDArray encode(NDArray images, Weights w) {
            NDArray right = images.transpose(0, 2, 3, 1);
            return method.equals("encode") ? spoil.apply(right) : right;
        }

        @Override
        public NDArray decode(NDArray latents, Weights w) {
            NDArray right = latents.transpose(0, 3, 1, 2);
            return method.equals("image") ? spoil.apply(right) : right;
        }
    }

    /** Finds all codes equally probable, or, if samples are to be spoiled, draws code 0 its own way. */
    private record Even(String method, UnaryOperator<NDArray> spoil) implements Generator {
        @Override
        public boolean predicts() {
            return !method.equals("sample");
        }

        @Override
        public List<Weight> weights(CodeSpace space, int rows, int columns, int classes) {
            return List.of();
        }

        @Override
        public NDArray loss(NDArray codes, NDArray classes, Key key, Weights w) {
            return losses(codes, classes, true, key, w).head(); // []
        }

        @Override
        public NDList losses(NDArray codes, NDArray classes, boolean training, Key key, Weights w) {
            NDArray right = w.torch().manager().create(method.equals("lost") ? Float.NaN : 1.4f); // []
            if (method.equals("few")) {
                return new NDList(right);
            }
            return new NDList(right, right, method.equals("losses") ? spoil.apply(right) : right, right, right);
        }

        @Override
        public NDList prepare(int rows, long[] shape, Weights w) {
            return new NDList();
        }

        @Override
        public NDArray predict(NDArray before, int position, int depth, long[] shape, NDList state, Weights w) {
            NDArray right = w.torch().manager().zeros(new Shape(before.size(), 4)); // [b,K]
            return method.equals("predict") ? spoil.apply(right) : right;
        }

        @Override
        public NDArray sample(NDArray classes, long[] shape, Key key, Weights w) {
            Shape wanted = new Shape(classes.size(), shape[0], shape[1], shape[2]);
            return spoil.apply(w.torch().manager().zeros(wanted, DataType.INT64)); // [b,h,w,D]
        }
    }

    /** Layers that do nothing. */
    private record Still(String method, UnaryOperator<NDArray> spoil) implements Backbone {
        @Override
        public int width() {
            return 8;
        }

        @Override
        public int layers() {
            return 2;
        }

        @Override
        public List<Weight> weights(int heads, int positions) {
            return List.of();
        }

        @Override
        public NDList prepare(NDArray places, int rows, Weights w) {
            return new NDList();
        }

        @Override
        public NDArray run(NDArray h, int from, int to, Pass pass) {
            return method.equals("run") ? spoil.apply(h) : h;
        }

        @Override
        public NDArray norm(NDArray h, int head, Pass pass) {
            return method.equals("norm") ? spoil.apply(h) : h;
        }
    }
}
