package org.dnd4j.core.train;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dnd4j.core.train.Toy.Learning;
import org.dnd4j.history.Additive;
import org.dnd4j.history.Conditioned;
import org.dnd4j.residual.Residual;
import org.dnd4j.spi.Decomposition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of REFERENCE G.2: how near four codes of 64 come to vectors of 16 numbers, greedy and by a beam of 16. */
class ToyTest {
    private static final double WITHIN = 1.02;

    /** A row of the table: errors at most, for greedy codes and for a beam of 16. */
    private record Row(Decomposition decomposition, String data, Learning learning, double greedy, double beam) {
        @Override
        public String toString() {
            return decomposition + " on " + data;
        }
    }

    static Stream<Row> table() {
        Learning tables = new Learning(300, 2000, 1, 0.95, 1e-3);
        Learning once = new Learning(1, 20000, 16, 0.95, 1e-3); // fitted at its start to all of them
        Learning network = new Learning(300, 2000, 1, 0.95, 5e-3);
        return Stream.of(
                new Row(new Residual(false), "gauss", tables, .217, .176),
                new Row(new Residual(false), "manifold", tables, .0470, .0398),
                new Row(new Residual(true), "gauss", tables, .273, .252),
                new Row(new Residual(true), "manifold", tables, .0899, .0772),
                new Row(new Additive(null, null, null, null), "gauss", once, .222, .171),
                new Row(new Additive(null, null, null, null), "manifold", once, .0486, .0379),
                new Row(new Conditioned(32, 1, 8), "gauss", network, .217, .176),
                new Row(new Conditioned(32, 1, 8), "manifold", network, .0466, .0398));
    }

    @Tag("shared")
    @ParameterizedTest
    @MethodSource("table")
    void theTableIsMet(Row row) {
        Toy toy = Toy.data(row.data);
        assumeTrue(toy != null, "skipped: there is no shared/data/toy beside or above the repository");
        double[][] errors = toy.errors(row.decomposition, row.learning, 16);
        List<Double> wanted = List.of(row.greedy, row.beam);
        for (int i = 0; i < 2; i++) {
            String said = String.format(
                    Locale.ROOT, "%s, %s: %s; at full depth %.4f", row, i == 0 ? "greedy" : "beam 16",
                    Arrays.toString(errors[i]), wanted.get(i));
            assertTrue(errors[i][3] <= WITHIN * wanted.get(i), said);
        }
    }
}
