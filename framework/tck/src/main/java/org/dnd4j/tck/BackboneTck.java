package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.Pass;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Step;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link Backbone}, on three sequences of two conditions and a grid of 2×3. */
public abstract class BackboneTck {
    private static final int B = 3; // not the two of keys and values
    private static final int S = 8;
    private static final int HEADS = 2;
    private static final Program GIVEN =
            Program.text("given", "def given(self, h: Tensor) -> Tensor:\n  return h\n");

    private Lab lab;

    /** The plugin under test, as small as it can be (at least two layers). */
    protected abstract Backbone backbone();

    /** What an earlier version computed, as the skipped test of B11 gives it; null if there was none. */
    protected String remembered() {
        return null;
    }

    @BeforeEach
    void open() {
        lab = new Lab();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private Weights weights(Backbone backbone) {
        return lab.stirred(backbone.weights(HEADS, S));
    }

    private NDArray hidden(long seed) {
        return lab.normal(seed, B, S, backbone().width()); // [b,s,d]
    }

    private NDArray places() {
        long[] places = {-1, -1, -1, -1, 0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 2};
        return lab.torch.manager().create(places, new Shape(S, 2)); // [s,2]
    }

    private Pass pass(Backbone backbone, Weights w) {
        return pass(backbone, w, false, 1);
    }

    private Pass pass(Backbone backbone, Weights w, boolean training, long seed) {
        return new Pass(0, false, null, backbone.prepare(places(), 0, w), training, Key.of(seed), w);
    }

    private static NDArray all(Backbone backbone, NDArray h, Pass pass) {
        return backbone.run(h, 0, backbone.layers(), pass); // [b,t,d]
    }

    @Test
    void b1_statesKeepTheirShapeAtEveryPrecision() {
        Backbone backbone = backbone();
        assertTrue(backbone.layers() >= 2, "these laws need two layers");
        NDArray h = hidden(1);
        Weights exact = weights(backbone);
        NDArray expected = all(backbone, h, pass(backbone, exact));
        for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16, Precision.INT8)) {
            Weights w = lab.stirred(backbone.weights(HEADS, S), precision, false);
            Pass pass = pass(backbone, w);
            NDArray out = all(backbone, h, pass);
            Lab.shaped("run", out, DataType.FLOAT32, B, S, backbone.width());
            float off = out.sub(expected).norm().toFloatArray()[0] / expected.norm().toFloatArray()[0];
            float bound = precision == Precision.FLOAT32 ? 1e-4f : 0.2f;
            assertTrue(off < bound, "in " + precision.label() + " the result is off by " + off + " of its length");
            for (int head = 0; head < HEADS; head++) {
                Lab.shaped("norm " + head, backbone.norm(out, head, pass), DataType.FLOAT32, B, S, backbone.width());
            }
        }
    }

    @Test
    void b2_aTokenSeesOnlyItselfAndEarlierOnes() {
        Backbone backbone = backbone();
        Weights w = weights(backbone);
        Pass pass = pass(backbone, w);
        NDArray h = hidden(1);
        NDArray out = all(backbone, h, pass);
        for (int t = 1; t < S; t++) {
            NDArray changed = h.get(":,:" + t).concat(hidden(2).get(":," + t + ":"), 1); // [b,s,d]
            NDArray seen = all(backbone, changed, pass);
            Lab.near("tokens before " + t + " when it changes", out.get(":,:" + t), seen.get(":,:" + t));
            Lab.differ("token " + t + " when it changes", out.get(":," + t), seen.get(":," + t));
        }
        NDArray first = hidden(3).get(":,:1").concat(h.get(":,1:"), 1); // [b,s,d]
        Lab.differ("the last token when the first changes", out.get(":,-1"), all(backbone, first, pass).get(":,-1"));
    }

    @Test
    void b3_runningInPiecesEqualsRunningAtOnce() {
        Backbone backbone = backbone();
        Weights w = weights(backbone);
        NDArray h = hidden(1);
        for (boolean training : new boolean[] {false, true}) {
            Pass pass = pass(backbone, w, training, 1);
            NDArray whole = all(backbone, h, pass);
            for (int cut = 0; cut <= backbone.layers(); cut++) {
                NDArray half = cut == 0 ? h : backbone.run(h, 0, cut, pass);
                NDArray rest = cut == backbone.layers() ? half : backbone.run(half, cut, backbone.layers(), pass);
                Lab.near("run in pieces, cut after " + cut + (training ? ", training" : ""), whole, rest);
            }
        }
    }

    @Test
    void b3_reachingAHeadEqualsRunningAndItsNorm() {
        Backbone backbone = backbone();
        Weights w = weights(backbone);
        NDArray h = hidden(1);
        for (boolean training : new boolean[] {false, true}) {
            for (int head = 0; head < HEADS; head++) {
                for (int from : new int[] {head, backbone.layers()}) { // with no layers at all only the norm is left
                    Pass pass = pass(backbone, w, training, 1);
                    NDArray run = from == backbone.layers() ? h : backbone.run(h, from, backbone.layers(), pass); // [b,s,d]
                    NDList reached = w.call(reach(backbone, from, backbone.layers(), head, pass), h);
                    String which = " of reach from layer " + from + " to head " + head + (training ? ", training" : "");
                    assertEquals(2, reached.size(), "arrays of reach");
                    Lab.near("the state" + which, run, reached.get(0));
                    Lab.near("the norm" + which, backbone.norm(run, head, pass), reached.get(1));
                }
            }
        }
    }

    @Test
    void b3_stepsThatAreLinkedEqualStepsTakenAlone() {
        Backbone backbone = backbone();
        Weights w = weights(backbone);
        NDArray h = hidden(1);
        NDArray expected = all(backbone, h, pass(backbone, w));
        NDList state = backbone.prepare(places(), B, w);
        NDList parts = new NDList();
        for (int t = 0; t < S; t++) {
            Pass pass = new Pass(t, true, null, state, false, Key.of(1), w);
            NDArray token = h.get(":, {}:{}", t, t + 1); // [b,1,d]
            NDList reached = w.call(List.of(
                    Step.of(GIVEN, "given", token),
                    reach(backbone, 0, 1, 0, pass),
                    reach(backbone, 1, backbone.layers(), 1, pass)));
            parts.add(reached.get(0));
            Lab.near("the norm at token " + t, backbone.norm(reached.get(0), 1, pass), reached.get(1));
        }
        Lab.near("steps that are linked, token by token", expected, NDArrays.concat(parts, 1));
    }

    private static Step reach(Backbone backbone, int from, int to, int head, Pass pass) {
        Step step = backbone.reach(from, to, head, pass);
        Assumptions.assumeTrue(step != null, "not tried: it leaves this to run and norm");
        return step;
    }

    @Test
    void b4_withACacheTokenByTokenEqualsAllAtOnce() {
        Backbone backbone = backbone();
        NDArray h = hidden(1);
        for (boolean training : new boolean[] {true, false}) {
            Weights w = lab.stirred(backbone.weights(HEADS, S), Precision.FLOAT32, training);
            NDArray expected = all(backbone, h, pass(backbone, w));
            for (int prefill : new int[] {1, 2, 3, S}) {
                NDList state = backbone.prepare(places(), B, w);
                NDList parts = new NDList();
                for (int t = 0; t < S; t = t == 0 ? prefill : t + 1) {
                    int end = t == 0 ? prefill : t + 1;
                    Pass pass = new Pass(t, true, null, state, false, Key.of(1), w);
                    NDArray tokens = h.get(":," + t + ":" + end); // [b,t,d]
                    parts.add(backbone.run(backbone.run(tokens, 0, 1, pass), 1, backbone.layers(), pass));
                }
                Lab.near("after a prefill of " + prefill + ", token by token", expected, NDArrays.concat(parts, 1));
            }
            Lab.near("a few tokens at a time", expected, stepped(backbone, h, null, w));
        }
    }

    /** Bits that a precision has no room for are rounded at other places where a cache lies between. */
    @Test
    void b4_withACacheInFewerBits() {
        Backbone backbone = backbone();
        NDArray h = hidden(1);
        for (Precision precision : List.of(Precision.BFLOAT16, Precision.INT8)) {
            Weights w = lab.stirred(backbone.weights(HEADS, S), precision, false);
            NDArray expected = all(backbone, h, pass(backbone, w));
            NDArray seen = stepped(backbone, h, null, w);
            float off = seen.sub(expected).norm().toFloatArray()[0] / expected.norm().toFloatArray()[0];
            assertTrue(off < 0.1f, "in " + precision.label() + " the result is off by " + off + " of its length");
        }
    }

    @Test
    void b4_withAttentionInBfloat16AsOnAGpu() {
        Backbone backbone = backbone();
        NDArray h = hidden(1);
        Weights w = lab.stirred(backbone.weights(HEADS, S), Precision.BFLOAT16, false);
        Weights halved = Lab.halved(w);
        NDArray expected = all(backbone, h, pass(backbone, w));
        boolean kept = Lab.halves(backbone.prepare(places(), B, halved));
        for (NDArray seen : List.of(all(backbone, h, pass(backbone, halved)), stepped(backbone, h, null, halved))) {
            Lab.roughly("with attention in bfloat16", expected, seen);
            if (kept) {
                Lab.differ("attention in bfloat16, as the cache is", expected, seen);
            }
        }
    }

    /** Three tokens, then two, one, and the rest. */
    private NDArray stepped(Backbone backbone, NDArray h, NDArray mask, Weights w) {
        NDList state = backbone.prepare(places(), B, w);
        NDList parts = new NDList();
        int start = 0;
        for (int end : new int[] {3, 5, 6, S}) {
            Pass pass = new Pass(start, true, mask, state, false, Key.of(1), w);
            parts.add(all(backbone, h.get(":," + start + ":" + end), pass)); // [b,t,d]
            start = end;
        }
        return NDArrays.concat(parts, 1); // [b,s,d]
    }

    @Test
    void b5_sequencesDoNotSeeEachOther() {
        Backbone backbone = backbone();
        Weights w = weights(backbone);
        Pass pass = pass(backbone, w);
        NDArray h = hidden(1);
        NDArray changed = h.get(":1").concat(hidden(2).get("1:")); // [b,s,d]
        NDArray out = all(backbone, h, pass);
        Lab.near("the first sequence beside another", out.get(":1"), all(backbone, changed, pass).get(":1"));
        Lab.near("the first sequence alone", out.get(":1"), all(backbone, h.get(":1"), pass).get(":1"));
        NDArray normed = backbone.norm(h, 0, pass);
        Lab.near("the first sequence's norm", normed.get(":1"), backbone.norm(changed, 0, pass).get(":1"));
        Lab.near("the first token's norm", normed.get(":,:1"), backbone.norm(h.get(":,:1"), 0, pass));
    }

    @Test
    void b6_equalArgumentsGiveEqualBits() {
        Backbone backbone = backbone();
        Weights w = weights(backbone);
        NDArray h = hidden(1);
        NDArray kept = h.duplicate();
        NDArray normed = backbone.norm(h, 0, pass(backbone, w, true, 1));
        NDArray quiet = all(backbone, h, pass(backbone, w, false, 1));
        NDArray dropped = all(backbone, h, pass(backbone, w, true, 1));
        all(backbone, hidden(2), pass(backbone, w, true, 2));
        Lab.same("hidden states that were handed in", kept, h);
        for (Backbone again : List.of(backbone, backbone())) {
            Lab.same("the same norm again", normed, again.norm(h, 0, pass(backbone, w, true, 1)));
            Lab.same("the same pass again", quiet, all(again, h, pass(backbone, w, false, 1)));
            Lab.same("another key without training", quiet, all(again, h, pass(backbone, w, false, 2)));
            Lab.same("the same training pass again", dropped, all(again, h, pass(backbone, w, true, 1)));
        }
        try (Torch.Tape tape = lab.torch.record()) {
            NDArray recorded = all(backbone, h, pass(backbone, w, true, 1)).stopGradient(); // [b,s,d]
            Lab.near("the same training pass, recorded", dropped, recorded);
        }
    }

    @Test
    void b6_dropoutDependsOnTheKey() {
        Backbone backbone = backbone();
        Weights w = weights(backbone);
        NDArray h = hidden(1);
        NDArray dropped = all(backbone, h, pass(backbone, w, true, 1));
        boolean drops = !Arrays.equals(
                dropped.toFloatArray(), all(backbone, h, pass(backbone, w, false, 1)).toFloatArray());
        Assumptions.assumeTrue(drops, "not tried: as it is configured here, training drops nothing");
        Lab.differ("training passes with two keys", dropped, all(backbone, h, pass(backbone, w, true, 2)));
    }

    @Test
    void b7_weightsAreDeclaredAndEachIsMovedByTraining() {
        Backbone backbone = backbone();
        List<Weight> declared = backbone.weights(HEADS, S);
        assertEquals(declared, backbone.weights(HEADS, S), "declared again");
        Weights w = lab.stirred(declared);
        NDArray h = hidden(1);
        NDArray other = hidden(2);
        lab.moves(
                () -> {
                    Pass pass = pass(backbone, w);
                    NDArray half = backbone.run(h, 0, 1, pass); // [b,s,d]
                    NDArray whole = backbone.run(half, 1, backbone.layers(), pass); // [b,s,d]
                    NDArray first = backbone.norm(half, 0, pass).mul(other).mean(); // []
                    return first.add(backbone.norm(whole, 1, pass).mul(other).mean()); // []
                },
                w);
        for (Weights others : List.of(lab.started(declared), lab.stirred(declared, Precision.FLOAT32, false))) {
            Pass pass = pass(backbone, others);
            NDArray out = all(backbone, h, pass);
            for (int head = 0; head < HEADS; head++) {
                backbone.norm(out, head, pass);
            }
        }
    }

    @Test
    void b8_theOrderOfTokensMatters() {
        Backbone backbone = backbone();
        Weights w = weights(backbone);
        Pass pass = pass(backbone, w);
        NDArray h = hidden(1);
        NDArray swapped = NDArrays.concat(
                new NDList(h.get(":,:4"), h.get(":,5:6"), h.get(":,4:5"), h.get(":,6:")), 1); // [b,s,d]
        // one layer at a time: a second one tells orders apart by what the first one let each token see
        float most = 0;
        for (int layer = 0; layer < backbone.layers(); layer++) {
            NDArray out = backbone.run(h, layer, layer + 1, pass).get(":,-1"); // [b,d]
            NDArray seen = backbone.run(swapped, layer, layer + 1, pass).get(":,-1"); // [b,d]
            most = Math.max(most, Lab.distance(out.toFloatArray(), seen.toFloatArray()));
        }
        assertTrue(most > 1e-5, "the last token differs, when two before it change places, by no more than " + most);
    }

    @Test
    void b9_noMethodKeepsAnArray() {
        Backbone backbone = backbone();
        Weights w = weights(backbone);
        float[] first = step(backbone, w, 1);
        int before = lab.longLived();
        step(backbone, w, 2);
        assertEquals(before, lab.longLived(), "arrays left behind by a step");
        assertArrayEquals(first, step(backbone, w, 1), "the arrays of earlier steps are gone, and nothing changes");
    }

    private float[] step(Backbone backbone, Weights w, long seed) {
        try (Scope step = lab.torch.scope()) {
            Pass cached = new Pass(0, true, null, backbone.prepare(places(), B, w), false, Key.of(1), w);
            all(backbone, hidden(seed), cached);
            try (Torch.Tape tape = lab.torch.record()) {
                Pass pass = pass(backbone, w, true, 1);
                return backbone.norm(all(backbone, hidden(seed), pass), 0, pass).stopGradient().toFloatArray();
            }
        }
    }

    @Test
    void b10_whatTheMaskHidesReachesNoOtherToken() {
        Backbone backbone = backbone();
        Weights w = weights(backbone);
        boolean[] visible = new boolean[B * S];
        Arrays.fill(visible, true);
        visible[0] = false; // the first condition of the first sequence
        NDArray mask = lab.torch.manager().create(visible, new Shape(B, S)); // [b,s]
        NDArray h = hidden(1);
        NDArray changed = hidden(2).get(":,:1").concat(h.get(":,1:"), 1); // [b,s,d]
        for (boolean cached : new boolean[] {false, true}) {
            NDArray out = masked(backbone, h, mask, cached, w);
            NDArray seen = masked(backbone, changed, mask, cached, w);
            Lab.near("tokens after a hidden one", out.get(":1,1:"), seen.get(":1,1:"));
            Lab.differ("tokens after one that is not hidden", out.get("1:,1:"), seen.get("1:,1:"));
            Lab.near("with a mask, a few tokens at a time", out.get(":,1:"), stepped(backbone, h, mask, w).get(":,1:"));
        }
    }

    private NDArray masked(Backbone backbone, NDArray h, NDArray mask, boolean cached, Weights w) {
        NDList state = backbone.prepare(places(), cached ? B : 0, w);
        return all(backbone, h, new Pass(0, cached, mask, state, false, Key.of(1), w)); // [b,s,d]
    }

    @Test
    void b11_whatItComputedOnceItComputesStill() {
        Backbone backbone = backbone();
        Memory memory = new Memory();
        memory.letter(backbone.width() + " wide, " + backbone.layers() + " layers");
        for (int heads = 0; heads <= HEADS; heads++) {
            memory.letter(backbone.weights(heads, S));
        }
        Weights w = weights(backbone);
        NDArray h = hidden(1);
        NDArray out = all(backbone, h, pass(backbone, w));
        memory.array("run", out);
        NDList far = backbone.prepare(far(), 0, w);
        memory.array("run on faint states", all(backbone, h.mul(0.003), pass(backbone, w)));
        NDArray faint = h.mul(0.003);
        Weights start = lab.started(backbone.weights(HEADS, S));
        memory.array("what faint states gain untrained", all(backbone, faint, pass(backbone, start)).sub(faint));
        memory.array("norm of faint states", backbone.norm(h.mul(0.003), 0, pass(backbone, w)));
        memory.array("run far apart", all(backbone, h, new Pass(0, false, null, far, false, Key.of(1), w)));
        for (int head = 0; head < HEADS; head++) {
            memory.array("norm " + head, backbone.norm(out, head, pass(backbone, w)));
        }
        memory.array("run in training", all(backbone, h, pass(backbone, w, true, 1)));
        for (int layer = 0; layer < backbone.layers(); layer++) {
            Pass training = pass(backbone, w, true, 1);
            memory.array("layer " + layer + " in training", backbone.run(h, layer, layer + 1, training));
        }
        boolean[] visible = new boolean[B * S];
        Arrays.fill(visible, true);
        visible[0] = false;
        NDArray mask = lab.torch.manager().create(visible, new Shape(B, S)); // [b,s]
        memory.array("run with a mask", masked(backbone, h, mask, false, w));
        memory.array("run with a mask and a cache", masked(backbone, h, mask, true, w));
        memory.holds(remembered());
    }

    /** Places so far apart that slow rotations are seen, too. */
    private NDArray far() {
        long[] places = {-1, -1, -1, -1, 0, 0, 3, 50, 7, 11, 29, 0, 60, 41, 63, 63};
        return lab.torch.manager().create(places, new Shape(S, 2)); // [s,2]
    }
}
