package org.example.scaled;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class ScaledTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Scaled(null);
    }
}
