package org.dnd4j.heads;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;

/**
 * Heads at any layers, several at one if wanted, each of which feeds its code back or not: what the other topologies are
 * cases of. A code that is fed back is known to all heads after it, those of the same layer included, since it is added to
 * the hidden state that they read.
 *
 * @param positions one layer a depth, none before that of an earlier depth, counted from 0: head k reads the state after
 *     layer {@code positions[k]}. If left out they are spaced evenly and end at the last layer
 * @param feeds for each depth whether its code is fed back, never the last. If left out all but the last are
 */
@Plugin("custom")
public record Custom(List<Integer> positions, List<Boolean> feeds) implements HeadTopology {
    private static final String NAME = "custom";

    public Custom {
        positions = Positions.checked(NAME, positions, true);
        if (feeds != null) {
            if (feeds.isEmpty() || feeds.stream().anyMatch(Objects::isNull)) {
                throw new UserError(
                        NAME + ": feeds " + feeds + " must have a true or false for each depth, as in [true, false]");
            }
            if (feeds.get(feeds.size() - 1)) {
                throw new UserError(NAME + ": feeds " + feeds + " must end with false: after the last head there is none"
                        + " that its code could be fed to");
            }
            feeds = List.copyOf(feeds);
        }
    }

    @Override
    public List<Tap> taps(int layers, int depth) {
        List<Integer> fitting = Positions.fit(NAME, positions, layers, depth, true);
        if (feeds != null && feeds.size() != depth) {
            throw new UserError(NAME + ": " + feeds.size() + " feeds " + feeds + " for " + depth
                    + (depth == 1 ? " head" : " heads") + ": give " + depth + ", the last false");
        }
        return IntStream.range(0, depth)
                .mapToObj(k -> new Tap(fitting.get(k), k, feeds == null ? k < depth - 1 : feeds.get(k)))
                .toList();
    }
}
