package org.dnd4j.core.experiment;

import java.util.Map;
import org.dnd4j.core.json.RecordWriter;

/** Stand-in for the experiment reader's way of making one plugin. */
public record Made(Plugins plugins) {
    public <T> T plugin(Class<T> spi, String reference, Map<String, ?> settings) {
        return new RecordReader(plugins).plugged(RecordWriter.node(Map.of(reference, settings)), spi, reference).plugin();
    }
}
