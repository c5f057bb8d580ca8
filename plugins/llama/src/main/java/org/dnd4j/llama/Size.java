package org.dnd4j.llama;

import java.util.LinkedHashMap;
import java.util.Map;

/** The sizes that have a name (REFERENCE B.1; XXXL as in DnD, where LlamaGen's has 48 layers of 2560), and small ones. */
record Size(int dim, int blocks, int heads) {
    static final Map<String, Size> NAMED = new LinkedHashMap<>();

    static {
        NAMED.put("nano", new Size(128, 4, 4));
        NAMED.put("mini", new Size(256, 6, 4));
        NAMED.put("S", new Size(384, 12, 6));
        NAMED.put("B", new Size(768, 12, 12));
        NAMED.put("L", new Size(1024, 24, 16));
        NAMED.put("XL", new Size(1280, 36, 20));
        NAMED.put("XXL", new Size(1536, 48, 24));
        NAMED.put("XXXL", new Size(2048, 48, 32));
        NAMED.put("1B", new Size(2048, 22, 32));
        NAMED.put("3B", new Size(3200, 24, 32));
        NAMED.put("7B", new Size(4096, 32, 32));
    }
}
