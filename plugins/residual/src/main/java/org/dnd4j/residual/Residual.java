package org.dnd4j.residual;

import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;

/**
 * Residual quantisation: every code names the table row nearest to what the rows before it have left over, and a vector
 * is the sum of its rows (paper section 3.1, equation 1; REFERENCE A.2): the plain fold that {@link Decomposition} describes
 * by its defaults. Tables learn by moving average and start at N(0, 1).
 *
 * @param shared whether all depths search one table, as the published tokenizers do, instead of one each; false if left
 *     out. One table costs far more than any search wins back (REFERENCE G.2)
 */
@Plugin("residual")
public record Residual(Boolean shared) implements Decomposition {
    public Residual {
        shared = shared != null && shared;
    }

    /**
     * One table {@code codebooks.k.weight [K,c]} a depth, or {@code codebooks.0.weight} alone.
     *
     * @throws UserError if one table is to serve depths of different sizes
     */
    @Override
    public List<Weight> weights(CodeSpace space) {
        if (shared && space.sizes().stream().distinct().count() > 1) {
            throw new UserError("residual: shared is true but the depths have " + space.sizes()
                    + " codes: give every depth the same number, or set shared to false");
        }
        return IntStream.range(0, shared ? 1 : space.depth())
                .mapToObj(k -> Weight.of(table(k), space.size(k), space.width()).normal(1).learning(Learns.EMA))
                .toList();
    }

    @Override
    public String table(int k) {
        return "codebooks." + (shared ? 0 : k) + ".weight";
    }
}
