package org.dnd4j.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Generator;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.Metric;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method of every SPI, and everything that it may throw. */
class GuardTest {
    private static final List<Class<?>> SPIS = List.of(
            Decomposition.class, HeadTopology.class, Backbone.class, Autoencoder.class, Generator.class, Metric.class);

    /** What is thrown, and what is said of it after the plugin's name. */
    private static final Map<Throwable, String> FAULTS = new LinkedHashMap<>();

    static {
        FAULTS.put(new IllegalStateException("no luck\nat all"), " failed in %s: IllegalStateException: no luck");
        FAULTS.put(new NullPointerException(), " failed in %s: NullPointerException");
        FAULTS.put(new AssertionError("never"), " failed in %s: AssertionError: never");
        FAULTS.put(new StackOverflowError(), " failed in %s: StackOverflowError");
        FAULTS.put(new NoClassDefFoundError("org/gone/Away"), " failed in %s: NoClassDefFoundError: org/gone/Away");
        FAULTS.put(new UnsatisfiedLinkError("lost"), " failed in %s: UnsatisfiedLinkError: lost");
        FAULTS.put(new ThreadDeath(), " failed in %s: ThreadDeath");
        FAULTS.put(new Sly(), " failed in %s: Sly");
        FAULTS.put(
                new OutOfMemoryError("Java heap space"),
                " failed in %s: the memory does not suffice (Java heap space): make batch, the network or its tables smaller");
        FAULTS.put(new UserError("width is 7: must be even"), ": width is 7: must be even");
    }

