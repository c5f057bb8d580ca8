package org.dnd4j.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A published plugin goes on working until the version of what it imports says otherwise. What was promised stands in
 * {@code src/test/resources}, a file a bundle; {@code -Dbaseline.write=true} writes it anew, which is for releases.
 */
class BaselineTest {
    private static final Path BEFORE = Path.of("src", "test", "resources");

    @ParameterizedTest
    @ValueSource(classes = {Decomposition.class, Weights.class, DecompositionTck.class})
    void promisesAreKeptOrTheVersionSaysThatTheyAreNot(Class<?> of) throws Exception {
        File jar = new File(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        Assumptions.assumeTrue(jar.isFile(), "compares jars: from mvn package on");
        Promises now = Promises.of(jar);
        Path file = BEFORE.resolve(of.getPackageName() + ".txt");
        if (Boolean.getBoolean("baseline.write")) {
            Files.write(file, now.lines());
        }
        Promises before = Promises.parse(Files.readAllLines(file));
        assertTrue(before.lines().size() > 50, "hardly anything was promised in " + file);
        assertEquals(List.of(), now.broken(before));
    }

    /** Had this method not been there before, what would its coming ask for? */
    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {"weights(org.dnd4j.spi.CodeSpace) 2.0.0", "table(int) 1.1.0"})
    void aMethodThatPluginsMustHaveBreaksThemAndOneWithADefaultDoesNot(String method, String needed) throws Exception {
        List<String> lines = Files.readAllLines(BEFORE.resolve("org.dnd4j.spi.txt"));
        Promises now = Promises.parse(lines);
        List<String> broken = now.broken(Promises.parse(without(method, lines)));
        assertEquals(1, broken.size());
        assertTrue(broken.get(0).contains("must be " + needed + ": added method " + method), broken.get(0));
    }

    @Test
    void aPackageThatIsGoneBreaksThem() throws Exception {
        List<String> lines = Files.readAllLines(BEFORE.resolve("org.dnd4j.spi.txt"));
        int packages = 1;
        while (!lines.get(packages).strip().startsWith("PACKAGE ")) {
            packages++;
        }
        List<String> nothing = new ArrayList<>(lines.subList(0, packages));
        nothing.set(0, "");
        List<String> broken = Promises.parse(nothing).broken(Promises.parse(lines));
        assertEquals(1, broken.size());
        assertTrue(broken.get(0).startsWith("org.dnd4j.spi is no longer exported"), broken.get(0));
    }

    /** All lines but those of a decomposition's method. */
    private static List<String> without(String method, List<String> lines) {
        int from = lines.indexOf("   INTERFACE MINOR MAJOR org.dnd4j.spi.Decomposition");
        while (!(lines.get(from).startsWith("    METHOD") && lines.get(from).endsWith(" " + method))) {
            from++;
        }
        int to = from + 1;
        while (lines.get(to).startsWith("     ")) {
            to++;
        }
        List<String> fewer = new ArrayList<>(lines);
        fewer.subList(from, to).clear();
        return fewer;
    }
}
