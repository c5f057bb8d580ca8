package org.dnd4j.gpt;

import java.util.LinkedHashMap;
import java.util.Map;

/** The sizes that have a name (Radford et al. 2019, table 2; heads as in the released models), and small ones. */
record Size(int dim, int blocks, int heads) {
    static final Map<String, Size> NAMED = new LinkedHashMap<>();

    static {
        NAMED.put("nano", new Size(128, 4, 4));
        NAMED.put("mini", new Size(256, 6, 4));
        NAMED.put("small", new Size(768, 12, 12));
        NAMED.put("medium", new Size(1024, 24, 16));
        NAMED.put("large", new Size(1280, 36, 20));
        NAMED.put("xl", new Size(1600, 48, 25));
    }
}
