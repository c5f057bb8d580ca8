package org.dnd4j.core.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A safetensors file as a flat map of arrays. */
record SafetensorsFile(Path path, Map<String, Object> content, Map<String, String> metadata) implements Container {
    static SafetensorsFile open(Path path) {
        Safetensors file = Safetensors.open(path);
        Map<String, Object> content = new LinkedHashMap<>();
        file.names().forEach(name -> content.put(name, file.stored(name)));
        return new SafetensorsFile(path, content, file.metadata());
    }

    @Override
    public void close() {
        // nothing is open
    }
}
