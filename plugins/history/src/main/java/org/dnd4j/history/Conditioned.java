package org.dnd4j.history;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Nearest;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;

/**
 * Residual quantisation whose codewords know what the codes before them said: a codeword is a table's row plus what a
 * small network makes of the row and ẑ so far (REFERENCE G.2, QINCo2). Tables learn by moving average as residual tables
 * do, networks by gradient; these start at saying nothing, so that it starts as residual quantisation. The first depth,
 * which nothing precedes, is plain.
 *
 * <p>The network is asked only about the rows that are nearest to the target, the candidates, and {@code nearest} is exact
 * among those: codes beyond them come after them, in the order of their rows.
 *
 * <p>With P the weights of one depth's network, a vector costs about D·(K·c + A·P) products to encode greedily and B times
 * that with a beam of B, 4 if nobody says, and D·P to decode.
 *
 * @param hidden width of the networks; 128 if left out
 * @param blocks residual blocks a network, of two layers each; 1 if left out
 * @param candidates A, how many rows the network is asked about; 16 if left out
 */
@Plugin("conditioned")
public record Conditioned(Integer hidden, Integer blocks, Integer candidates) implements Decomposition {
    private static final int BEAM = 4;

    static final Program PROGRAM = Program.of(Conditioned.class, "conditioned.py");

    public Conditioned {
        hidden = hidden == null ? 128 : hidden;
        blocks = blocks == null ? 1 : blocks;
        candidates = candidates == null ? 16 : candidates;
        check("hidden", hidden, 1);
        check("blocks", blocks, 0);
        check("candidates", candidates, 1);
    }

    private static void check(String field, int value, int least) {
        if (value < least) {
            throw new UserError("conditioned: " + field + " is " + value + ": must be at least " + least);
        }
    }

    /** One table {@code codebooks.k.weight [K,c]} a depth, and a network {@code networks.k} for each but the first. */
    @Override
    public List<Weight> weights(CodeSpace space) {
        List<Weight> weights = new ArrayList<>();
        int c = space.width();
        for (int k = 0; k < space.depth(); k++) {
            weights.add(Weight.of(table(k), space.size(k), c).normal(1).learning(Learns.EMA));
            if (k > 0) {
                List<String> names = names(k);
                weights.add(Weight.matrix(names.get(0), hidden, c).normal(1 / Math.sqrt(2 * c)));
                weights.add(Weight.matrix(names.get(1), hidden, c).normal(1 / Math.sqrt(2 * c)));
                weights.add(Weight.of(names.get(2), hidden));
                for (int i = 0; i < blocks; i++) {
                    weights.add(Weight.matrix(names.get(3 + 2 * i), hidden, hidden).normal(1 / Math.sqrt(hidden)));
                    weights.add(Weight.matrix(names.get(4 + 2 * i), hidden, hidden).constant(0));
                }
                weights.add(Weight.matrix(names.get(3 + 2 * blocks), c, hidden).constant(0));
            }
        }
        return weights;
    }

    @Override
    public int beamWidth() {
        return BEAM;
    }

    private List<String> names(int k) {
        List<String> names = new ArrayList<>(List.of("row.weight", "history.weight", "history.bias"));
        for (int i = 0; i < blocks; i++) {
            names.add("blocks." + i + ".up.weight");
            names.add("blocks." + i + ".down.weight");
        }
        names.add("out.weight");
        return names.stream().map(name -> "networks." + k + "." + name).toList();
    }

    @Override
    public Nearest nearest(NDArray target, NDArray state, int k, int a, Weights w) {
        NDArray table = w.get(table(k)); // [K,c]
        if (k == 0) {
            return Nearest.inTable(target, table, a, w);
        }
        int asked = (int) Math.min(candidates, table.getShape().get(0));
        Nearest plain = Nearest.inTable(target, table, Math.max(a, asked), w);
        NDList rows = new NDList(plain.codes(), plain.codewords()); // [n,A], [n,A,c]
        NDList found = w.call(PROGRAM, "among", target, state, rows, table, w.group(names(k)), a, asked);
        return new Nearest(found.get(0), found.get(1));
    }

    @Override
    public NDArray codeword(NDArray codes, NDArray state, int k, Weights w) {
        return k == 0
                ? Decomposition.super.codeword(codes, state, k, w) // [n,c]
                : w.run(PROGRAM, "codeword", codes, state, w.get(table(k)), w.group(names(k))); // [n,c]
    }
}
