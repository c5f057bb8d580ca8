package org.dnd4j.tck.toy;

import java.util.List;
import java.util.stream.IntStream;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.torch.Weight;

/** Each code says what those before it left over, in a table of its own. */
public record PerDepthResidual() implements Decomposition {
    @Override
    public List<Weight> weights(CodeSpace space) {
        return IntStream.range(0, space.depth())
                .mapToObj(k -> Weight.of(table(k), space.size(k), space.width()).normal(1).learning(Weight.Learns.EMA))
                .toList();
    }
}
