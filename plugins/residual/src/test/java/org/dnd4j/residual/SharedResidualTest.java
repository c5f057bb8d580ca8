package org.dnd4j.residual;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class SharedResidualTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Residual(true);
    }
}
