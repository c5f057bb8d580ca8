package org.dnd4j.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Png;
import org.dnd4j.core.sample.Generation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleStageTest {
    @TempDir
    Path folder;

    @Test
    void foldersAreNamedAfterClasses() {
        assertEquals(
                List.of("tench_ no", "a_b", "a_b-2", "A_B-3", "_", "_-2", "_-3", "..a", "any-2"),
                SampleStage.folders(List.of("tench, no", "a/b", "a_b", "A:B", "..", "", ". .", "..a", "any")));
        assertEquals(List.of("x_", "x_-2", "x_-2-2"), SampleStage.folders(List.of("x?", "x*", "x_-2")));
    }

    @Test
    void noPictureIsWrittenOutsideOrOverAnother() {
        List<String> classes = List.of("..", "a/b", "a?b", "../../x", "any");
        int[] labels = {0, 1, 2, 3, 4, Generation.NO_CLASS, 1, Generation.NO_CLASS};
        List<Picture> pictures = IntStream.range(0, labels.length).mapToObj(i -> Picture.filled(2, 2, i)).toList();
        List<Path> files = SampleStage.write(folder.resolve("samples"), labels, classes, pictures);
        assertEquals(labels.length, new HashSet<>(files).size());
        for (int i = 0; i < labels.length; i++) {
            Path file = files.get(i).normalize();
            assertTrue(file.startsWith(folder.resolve("samples")) && file.getNameCount() == folder.getNameCount() + 3);
            assertEquals(i, Png.read(file).rgb()[8]);
        }
    }
}
