package org.dnd4j.core.train;

import org.dnd4j.core.code.CodeFile;
import org.dnd4j.core.code.Split;

/** One split of a code file, as batches are drawn from it. */
public record CodeSplit(CodeFile file, Split split) implements CodeBatches.Source {
    @Override
    public int size() {
        return file.count(split);
    }

    @Override
    public int variants() {
        return file.header().variants();
    }

    @Override
    public int label(int i) {
        return file.label(split, i);
    }

    @Override
    public void codes(int i, int variant, long[] into, int at) {
        file.codes(split, i, variant, into, at);
    }
}
