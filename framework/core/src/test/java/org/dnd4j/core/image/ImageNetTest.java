package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNetTest {
    @ParameterizedTest
    @CsvSource({
        "0, n01440764, tench",
        "134, n02012849, crane",
        "207, n02099601, golden retriever",
        "360, n02444819, otter",
        "517, n03126707, crane",
        "999, n15075141, toilet tissue"
    })
    void knownClassesStandWhereTheyBelong(int label, String wnid, String name) {
        assertEquals(wnid, ImageNet.wnid(label));
        assertEquals(name, ImageNet.names(label).get(0));
        assertEquals(label, ImageNet.label(wnid));
        assertEquals(label, ImageNet.label(Integer.toString(label)));
    }

    @Test
    void thereAreAThousandInTheOrderOfTheirNumbers() {
        List<String> wnids = IntStream.range(0, ImageNet.SIZE).mapToObj(ImageNet::wnid).toList();
        assertEquals(wnids.stream().distinct().sorted().toList(), wnids);
        assertThrows(IndexOutOfBoundsException.class, () -> ImageNet.wnid(ImageNet.SIZE));
        assertTrue(wnids.stream().allMatch(w -> w.matches("n\\d{8}")));
    }

    @Test
    void everyTitleIsOfOneClass() {
        List<String> titles = ImageNet.titles();
        assertEquals(ImageNet.SIZE, new HashSet<>(titles).size());
        for (int label = 0; label < ImageNet.SIZE; label++) {
            assertEquals(label, ImageNet.label(titles.get(label)));
        }
        assertEquals("golden retriever", titles.get(207));
        assertEquals("crane (n02012849)", titles.get(134));
        assertEquals("tank suit", titles.get(639));
    }

    @ParameterizedTest
    @ValueSource(strings = {"golden retriever", "Golden_Retriever", "  GOLDEN  RETRIEVER ", "207", "n02099601", "N02099601"})
    void aClassIsFoundByWhateverItIsCalled(String called) {
        assertEquals(207, ImageNet.label(called));
    }

    @Test
    void aSynonymAndAllNamesTogetherWillDo() {
        assertEquals(0, ImageNet.label("Tinca tinca"));
        assertEquals(639, ImageNet.label("maillot, tank suit"));
    }

    @Test
    void whatTwoClassesAreCalledIsNotGuessedAt() {
        assertEquals(
                "ImageNet has 2 classes 'Crane': give the number of one of them, 134 or n02012849 (crane);"
                        + " 517 or n03126707 (crane)",
                assertThrows(UserError.class, () -> ImageNet.label("Crane")).getMessage());
        assertEquals(
                "ImageNet has 2 classes 'maillot': give the number of one of them, 638 or n03710637 (maillot);"
                        + " 639 or n03710721 (maillot, tank suit)",
                assertThrows(UserError.class, () -> ImageNet.label("maillot")).getMessage());
    }

    @Test
    void theNearestOfAnUnknownNameAreNamed() {
        String message = assertThrows(UserError.class, () -> ImageNet.label("goldn retriever")).getMessage();
        assertTrue(
                message.startsWith("ImageNet has no class 'goldn retriever': give 0 to 999, a WordNet number such as"
                        + " n01440764, or a name; the nearest are golden retriever, "),
                message);
        assertThrows(UserError.class, () -> ImageNet.label("1000"));
        assertThrows(UserError.class, () -> ImageNet.label(""));
    }

    @Tag("shared")
    @Test
    void everyPictureOfTheSampleIsOfTheClassThatItSays() throws IOException {
        Path above = Path.of("").toAbsolutePath();
        while (above != null && !Files.isRegularFile(above.resolve("shared/data/imagenet-sample/labels.tsv"))) {
            above = above.getParent();
        }
        assumeTrue(above != null, "skipped: there is no shared/data/imagenet-sample beside or above the repository");
        List<String> lines = Files.readAllLines(above.resolve("shared/data/imagenet-sample/labels.tsv"));
        assertEquals("file\tclass\twnid\tname\torig_w\torig_h", lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
            String[] row = line.split("\t"); // file, class, wnid, name, …
            int label = Integer.parseInt(row[1]);
            assertEquals(row[2], ImageNet.wnid(label), line);
            String name = row[3].replace('_', ' ');
            assertTrue(
                    ImageNet.names(label).stream().anyMatch(name::equalsIgnoreCase),
                    line + " is called " + ImageNet.names(label));
        }
    }
}
