package org.dnd4j.launcher;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgainTest {
    /** Whichever way it is started, and in tests, memory is kept alike. */
    @ParameterizedTest
    @ValueSource(strings = {"dnd4j", "bundles/release/bin/dnd4j", "pom.xml"})
    void theScriptsSetWhatItSets(String file) throws IOException {
        String text = Files.readString(Path.of("..").resolve(file));
        assertTrue(text.contains(Again.MEMORY_KEPT), file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dnd4j", "bundles/release/bin/dnd4j"})
    void theScriptsHaveThreadsWaitAsItDoes(String file) throws IOException {
        String text = Files.readString(Path.of("..").resolve(file));
        assertTrue(text.contains("GOMP_SPINCOUNT=\"${GOMP_SPINCOUNT:-" + Again.WAIT_AWAKE + "}\""), file);
    }
}
