package org.dnd4j.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;

/** The laws of {@link HeadTopology}, over backbones of 1 to 48 layers and codes of depth 1 to 8. */
public abstract class HeadTopologyTck {
    private static final int LAYERS = 48;
    private static final int DEPTH = 8;

    /** The plugin under test. */
    protected abstract HeadTopology topology();

    /** What an earlier version computed, as the skipped test of H5 gives it; null if there was none. */
    protected String remembered() {
        return null;
    }

    /** What must hold for taps, given what they were laid over. */
    private interface Law {
        void check(int layers, int depth, List<Tap> taps);
    }

    private void everywhere(HeadTopology topology, Law law) {
        boolean accepted = false;
        for (int layers = 1; layers <= LAYERS; layers++) {
            for (int depth = 1; depth <= DEPTH; depth++) {
                List<Tap> taps;
                try {
                    taps = topology.taps(layers, depth);
                } catch (UserError e) {
                    Lab.refusal(e);
                    continue;
                }
                accepted = true;
                law.check(layers, depth, taps);
            }
        }
        assertTrue(accepted, "no number of layers up to 48 and depth up to 8 is accepted");
    }

    @Test
    void h1_thereIsOneTapADepthInOrder() {
        everywhere(topology(), (layers, depth, taps) -> {
            assertEquals(depth, taps.size(), "taps for " + layers + " layers and depth " + depth);
            for (int k = 0; k < taps.size(); k++) {
                assertEquals(k, taps.get(k).depth(), "depth of tap " + k + " of " + taps);
            }
        });
    }

    @Test
    void h2_tapsNeverGoBackAndTheLastFeedsNothing() {
        everywhere(topology(), (layers, depth, taps) -> {
            int before = 0;
            for (Tap tap : taps) {
                boolean forth = tap.layer() >= before && tap.layer() < layers;
                assertTrue(forth, tap + " among " + taps + " on " + layers + " layers");
                before = tap.layer();
            }
            assertFalse(taps.get(taps.size() - 1).feedsBack(), "the last tap of " + taps + " feeds back");
        });
    }

    @Test
    void h3_whatCannotBePlacedIsRefusedInOneLine() {
        HeadTopology topology = topology();
        everywhere(topology, (layers, depth, taps) -> {});
        for (int[] impossible : new int[][] {{0, 1}, {1, 0}, {-1, 1}, {1, -1}}) {
            Lab.refusal(assertThrows(UserError.class, () -> topology.taps(impossible[0], impossible[1])));
        }
    }

    @Test
    void h4_equalArgumentsGiveEqualTaps() {
        HeadTopology topology = topology();
        HeadTopology other = topology();
        everywhere(topology, (layers, depth, taps) -> {
            assertEquals(taps, topology.taps(layers, depth), "asked again");
            assertEquals(taps, other.taps(layers, depth), "another one asked");
        });
    }

    @Test
    void h5_whereItPutTapsOnceItPutsThemStill() {
        HeadTopology topology = topology();
        Memory memory = new Memory();
        everywhere(topology, (layers, depth, taps) -> memory.letter(layers + " " + depth + " " + taps));
        memory.holds(remembered());
    }
}
