package org.dnd4j.core.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Why;
import org.dnd4j.core.code.CodeFile;
import org.dnd4j.core.code.CodeMap;
import org.dnd4j.core.code.CodeWriter;
import org.dnd4j.core.code.Split;
import org.dnd4j.core.train.CodeBatches;
import org.dnd4j.core.train.CodeSplit;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;

/**
 * How fast a training gets its batches out of a code file: pictures in random order, each in one of its variants. A file
 * that nobody has read since the machine started shows what its disk does; the second turn, what the page cache does.
 */
public final class Draws {
    private static final int SIDE = 16;
    private static final int CODES = 16384;
    private static final int BATCH = 32;
    private static final int TURNS = 2;
    private static final int SAY = 1 << 12;

    private Draws() {}

    /**
     * What was measured.
     *
     * @param bytes of the file
     * @param open seconds from its name to its first code
     * @param order seconds that putting an epoch's pictures in order takes
     * @param perSecond pictures drawn in a second, of each turn over the same ones
     */
    public record Result(int images, int variants, long bytes, double open, double order, List<Double> perSecond) {
        /** The fields as {@code bench codes --json} prints them. */
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("images", images);
            fields.put("variants", variants);
            fields.put("bytes", bytes);
            fields.put("open_seconds", open);
            fields.put("order_seconds", order);
            fields.put("first_draws_per_second", perSecond.get(0));
            fields.put("later_draws_per_second", perSecond.get(1));
            return fields;
        }
    }

    /**
     * Draws from a file.
     *
     * @param draws how many pictures each turn draws, in batches of 32
     * @throws UserError if there is no such file, or no training picture in it
     */
    public static Result measure(Path path, int draws, Progress progress) {
        long start = System.nanoTime();
        try (CodeFile file = CodeFile.open(path)) {
            CodeSplit training = new CodeSplit(file, Split.TRAIN);
            if (training.size() == 0) {
                throw new UserError(path + ": holds no pictures to train on");
            }
            CodeFile.Header header = file.header();
            file.map(Split.TRAIN, 0, 0);
            double open = seconds(start);
            int perPicture = header.height() * header.width() * header.depth();
            CodeBatches batches = new CodeBatches(training, perPicture, Key.of(0));
            start = System.nanoTime();
            batches.drawn(0, 1); // makes the order
            double order = seconds(start);
            List<Double> rates = new ArrayList<>();
            for (int turn = 0; turn < TURNS; turn++) {
                progress.stage(turn == 0 ? "first draws" : "later draws", draws, "picture");
                start = System.nanoTime();
                for (long n = 0; n < draws; n += BATCH) {
                    batches.drawn(n, BATCH);
                    said(progress, n);
                }
                rates.add((draws + BATCH - 1) / BATCH * BATCH / seconds(start));
            }
            return new Result(training.size(), header.variants(), Files.size(path), open, order, List.copyOf(rates));
        } catch (IOException e) {
            throw new UserError(path + ": cannot be read: " + Why.of(e), e);
        }
    }

    /** The same from a file of random codes, 16×16×2 of 16384, which is written for the purpose and removed. */
    public static Result measure(int images, int variants, int draws, Progress progress) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("dnd4j-codes");
            write(folder.resolve("codes"), images, variants, progress);
            return measure(folder.resolve("codes"), draws, progress);
        } catch (IOException e) {
            throw new UserError("no code file can be written for the purpose: " + Why.of(e), e);
        } finally {
            remove(folder);
        }
    }

    /** Writes a file of random codes. */
    static void write(Path path, int images, int variants, Progress progress) {
        CodeFile.Header header = new CodeFile.Header(SIDE, SIDE, List.of(CODES, CODES), variants, List.of(), "random", "none");
        Random random = new Random(0);
        progress.stage("write", images, "picture");
        try (CodeWriter out = CodeFile.create(path, header)) {
            int[] codes = new int[SIDE * SIDE * 2];
            for (int i = 0; i < images; i++) {
                List<CodeMap> maps = new ArrayList<>();
                for (int v = 0; v < variants; v++) {
                    for (int k = 0; k < codes.length; k++) {
                        codes[k] = random.nextInt(CODES);
                    }
                    maps.add(CodeMap.of(SIDE, SIDE, 2, codes));
                }
                out.add(Split.TRAIN, 0, maps);
                said(progress, i);
            }
            out.finish();
        }
    }

    private static void said(Progress progress, long done) {
        if (done % SAY == 0) {
            progress.at(done, "");
            if (progress.stopped()) {
                throw new Stopped("stopped while measuring; the same command measures again");
            }
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void remove(Path folder) {
        if (folder != null) {
            try {
                Files.deleteIfExists(folder.resolve("codes"));
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                throw new UserError(folder + ": cannot be removed: " + Why.of(e), e);
            }
        }
    }
}
