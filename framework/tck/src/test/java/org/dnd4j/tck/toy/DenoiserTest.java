package org.dnd4j.tck.toy;

import org.dnd4j.spi.Decomposition;
import org.dnd4j.tck.DecompositionTck;

class DenoiserTest extends DecompositionTck {
    @Override
    protected Decomposition decomposition() {
        return new Denoiser(16);
    }
}
