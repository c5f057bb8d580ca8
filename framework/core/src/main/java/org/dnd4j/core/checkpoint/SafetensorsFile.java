package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A safetensors file as a flat map of arrays. */
record SafetensorsFile(Path path, Map<String, Object> content, Map<String, String> metadata) implements Container {
    static SafetensorsFile open(Path path) {
        Safetensors file = Safetensors.open(path);
        Map<String, Object> content = new LinkedHashMap<>();
        for (String name : file.names()) {
            long[] shape = file.shape(name).stream().mapToLong(n -> n).toArray();
            float[] floats = file.floats(name);
            ByteBuffer bytes = ByteBuffer.allocate(floats.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(floats);
            content.put(name, Stored.of(ElementType.F32, shape, bytes));
        }
        return new SafetensorsFile(path, content, file.metadata());
    }

    @Override
    public void close() {
        // nothing is open
    }
}
