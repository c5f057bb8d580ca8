package org.dnd4j.core.code;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Nearest;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/**
 * Beam search over depth: of B prefixes with B continuations each, the B whose codeword is nearest to its target go on,
 * and at the last depth the one whose ẑ is nearest to z wins. A beam can lose the greedy path on its way, so that path
 * is searched as well and taken where it ends nearer: the result is never worse than greedy.
 */
final class Beam {
    private static final Program PROGRAM = Program.of(Beam.class, "beam.py");

    private Beam() {}

    /**
     * The codes of the best paths.
     *
     * @param latents {@code [n,c]}, without gradient
     * @return int64 {@code [n,D]}, in the present scope
     */
    static NDArray search(Quantizer quantizer, NDArray latents, Weights w) {
        try (Scope scope = w.torch().scope()) {
            NDArray z = latents.stopGradient(); // [n,c]
            z.attach(scope.manager());
            NDList wide;
            NDList greedy;
            try (Torch.Tape unrecorded = w.torch().pause()) {
                wide = paths(quantizer, quantizer.beam(), z, w);
                greedy = paths(quantizer, 1, z, w);
            }
            return scope.keep(w.run(PROGRAM, "better", wide.get(0), wide.get(1), greedy.get(0), greedy.get(1)));
        }
    }

    /** Codes int64 {@code [n,D]} and squared errors {@code [n]}. */
    private static NDList paths(Quantizer quantizer, int beam, NDArray z, Weights w) {
        CodeSpace space = quantizer.space();
        int last = space.depth() - 1;
        long n = z.getShape().get(0);
        NDArray state = quantizer.begin(z, w); // [n,c]
        NDArray paths = w.run(PROGRAM, "none", z); // [n,0]
        for (int k = 0; ; k++) {
            NDArray aim = w.run(PROGRAM, "repeat", z, state.getShape().get(0) / n); // [n·b,c]
            NDArray target = quantizer.target(aim, state, k, w); // [n·b,c]
            int a = Math.min(beam, space.size(k));
            Nearest found = quantizer.nearest(target, state, k, a, w); // [n·b,a], [n·b,a,c]
            NDList grown = w.call(PROGRAM, "grow", paths, state, found.codes(), found.codewords());
            if (k < last) {
                grown = w.call(PROGRAM, "keep", target, found.codewords(), grown.get(0), grown.get(1), grown.get(2), n, beam);
            }
            paths = grown.get(0); // [n·b,k+1]
            state = quantizer.next(grown.get(1), grown.get(2), k, w); // [n·b,c]
            if (k == last) {
                return w.call(PROGRAM, "best", z, quantizer.decode(state, k, w), paths);
            }
        }
    }
}
