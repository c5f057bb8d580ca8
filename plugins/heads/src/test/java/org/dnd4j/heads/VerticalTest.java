package org.dnd4j.heads;

import org.dnd4j.spi.HeadTopology;
import org.dnd4j.tck.HeadTopologyTck;

class VerticalTest extends HeadTopologyTck {
    @Override
    protected HeadTopology topology() {
        return new Vertical(null);
    }

    @Override
    protected String remembered() {
        return "75b0fdcd";
    }
}
