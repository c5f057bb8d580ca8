package org.dnd4j.core.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Watch;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeImportTest {
    private static final List<String> CLASSES = List.of("a", "b", "c", "d");

    @TempDir
    Path folder;

    private Path codes() {
        return folder.resolve("tiny16_codes");
    }

    private Path labels() {
        return folder.resolve("tiny16_labels");
    }

    /** The codes of image i: {@code [2,2,3,2]}, below 40 and 70000. */
    private static long[] codes(int i) {
        Random random = new Random(i);
        return IntStream.range(0, 24).mapToLong(k -> random.nextInt(k % 2 == 0 ? 40 : 70000)).toArray();
    }

    private void extract(int images) throws IOException {
        for (int i = 0; i < images; i++) {
            NpyFile.write(codes().resolve(i + ".npy"), "2, 2, 3, 2", codes(i));
            NpyFile.write(labels().resolve(i + ".npy"), "1,", i % 4);
        }
    }

    private CodeFile imported(CodeImport from, List<Integer> sizes, double held) {
        from.write(folder.resolve("codes"), sizes, CLASSES, "ab12", held, Progress.NONE);
        return CodeFile.open(folder.resolve("codes"));
    }

    private String refused() {
        UserError error = assertThrows(UserError.class, () -> CodeImport.of(List.of(folder))
                .write(folder.resolve("codes"), List.of(40, 70000), CLASSES, "", 0, Progress.NONE));
        assertFalse(Files.exists(folder.resolve("codes")));
        assertFalse(Files.exists(folder.resolve("codes.tmp")));
        return error.getMessage();
    }

    @Test
    void everyFileBecomesTheImageOfItsNumber() throws IOException {
        extract(12); // more than ten: 10 comes after 9, not after 1
        Files.writeString(codes().resolve("notes.txt"), "not a number");
        for (Path named : List.of(folder, codes())) {
            CodeImport from = CodeImport.of(List.of(named));
            assertEquals(12, from.images());
            try (CodeFile file = imported(from, List.of(40, 70000), 0)) {
                CodeFile.Header header = new CodeFile.Header(2, 3, List.of(40, 70000), 2, CLASSES, "elsewhere", "ab12");
                assertEquals(header, file.header());
                assertTrue(header.elsewhere());
                assertEquals(12, file.count(Split.TRAIN));
                for (int i = 0; i < 12; i++) {
                    assertEquals(i % 4, file.label(Split.TRAIN, i));
                    for (int v = 0; v < 2; v++) {
                        int[] expected = Arrays.stream(codes(i)).skip(12L * v).limit(12).mapToInt(c -> (int) c).toArray();
                        assertEquals(CodeMap.of(2, 3, 2, expected), file.map(Split.TRAIN, i, v));
                    }
                }
            }
        }
    }

    @Test
    void llamaGensLayoutIsASquareOfOneCodeAPlace() throws IOException {
        NpyFile.write(codes().resolve("0.npy"), "1, 3, 4", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        try (CodeFile file = imported(CodeImport.of(List.of(folder)), List.of(12), 0)) {
            assertEquals(3, file.header().variants());
            assertEquals(CodeMap.of(2, 2, 1, new int[] {4, 5, 6, 7}), file.map(Split.TRAIN, 0, 1));
            assertEquals(0, file.label(Split.TRAIN, 0));
        }
    }

    @Test
    void aSecondFolderAddsVariants() throws IOException {
        extract(3);
        Path other = folder.resolve("other/tiny_codes");
        for (int i = 0; i < 3; i++) {
            NpyFile.write(other.resolve(i + ".npy"), "1, 2, 3, 2", Arrays.copyOf(codes(i + 100), 12));
            NpyFile.write(other.resolveSibling("tiny_labels").resolve(i + ".npy"), "1,", i % 4);
        }
        CodeImport both = CodeImport.of(List.of(codes(), other));
        assertEquals(3, both.variants());
        try (CodeFile file = imported(both, List.of(40, 70000), 0)) {
            int[] expected = Arrays.stream(codes(102)).limit(12).mapToInt(c -> (int) c).toArray();
            assertEquals(CodeMap.of(2, 3, 2, expected), file.map(Split.TRAIN, 2, 2));
        }
        NpyFile.write(other.resolveSibling("tiny_labels").resolve("1.npy"), "1,", 3);
        String message = assertThrows(UserError.class, () -> imported(both, List.of(40, 70000), 0)).getMessage();
        assertTrue(message.contains("tiny_labels/1.npy: is another label than "), message);
        NpyFile.write(other.resolve("3.npy"), "1, 2, 3, 2", new long[12]);
        NpyFile.write(other.resolveSibling("tiny_labels").resolve("3.npy"), "1,", 3);
        assertTrue(assertThrows(UserError.class, () -> CodeImport.of(List.of(codes(), other)))
                .getMessage()
                .contains("several folders must be of the same images"));
    }

    @Test
    void aShareIsHeldOutImageByImage() throws IOException {
        extract(400);
        try (CodeFile file = imported(CodeImport.of(List.of(folder)), List.of(40, 70000), 0.25)) {
            int held = file.count(Split.VALIDATION);
            assertTrue(held > 60 && held < 140, held + " of 400");
            assertEquals(400, held + file.count(Split.TRAIN));
            assertEquals(4, IntStream.range(0, held).map(i -> file.label(Split.VALIDATION, i)).distinct().count());
        }
    }

    @Test
    void whatIsNotAsExtractedIsNamed() throws IOException {
        assertEquals(folder + ": must be, or hold one, folder whose name ends in _codes", refused());
        extract(12);
        Path one = codes().resolve("7.npy");
        NpyFile.write(one, "2, 3, 2, 2", codes(7));
        assertEquals(one + ": has the shape [2, 3, 2, 2] and 0.npy [2, 2, 3, 2]", refused());
        NpyFile.write(one, "<f4", "2, 2, 3, 2", new byte[96]);
        assertEquals(one + ": holds F32: must be whole numbers, int64 as extracted", refused());
        long[] many = codes(7);
        many[5] = 70000;
        NpyFile.write(one, "2, 2, 3, 2", many);
        assertEquals(one + ": holds the code 70000 at depth 1: must be 0 to 69999", refused());
        many[5] = -1;
        NpyFile.write(one, "2, 2, 3, 2", many);
        assertEquals(one + ": holds the code -1 at depth 1: must be 0 to 69999", refused());
        byte[] cut = Files.readAllBytes(one);
        Files.write(one, Arrays.copyOf(cut, cut.length - 3));
        assertTrue(refused().startsWith(one + ": is cut short"), refused());
        Files.delete(one);
        assertEquals(one + ": is missing, one of 1, and 11.npy is there", refused());
        NpyFile.write(one, "2, 2, 3, 2", codes(7));
        Path label = labels().resolve("3.npy");
        NpyFile.write(label, "1,", 4);
        assertEquals(label + ": is the label 4: must be 0 to 3", refused());
        NpyFile.write(label, "2,", 1, 1);
        assertEquals(label + ": holds 2 numbers: must be one, the label", refused());
        Files.delete(labels().resolve("11.npy"));
        assertEquals(labels() + ": holds 11 labels, and " + codes() + " codes of 12 images", refused());
        NpyFile.write(labels().resolve("11.npy"), "1,", 3);
        NpyFile.write(codes().resolve("0.npy"), "1, 3, 5", new long[15]);
        assertTrue(refused().endsWith("must be [variants, height, width, depth], or [1, variants, places of a square]"));
        Files.createDirectory(folder.resolve("more_codes"));
        assertEquals(
                folder + ": must be, or hold one, folder whose name ends in _codes, and holds more_codes, tiny16_codes",
                refused());
    }

    @Test
    void oneThatWasStoppedLeavesNothing() throws IOException {
        extract(3);
        CodeImport from = CodeImport.of(List.of(folder));
        assertThrows(
                Stopped.class,
                () -> from.write(folder.resolve("codes"), List.of(40, 70000), CLASSES, "", 0, Watch.until("import", 0)));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of("tiny16_codes", "tiny16_labels"), left.map(p -> p.getFileName().toString()).sorted().toList());
        }
    }
}
