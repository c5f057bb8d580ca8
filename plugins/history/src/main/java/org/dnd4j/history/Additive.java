package org.dnd4j.history;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;

/**
 * Additive quantisation: a vector is the sum of one row of each table, as in residual quantisation, but the tables are
 * fitted together: rounds of a beam search for codes and of least squares for all rows of all tables at once (REFERENCE
 * G.2, AQ and LSQ). Codes found greedily are worse than those of residual tables, so a beam is the default.
 *
 * <p>The first fit starts from residual tables, each of k-means, and a later one from what the one before it left, in a
 * single round: so tables follow an encoder that still learns. Depths are kept in order of how much their codewords say.
 *
 * <p>A vector costs D·K·c products to encode greedily and about B times that with a beam, and D·c sums to decode. A round
 * costs that of encoding, and (D·K)³/3 products and 16·(D·K)² bytes for the least squares.
 *
 * @param beam how many prefixes the search within the fit keeps, and any other that is not told; 16 if left out
 * @param rounds of the first fit; 12 if left out
 * @param ridge how many latents a row's value before a round weighs as much as, which holds rows that few latents choose;
 *     1 if left out
 * @param prefix what the squared error after each code but the last weighs beside that after the last; 0.5 if left out.
 *     It keeps previews from few codes near, and a beam from dropping good paths
 */
@Plugin("additive")
public record Additive(Integer beam, Integer rounds, Double ridge, Double prefix) implements Decomposition {
    static final Program PROGRAM = Program.of(Additive.class, "additive.py");

    private static final int ROWS = 8192;
    private static final String FITS = "fits";

    public Additive {
        beam = beam == null ? 16 : beam;
        rounds = rounds == null ? 12 : rounds;
        ridge = ridge == null ? 1 : ridge;
        prefix = prefix == null ? 0.5 : prefix;
        check(beam >= 1, "beam", beam, "at least 1");
        check(rounds >= 1, "rounds", rounds, "at least 1");
        check(ridge > 0 && ridge < Double.POSITIVE_INFINITY, "ridge", ridge, "above 0 and finite");
        check(prefix >= 0 && prefix < Double.POSITIVE_INFINITY, "prefix", prefix, "at least 0 and finite");
    }

    private static void check(boolean right, String field, Object value, String wanted) {
        if (!right) {
            throw new UserError("additive: " + field + " is " + value + ": must be " + wanted);
        }
    }

    /**
     * One table {@code codebooks.k.weight [K,c]} a depth, and {@code fits [1]}, how often they were fitted.
     *
     * @throws UserError if the tables have more than 8192 rows in all, whose least squares would fill memory
     */
    @Override
    public List<Weight> weights(CodeSpace space) {
        int rows = space.sizes().stream().mapToInt(k -> k).sum();
        if (rows > ROWS) {
            throw new UserError("additive: " + space.depth() + " depths have " + rows + " codes in all, and the least"
                    + " squares over all of them need a matrix of " + rows + "²: must be at most " + ROWS + " in all");
        }
        return Stream.concat(
                        IntStream.range(0, space.depth())
                                .mapToObj(k -> Weight.of(table(k), space.size(k), space.width()).normal(1)),
                        Stream.of(Weight.of(FITS, 1)))
                .map(w -> w.learning(Learns.FITTED))
                .toList();
    }

    /** That of the search within the fit. */
    @Override
    public int beamWidth() {
        return beam;
    }

    @Override
    public void fit(NDArray latents, CodeSpace space, Key key, Weights w) {
        boolean first = w.values(FITS)[0] == 0;
        if (first) {
            long[] sizes = space.sizes().stream().mapToLong(k -> k).toArray();
            become(space, w, () -> w.call(PROGRAM, "start", key, latents, sizes));
        }
        for (int round = 0; round < (first ? rounds : 1); round++) {
            Key draws = key.at(round);
            become(space, w, () -> {
                NDList tables = new NDList(IntStream.range(0, space.depth()).mapToObj(k -> w.get(table(k))).toList());
                return w.call(PROGRAM, "round", draws, latents, tables, beam, ridge, prefix);
            });
        }
        w.set(FITS, w.get(FITS).add(1)); // [1]
    }

    private void become(CodeSpace space, Weights w, Supplier<NDList> tables) {
        try (Scope scope = w.torch().scope()) {
            NDList found = tables.get(); // D × [K,c]
            for (int k = 0; k < space.depth(); k++) {
                w.set(table(k), found.get(k));
            }
        }
    }
}
