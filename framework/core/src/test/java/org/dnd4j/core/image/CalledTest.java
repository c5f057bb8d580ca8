package org.dnd4j.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;

class CalledTest {
    private static String complaint(String called, List<String> classes) {
        return assertThrows(UserError.class, () -> Called.label(called, classes)).getMessage();
    }

    @Test
    void imageNetsClassesHaveAllTheirNames() {
        List<String> wnids = IntStream.range(0, ImageNet.SIZE).mapToObj(ImageNet::wnid).toList();
        for (List<String> classes : List.of(ImageNet.titles(), wnids)) {
            for (String called : List.of("207", "n02099601", "golden retriever", "Golden_Retriever")) {
                assertEquals(207, Called.label(called, classes), called);
            }
            assertTrue(complaint("1000", classes).contains("0 to 999"));
            assertTrue(complaint("crane", classes).contains("ImageNet has 2 classes 'crane'"));
        }
    }

    @Test
    void othersHaveTheirOwnNameOrTheirNumber() {
        List<String> classes = List.of("1", "red fox", "Sun", "sun");
        assertEquals(0, Called.label("1", classes), "a name goes before a number");
        assertEquals(2, Called.label("2", classes));
        assertEquals(1, Called.label("Red_Fox", classes));
        assertEquals(3, Called.label("sun", classes));
        assertTrue(complaint("SUN", classes).startsWith("--class SUN: is several of the run's 4 classes: one of "));
        assertTrue(complaint("golden retriever", classes).startsWith("--class golden retriever: is none of the run's 4"));
        List<String> many = IntStream.range(0, 500).mapToObj(i -> "thing " + i).toList();
        String message = complaint("thin 7", many);
        assertTrue(message.contains("the nearest are thing 7") && message.length() < 300, message);
    }
}
