package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import ai.djl.ndarray.NDArray;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs a TCK inside a test: what breaks a law must be found by that law's test. */
final class Trial {
    private Trial() {}

    /**
     * That the tests of exactly these laws fail.
     *
     * @param laws {@code "d1 d4"}; empty for none; {@code "d7?"} may fail or not, as that of what reads freed memory
     * @return what the failing tests say
     */
    static String finds(String laws, Class<?> tck) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tck)).build(), listener);
        assertTrue(listener.getSummary().getTestsStartedCount() > 0, "nothing was tried");
        TreeMap<String, Throwable> found = new TreeMap<>();
        listener.getSummary().getFailures().forEach(f -> found.put(law(f.getTestIdentifier()), f.getException()));
        String messages = found.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n"));
        TreeSet<String> expected = new TreeSet<>();
        for (String law : laws.split(" ")) {
            if (found.containsKey(law.replace("?", "")) || !law.endsWith("?")) {
                expected.add(law.replace("?", ""));
            }
        }
        expected.remove("");
        assertEquals(expected, found.keySet(), messages);
        return messages;
    }

    private static String law(TestIdentifier test) {
        return test.getSource().orElseThrow() instanceof MethodSource method
                ? method.getMethodName().split("_")[0]
                : test.getDisplayName();
    }

    /** Leaves out what can only be tried where products are computed in bfloat16. */
    static void halves() {
        try (Torch torch = Torch.open("cpu")) {
            assumeTrue(torch.computed(Precision.BFLOAT16) == Precision.BFLOAT16, "this processor has no products of bfloat16");
        }
    }

    /** What stands between quotation marks at the end of a message. */
    static String quoted(String message) {
        Matcher quoted = Pattern.compile("\"([^\"]*)\"").matcher(message);
        assertTrue(quoted.find(), "nothing is quoted in: " + message);
        return quoted.group(1);
    }

    /** Makes an array outlive the step that it belongs to. */
    static NDArray kept(NDArray array) {
        array.attach(array.getManager().getParentManager());
        return array;
    }
}
