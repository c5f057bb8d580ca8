package org.dnd4j.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;

/**
 * Files that were changed at random are read or refused in one line, and never ask for more memory than they are worth.
 * {@code mvn -B -Pfuzz -pl framework/core -am verify} tries a million; {@code -Dfuzz.seed=N} tries others.
 */
class FuzzTest {
    /**
     * What one call may allocate: reading buffers, and so much a byte of the file. The densest thing in a pickle is
     * EMPTY_SET, a set of some hundred bytes for one; all elements of a storage as doubles are eight for one.
     */
    private static final long LITTLE = 1 << 20;

    private static final long A_BYTE = 128;
    private static final String TEMPORARY = System.getProperty("java.io.tmpdir");
    private static final long SLOW = 10_000_000_000L;
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Map<String, byte[]> seeds = new LinkedHashMap<>();
    private final Map<String, List<byte[]>> pickles = new LinkedHashMap<>();
    private final List<byte[]> storages = new ArrayList<>();
    private final Set<String> refusals = new TreeSet<>();
    private final List<String> findings = new ArrayList<>();
    private long read;
    private double worst;
    private String worstWhere = "";
    private long slowest;
    private String slowestWhere = "";

    @Test
    void whatWasChangedIsReadOrRefusedInOneLine() throws IOException {
        long inputs = Long.getLong("fuzz.inputs", 20_000);
        long seed = Long.getLong("fuzz.seed", 1);
        seed();
        Path memory = Path.of("/dev/shm");
        Path folder = Files.createTempDirectory(Files.isWritable(memory) ? memory : Path.of(TEMPORARY), "fuzz");
        Path file = folder.resolve("x");
        try {
            List<String> names = List.copyOf(seeds.keySet());
            for (String name : names) { // what loading classes takes is nobody's fault
                Files.write(file, seeds.get(name));
                judge(file, name, 1 << 24, name.endsWith(".npy"), false);
            }
            assertEquals(names.size(), read);
            forget();
            for (long i = 0; i < inputs && findings.size() < 20; i++) {
                Mutator mutator = new Mutator(seed * 1_000_003 + i);
                String name = names.get((int) (i % names.size()));
                byte[] other = seeds.get(names.get(mutator.random().nextInt(names.size())));
                byte[] input = changed(name, other, mutator);
                Files.write(file, input);
                judge(file, name + " input " + i, input.length, name.endsWith(".npy"), mutator.random().nextBoolean());
            }
            System.out.printf(
                    Locale.ROOT,
                    "fuzz: %d inputs, %d read, %d distinct refusals; most memory in one call"
                            + " %.1f %% of what is allowed (%s); longest %.1f ms (%s)%n",
                    inputs, read, refusals.size(), 100 * worst, worstWhere, slowest / 1e6, slowestWhere);
            if (Boolean.getBoolean("fuzz.list")) {
                refusals.forEach(System.out::println);
            }
            assertEquals(List.of(), findings);
            assertTrue(read > inputs / 100 && refusals.size() > 50, read + " read, " + refusals);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private void forget() {
        read = 0;
        worst = 0;
        slowest = 0;
    }

    private void seed() throws IOException {
        for (String name : List.of(
                "zip_torch1.13.pt", "zip_proto4.pt", "zip_new_records_synthetic.pt", "zip_deflated_synthetic.pt",
                "legacy.pt", "vgg.pth", "model.safetensors", "exp_f32.npy", "exp_view_t.npy")) {
            seeds.put(name, Files.readAllBytes(CheckpointTest.file(name)));
        }
        for (String name : List.of("zip_torch1.13.pt", "zip_proto4.pt")) {
            try (ZipFile zip = new ZipFile(CheckpointTest.file(name).toFile())) {
                String root = name.replace(".pt", "/");
                pickles.put(name, Opcodes.of(bytes(zip, root + "data.pkl")));
                for (int i = 0; i < 21 && storages.size() < 21; i++) {
                    storages.add(bytes(zip, root + "data/" + i));
                }
            }
        }
        for (String name : List.of("legacy.pt", "vgg.pth")) {
            pickles.put(name, Opcodes.of(seeds.get(name)));
        }
        pickles.put("zip_deflated_synthetic.pt", pickles.get("zip_torch1.13.pt"));
        pickles.put("zip_new_records_synthetic.pt", pickles.get("zip_proto4.pt"));
    }

    private static byte[] bytes(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        return zip.getInputStream(entry).readAllBytes();
    }

    private byte[] changed(String name, byte[] other, Mutator mutator) {
        List<byte[]> parts = pickles.get(name);
        if (parts == null || mutator.random().nextBoolean()) {
            return mutator.bytes(seeds.get(name), other);
        }
        byte[] pickle = mutator.pickle(parts);
        return name.startsWith("zip")
                ? TorchZip.checkpoint(name.contains("deflated"), pickle, storages.toArray(byte[][]::new))
                : pickle;
    }

    private void judge(Path file, String which, int length, boolean npy, boolean skips) {
        long begin = System.nanoTime();
        try {
            List<Stored> arrays = new ArrayList<>();
            if (npy) {
                metered(which, length, () -> arrays.add(Npy.read(file)));
                readAll(which, length, arrays);
            } else {
                List<Container> opened = new ArrayList<>();
                metered(which, length, () -> opened.add(skips ? Container.open(file, key -> true) : Container.open(file)));
                try (Container container = opened.get(0)) {
                    collect(container.content(), arrays, Collections.newSetFromMap(new IdentityHashMap<>()));
                    readAll(which, length, arrays);
                }
            }
            read++;
        } catch (UserError e) {
            String said = String.valueOf(e.getMessage());
            if (said.contains("\n") || said.contains("\r") || said.length() > 1000 || !said.startsWith(file.toString())) {
                findings.add(which + ": says " + said);
            }
            refusals.add(said.replace(file.toString(), "")
                    .replaceAll("'[^']*'", "'…'")
                    .replaceAll("the name .* is not", "the name … is not")
                    .replaceAll("calls .*", "calls …")
                    .replaceAll("opcode 0x..?", "opcode …")
                    .replaceAll("storage \\S+ should", "storage … should")
                    .replaceAll("numbers: .*", "numbers: …")
                    .replaceAll("entry '.*' (is|lies|does)", "entry … $1")
                    .replaceAll("damaged: \\S+ does not inflate", "damaged: … does not inflate")
                    .replaceAll("Unexpected character \\(.*?\\)\\)", "Unexpected character …")
                    .replaceAll("elements of [A-Z0-9]+", "elements of …")
                    .replaceAll("[-\\d, ]+", " "));
        } catch (Throwable e) {
            findings.add(which + ": " + e + " at " + (e.getStackTrace().length > 0 ? e.getStackTrace()[0] : ""));
        }
        long took = System.nanoTime() - begin;
        if (took > slowest) {
            slowest = took;
            slowestWhere = which;
        }
        if (took > SLOW) {
            findings.add(which + ": took " + took / 1_000_000 + " ms");
        }
    }

    private void readAll(String which, int length, List<Stored> arrays) {
        for (int i = 0; i < arrays.size(); i++) {
            Stored array = arrays.get(i);
            int how = i % 3;
            metered(which, length, () -> {
                Object all = how == 0 ? array.floats() : how == 1 ? array.doubles() : array.longs();
                assertTrue(all != null);
            });
        }
    }

    private static void collect(Object value, List<Stored> arrays, Set<Object> seen) {
        if (value instanceof Stored stored && seen.add(value)) {
            arrays.add(stored);
        } else if (value instanceof Map<?, ?> map && seen.add(map)) {
            map.values().forEach(v -> collect(v, arrays, seen));
        } else if (value instanceof List<?> list && seen.add(list)) {
            list.forEach(v -> collect(v, arrays, seen));
        }
    }

    private void metered(String which, int length, Runnable call) {
        long before = MEMORY.getThreadAllocatedBytes(Thread.currentThread().getId());
        try {
            call.run();
        } finally {
            long took = MEMORY.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            double share = (double) took / (LITTLE + A_BYTE * length);
            if (share > worst) {
                worst = share;
                worstWhere = String.format(Locale.ROOT, "%s, %d bytes for %d", which, took, length);
            }
            if (share > 1) {
                findings.add(which + ": asks for " + took + " bytes for " + length);
            }
        }
    }
}
