package org.dnd4j.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process as Linux sees it: what a leak would show in.
 *
 * @param resident kilobytes
 * @param files that are open
 */
record Inside(long resident, long threads, long files) {
    static Inside of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        List<String> status = Files.readAllLines(process.resolve("status"));
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            return new Inside(number(status, "VmRSS:"), number(status, "Threads:"), open.count());
        }
    }

    private static long number(List<String> status, String name) {
        return status.stream()
                .filter(l -> l.startsWith(name))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
