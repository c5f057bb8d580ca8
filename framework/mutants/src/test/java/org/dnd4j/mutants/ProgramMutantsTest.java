package org.dnd4j.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Each plugin's TCK, or its naive twin, notices any small change of the plugin's program that changes a result. */
class ProgramMutantsTest {
    private static final long PATIENCE = 5; // minutes for one mutant: what never ends was noticed, too

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "llama, llama.py, org.dnd4j.llama.LlamaLawsTest",
        "gpt, gpt.py, org.dnd4j.gpt.GptLawsTest",
        "rqvae, rqvae.py, org.dnd4j.rqvae.RqVaeTest",
        "cosine, cosine.py, org.dnd4j.cosine.EvenCosineTest",
        "denoising, denoising.py, org.dnd4j.denoising.TwinTest",
        "denoising, refinement.py, org.dnd4j.denoising.TwinTest",
        "scalar, scalar.py, org.dnd4j.scalar.DigitsTest",
        "history, additive.py, org.dnd4j.history.AdditiveTest org.dnd4j.history.AdditiveFitTest",
        "history, conditioned.py, org.dnd4j.history.CandidatesTest org.dnd4j.history.NetworkTest",
        "unrolled, unrolled.py, org.dnd4j.unrolled.UnrolledLawsTest org.dnd4j.unrolled.UnrolledTest",
    })
    void theTestsNoticeEveryChange(String plugin, String file, String tests) throws Exception {
        Path module = Path.of("../../plugins").resolve(plugin);
        String program = Files.readString(module.resolve("src/main/torch").resolve(file));
        assertTrue(passes(module, file, program, tests), "the program as it is must pass");
        Set<String> equal = equal(file);
        List<String> unnoticed = new ArrayList<>();
        List<Mutant> mutants = Mutant.of(program);
        for (Mutant mutant : mutants) {
            if (passes(module, file, mutant.text(), tests)) {
                unnoticed.add(mutant.change());
                System.out.println(file + ":" + mutant.line() + ": unnoticed: " + mutant.change());
            }
        }
        System.out.println(file + ": " + mutants.size() + " mutants, " + unnoticed.size() + " unnoticed, and "
                + equal.size() + " known to compute the same");
        unnoticed.removeAll(equal);
        assertEquals(List.of(), unnoticed, "changes that change a result and pass unnoticed");
    }

    /** Changes that compute the same; lines that begin with {@code #} give the reasons. */
    private static Set<String> equal(String file) throws IOException {
        try (var in = ProgramMutantsTest.class.getResourceAsStream("/equal/" + file + ".txt")) {
            Set<String> equal = new LinkedHashSet<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .forEach(equal::add);
            return equal;
        }
    }

    private boolean passes(Path module, String file, String program, String tests) throws Exception {
        Path changed = Files.createDirectories(folder.resolve("torch")).resolve(file);
        Files.writeString(changed, program);
        FutureTask<Boolean> run = new FutureTask<>(() -> run(module, tests));
        Thread thread = new Thread(run, "mutant");
        thread.setDaemon(true);
        thread.start();
        try {
            return run.get(PATIENCE, TimeUnit.MINUTES);
        } catch (TimeoutException | ExecutionException noticed) {
            return false;
        }
    }

    /** The tests with the changed program before the plugin's own: first those that remember, since most end there. */
    private boolean run(Path module, String names) throws Exception {
        URL[] places = Stream.of(folder, module.resolve("target/classes"), module.resolve("target/test-classes"))
                .map(ProgramMutantsTest::url)
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(places, ProgramMutantsTest.class.getClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            for (String name : names.split(" ")) {
                Class<?> tests = Class.forName(name, true, loader);
                if (!none(tests, "(?i).*ComputedOnce.*") || !none(tests, null)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Whether none of the tests fails; with a pattern, only those whose method's name it matches. */
    private static boolean none(Class<?> tests, String pattern) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests));
        if (pattern != null) {
            request.filters((PostDiscoveryFilter) test ->
                    FilterResult.includedIf(!test.isTest() || test.getDisplayName().matches(pattern)));
        }
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request.build(), listener);
        return listener.getSummary().getTotalFailureCount() == 0;
    }

    private static URL url(Path folder) {
        try {
            return folder.toUri().toURL();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
