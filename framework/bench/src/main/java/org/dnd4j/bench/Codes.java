package org.dnd4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dnd4j.core.code.CodeFile;
import org.dnd4j.core.code.CodeMap;
import org.dnd4j.core.code.CodeWriter;
import org.dnd4j.core.code.Split;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A picture's codes, 16×16×2, read from a file that the machine has in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Codes {
    private static final int SIDE = 16;
    private static final int CODES = 16384;
    private static final int PICTURES = 10_000;
    private static final int STRIDE = 7919; // a prime, so that all pictures come by

    private final long[] into = new long[SIDE * SIDE * 2];
    private Path folder;
    private CodeFile file;
    private int at;

    @Setup
    public void write() throws IOException {
        folder = Files.createTempDirectory("dnd4j-codes");
        CodeFile.Header header = new CodeFile.Header(SIDE, SIDE, List.of(CODES, CODES), 1, List.of(), "random", "none");
        int[] codes = new int[into.length];
        try (CodeWriter out = CodeFile.create(folder.resolve("codes"), header)) {
            for (int i = 0; i < PICTURES; i++) {
                for (int k = 0; k < codes.length; k++) {
                    codes[k] = (i * STRIDE + k * k) % CODES;
                }
                out.add(Split.TRAIN, 0, List.of(CodeMap.of(SIDE, SIDE, 2, codes)));
            }
            out.finish();
        }
        file = CodeFile.open(folder.resolve("codes"));
    }

    @TearDown
    public void remove() throws IOException {
        file.close();
        Files.delete(folder.resolve("codes"));
        Files.delete(folder);
    }

    @Benchmark
    public long[] read() {
        at = (at + STRIDE) % PICTURES;
        file.codes(Split.TRAIN, at, 0, into, 0);
        return into;
    }
}
