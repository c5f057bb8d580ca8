package org.dnd4j.heads;

import org.dnd4j.spi.HeadTopology;
import org.dnd4j.tck.HeadTopologyTck;

class OneTest extends HeadTopologyTck {
    @Override
    protected HeadTopology topology() {
        return new One(null);
    }

    @Override
    protected String remembered() {
        return "928c9a55";
    }
}
