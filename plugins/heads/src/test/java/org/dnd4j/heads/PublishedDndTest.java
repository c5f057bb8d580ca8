package org.dnd4j.heads;

import java.util.List;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.tck.HeadTopologyTck;

class PublishedDndTest extends HeadTopologyTck {
    @Override
    protected HeadTopology topology() {
        return new Dnd(List.of(26, 29, 32, 35, 38, 41, 44, 47));
    }

    @Override
    protected String remembered() {
        return "5a3034e5";
    }
}
