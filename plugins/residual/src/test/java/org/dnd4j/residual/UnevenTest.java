package org.dnd4j.residual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;

class UnevenTest {
    private static final CodeSpace UNEVEN = new CodeSpace(4, List.of(8, 16));

    @Test
    void tablesOfTheirOwnHaveTheirOwnSizes() {
        for (Boolean shared : new Boolean[] {null, false}) {
            assertEquals(
                    List.of(List.of(8L, 4L), List.of(16L, 4L)),
                    new Residual(shared).weights(UNEVEN).stream().map(w -> w.shape()).toList());
        }
    }

    @Test
    void oneTableCannotServeDepthsOfTwoSizes() {
        UserError refused = assertThrows(UserError.class, () -> new Residual(true).weights(UNEVEN));
        assertEquals(
                "residual: shared is true but the depths have [8, 16] codes: give every depth the same number, or set"
                        + " shared to false",
                refused.getMessage());
    }
}