    /** Will not even say what it is. */
    private static final class Sly extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("guess");
        }
    }

    static Stream<Arguments> methods() {
        return SPIS.stream()
                .flatMap(spi -> Stream.of(spi.getMethods()).filter(m -> !Modifier.isStatic(m.getModifiers())).map(m -> Arguments.of(spi, m)));
    }

    /** A plugin of which every method does the same. */
    private static <T> T plugin(Class<T> spi, Guard.Body<?> body) {
        Object plugin = Proxy.newProxyInstance(spi.getClassLoader(), new Class<?>[] {spi}, (p, m, a) -> body.run());
        return Guard.around(spi, Identity.of(spi, "wrong", "1.2.0"), spi.cast(plugin));
    }

    private static Object call(Object plugin, Method method) throws Throwable {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(t -> t == int.class ? (Object) 2 : t == boolean.class ? false : null)
                .toArray();
        try {
            return method.invoke(plugin, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static String name(Class<?> spi) {
        return "plugin 'wrong' 1.2.0 (" + spi.getSimpleName().toLowerCase(java.util.Locale.ROOT) + ")";
    }

    private static String complaint(Object plugin, Method method) {
        return assertThrows(UserError.class, () -> call(plugin, method)).getMessage();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void whateverIsThrownNamesThePluginAndItsMethod(Class<?> spi, Method method) {
        FAULTS.forEach((fault, said) -> {
            Object plugin = plugin(spi, () -> {
                throw fault;
            });
            assertEquals(name(spi) + said.formatted(method.getName()), complaint(plugin, method));
        });
    }

    @ParameterizedTest
    @MethodSource("methods")
    void nothingIsNoResult(Class<?> spi, Method method) throws Throwable {
        if (method.getReturnType() == boolean.class) {
            Object plugin = plugin(spi, () -> true);
            assertEquals(true, call(plugin, method), "yes and no are both results");
            return;
        }
        Object plugin = plugin(spi, () -> method.getReturnType() == int.class ? 0 : null);
        if (List.of("lastLayer", "fit", "reach").contains(method.getName())) {
            assertNull(call(plugin, method));
        } else {
            String message = complaint(plugin, method);
            String returned = method.getReturnType() == int.class ? " returned 0, not at least 1" : " returned nothing";
            assertTrue(message.matches("\\Q" + name(spi) + "\\E breaks law [DHBAGM]\\d: " + method.getName() + returned), message);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aWeightThatWasNotDeclaredIsAgainstTheLaw(Class<?> spi, Method method) {
        Object plugin = plugin(spi, () -> {
            throw new IllegalArgumentException("there is no weight quantizer.extra");
        });
        String message = complaint(plugin, method);
        if (spi != HeadTopology.class && spi != Metric.class) {
            assertTrue(message.matches("\\Q" + name(spi) + "\\E breaks law (D6|B7|A4|G4): " + method.getName()
                    + " asked for a weight that it does not declare: there is no weight quantizer.extra"), message);
        }
    }

    /** What Java's compiler would refuse can come from bytecode that it did not write. */
    @Test
    void aCheckedExceptionIsOneLikeAnyOther() {
        HeadTopology sneaky = (layers, depth) -> GuardTest.<List<Tap>, RuntimeException>sneak(new java.io.IOException("checked"));
        HeadTopology guarded = Guard.around(HeadTopology.class, Identity.of(HeadTopology.class, "wrong", "1.2.0"), sneaky);
        String message = assertThrows(UserError.class, () -> guarded.taps(1, 1)).getMessage();
        assertEquals(name(HeadTopology.class) + " failed in taps: IOException: checked", message);
    }

    @SuppressWarnings("unchecked")
    private static <T, E extends Exception> T sneak(Exception e) throws E {
        throw (E) e;
    }

    @ParameterizedTest
    @MethodSource("methods")
    void anArrayOfAnEarlierStepIsAgainstTheLaw(Class<?> spi, Method method) {
        Object plugin = plugin(spi, () -> {
            throw new IllegalStateException("Native resource has been released already.");
        });
        String message = complaint(plugin, method);
        if (spi != HeadTopology.class) {
            assertTrue(message.matches("\\Q" + name(spi) + "\\E breaks law (D9|B9|A6|G5|M4): " + method.getName()
                    + " used an array that is closed, as those of earlier steps are"), message);
        }
    }

    @Test
    void realRecursionAndRealGreed() {
        String deep = complaint(plugin(Backbone.class, () -> deeper(1)), layers());
        assertEquals(name(Backbone.class) + " failed in layers: StackOverflowError", deep);
        String greedy = complaint(plugin(Backbone.class, () -> greedy(new ArrayList<>())), layers());
        assertTrue(greedy.startsWith(name(Backbone.class) + " failed in layers: the memory does not suffice ("), greedy);
    }

    private static Method layers() {
        return Stream.of(Backbone.class.getMethods()).filter(m -> m.getName().equals("layers")).findFirst().orElseThrow();
    }

    private static int deeper(int n) {
        return deeper(n + 1) + 1;
    }

    private static int greedy(List<long[]> kept) {
        while (true) {
            kept.add(new long[Integer.MAX_VALUE - 8]);
        }
    }

    @Test
    void twoWeightsOfOneNameAreAgainstTheLaw() {
        List<Weight> twins = List.of(Weight.of("a", 2), Weight.of("a", 3));
        String message = assertThrows(UserError.class, () -> plugin(Autoencoder.class, () -> twins).weights()).getMessage();
        assertEquals(name(Autoencoder.class) + " breaks law A4: weights returned two that are called a", message);
        List<Weight> holey = Arrays.asList(Weight.of("a", 2), null);
        message = assertThrows(UserError.class, () -> plugin(Backbone.class, () -> holey).weights(1, 1)).getMessage();
        assertEquals(name(Backbone.class) + " breaks law B7: weights returned a list with null in it", message);
    }

    @Test
    void tapsAreHeldToTheirLaws() {
        String wrong = name(HeadTopology.class) + " breaks law ";
        Map<List<Tap>, String> cases = new LinkedHashMap<>();
        cases.put(List.of(new Tap(0, 0, false)), "H1: taps returned [Tap[layer=0, depth=0, feedsBack=false]], not one tap for each");
        cases.put(List.of(new Tap(0, 1, true), new Tap(1, 0, false)), "H1: taps returned Tap[layer=0, depth=1, feedsBack=true] in place 0");
        cases.put(Arrays.asList(null, new Tap(1, 1, false)), "H1: taps returned null in place 0");
        cases.put(List.of(new Tap(1, 0, true), new Tap(0, 1, false)), "H2: taps returned ");
        cases.put(List.of(new Tap(0, 0, true), new Tap(3, 1, false)), "H2: taps returned ");
        cases.put(List.of(new Tap(-1, 0, true), new Tap(1, 1, false)), "H2: taps returned ");
        cases.put(List.of(new Tap(0, 0, true), new Tap(1, 1, true)), "H2: taps returned ");
        cases.forEach((taps, said) -> {
            String message = assertThrows(UserError.class, () -> plugin(HeadTopology.class, () -> taps).taps(3, 2)).getMessage();
            assertTrue(message.startsWith(wrong + said), message);
        });
    }

    @Test
    void nothingOfAGuardKeepsThePluginsClasses() throws Exception {
        WeakReference<ClassLoader> loader = new WeakReference<>(used());
        while (loader.get() != null) {
            System.gc();
            Thread.sleep(10);
        }
        assertNull(loader.get());
    }

    /** The loader of a plugin that was called, and failed, behind a guard and on a worker. */
    private static ClassLoader used() throws Exception {
        byte[] bytes;
        try (InputStream in = Leaf.class.getResourceAsStream("Leaf.class")) {
            bytes = in.readAllBytes();
        }
        class Own extends ClassLoader {
            Own() {
                super(GuardTest.class.getClassLoader());
            }

            Class<?> define() {
                return defineClass(null, bytes, 0, bytes.length);
            }
        }

        Own own = new Own();
        Object leaf = own.define().getConstructor(int.class).newInstance(1);
        HeadTopology guarded =
                Guard.around(HeadTopology.class, Identity.of(HeadTopology.class, "leaf", "1.0.0"), (HeadTopology) leaf);
        for (int i = 0; i < 100; i++) {
            assertThrows(UserError.class, () -> Worker.patiently("leaf", 60, () -> guarded.taps(2, 1)));
            assertEquals("Leaf[layer=1]", guarded.toString());
        }
        return own;
    }

    /** Two of one record behind two guards are equal, as the records are. */
    @Test
    void aGuardIsEqualWhereItsPluginIs() {
        record Plain(int n) implements HeadTopology {
            @Override
            public List<Tap> taps(int layers, int depth) {
                return List.of(new Tap(n, 0, false));
            }
        }

        Identity who = Identity.of(HeadTopology.class, "plain", "1.0.0");
        HeadTopology one = Guard.around(HeadTopology.class, who, new Plain(1));
        assertEquals(one, Guard.around(HeadTopology.class, who, new Plain(1)));
        assertEquals(one.hashCode(), new Plain(1).hashCode());
        assertEquals("Plain[n=1]", one.toString());
        assertNotEquals(one, Guard.around(HeadTopology.class, who, new Plain(2)));
        assertEquals(List.of(new Tap(1, 0, false)), one.taps(2, 1));
        assertEquals(new Plain(1), Guard.inside(Guard.around(HeadTopology.class, who, one)));
        assertSame(who, Identity.of(one));
    }
}
