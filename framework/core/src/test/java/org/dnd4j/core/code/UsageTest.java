package org.dnd4j.core.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {
    @Test
    void sharesAndPerplexitiesAreByDepth() {
        Usage usage = new Usage(List.of(4, 100));
        usage.add(new long[] {0, 7, 1, 7, 0, 7, 1, 7});
        usage.add(new long[200]);
        assertEquals(List.of(0.5, 0.02), usage.shares());
        double p = 2.0 / 104;
        double q = 4.0 / 104;
        assertEquals(Math.exp(-p * Math.log(p) - (1 - p) * Math.log(1 - p)), usage.perplexities().get(0), 1e-9);
        assertEquals(Math.exp(-q * Math.log(q) - (1 - q) * Math.log(1 - q)), usage.perplexities().get(1), 1e-9);
    }

    @Test
    void aCollapsedTableIsNamed() {
        Usage usage = new Usage(List.of(4, 100));
        long[] codes = new long[400];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = i % 2 == 0 ? i / 2 % 4 : i % 3 == 0 ? 1 : 0;
        }
        usage.add(codes);
        List<String> warnings = usage.warnings();
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).startsWith("the table of depth 1 has collapsed: only 2 of its 100 codes occur"), warnings.get(0));
        assertEquals(List.of(), new Usage(List.of(4)).warnings());
    }

    @Test
    void codesAreSmallerThanPixels() {
        CodeFile.Header header = new CodeFile.Header(16, 16, List.of(16384, 16384), 1, List.of(), "residual@1", "");
        assertEquals(16 * 16 * 28, header.bits(), 1e-9);
        assertEquals(16 * 16 * 28 / (256.0 * 256 * 24), header.compression(256), 1e-12);
    }
}
