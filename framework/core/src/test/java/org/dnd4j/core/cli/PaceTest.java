package org.dnd4j.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
    /** One step in at least 50 ms is not more than 20 a second. */
    @Test
    void theFirstTookAsLongAsTheStageHasLasted() throws InterruptedException {
        Pace pace = new Pace("train", 1, "step");
        Thread.sleep(50);
        pace.at(1, "");
        assertTrue(pace.rate() > 0 && pace.rate() <= 20, pace.line());
    }

    @Test
    void whatWasDoneBeforeIsNotCountedAsDoneNow() throws InterruptedException {
        Pace pace = new Pace("train", 1000, "step");
        pace.at(500, "");
        assertEquals(0, pace.rate());
        Thread.sleep(50);
        pace.at(501, "");
        assertTrue(pace.rate() > 0 && pace.rate() <= 20, pace.line());
        assertEquals("2:00:00", Pace.clock(7200));
    }
}
