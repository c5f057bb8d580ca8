package org.dnd4j.heads;

import org.dnd4j.spi.HeadTopology;
import org.dnd4j.tck.HeadTopologyTck;

class DndTest extends HeadTopologyTck {
    @Override
    protected HeadTopology topology() {
        return new Dnd(null);
    }

    @Override
    protected String remembered() {
        return "b0e72df0";
    }
}
