package org.dnd4j.denoising;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RefusedTest {
    private static void refused(String message, Executable making) {
        assertEquals("denoising: " + message, assertThrows(UserError.class, making).getMessage());
    }

    @Test
    void settingsThatSayNothing() {
        refused("form is residual: must be codebook or targets", () -> new Denoising("residual", null, null, null));
        refused("hidden is 0: must be at least 1", () -> new Denoising(null, null, 0, null));
        refused("tables is shared: must be learned or gaussian", () -> new Denoising(null, null, null, "shared"));
    }

    @Test
    void whatIsLeftOut() {
        assertEquals(new Denoising("codebook", null, 128, "learned"), new Denoising(null, null, null, null));
        assertEquals(1, new Denoising(null, null, 1, null).hidden());
    }

    @Test
    void schedulesThatDoNotRise() {
        String rise = "must rise from 0 or more to below 1";
        refused("schedule is [0.0, 0.5, 0.5]: " + rise, () -> new Denoising(null, List.of(0.0, 0.5, 0.5), null, null));
        refused("schedule is [-0.1, 0.5]: " + rise, () -> new Denoising(null, List.of(-0.1, 0.5), null, null));
        refused("schedule is [0.0, NaN]: " + rise, () -> new Denoising(null, List.of(0.0, Double.NaN), null, null));
        refused("schedule is [0.0, 1.0]: " + rise, () -> new Denoising(null, List.of(0.0, 1.0), null, null));
        refused(
                "schedule is [0.5, 1.1]: must rise from 0 or more to at most 1",
                () -> new Denoising("targets", List.of(0.5, 1.1), null, null));
        assertEquals(1, new Denoising("targets", List.of(0.0, 1.0), null, null).schedule().get(1));
    }

    @Test
    void schedulesOfAnotherDepth() {
        Denoising two = new Denoising(null, List.of(0.0, 0.5, 0.9), null, null);
        refused("schedule is [0.0, 0.5, 0.9]: must be 4 numbers for depth 3", () -> two.weights(CodeSpace.of(4, 3, 8)));
        assertEquals(2 + 1 + 3 * 4, two.weights(CodeSpace.of(4, 2, 8)).size());
    }
}
