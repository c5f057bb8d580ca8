package org.dnd4j.heads;

import org.dnd4j.spi.HeadTopology;
import org.dnd4j.tck.HeadTopologyTck;

class ParallelTest extends HeadTopologyTck {
    @Override
    protected HeadTopology topology() {
        return new Parallel(null);
    }

    @Override
    protected String remembered() {
        return "96bfb261";
    }
}
