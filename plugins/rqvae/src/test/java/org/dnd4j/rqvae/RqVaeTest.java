package org.dnd4j.rqvae;

import java.util.List;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.tck.AutoencoderTck;

class RqVaeTest extends AutoencoderTck {
    @Override
    protected Autoencoder autoencoder() {
        return new RqVae(32, List.of(1, 2), 1, List.of(8), RqVae.Middle.ATTENTION, 16, 16, 8, 1, 1, false, 1.0);
    }
}
