package org.dnd4j.core.train;

import org.dnd4j.torch.Key;

/**
 * Which pictures each batch of a training holds: every picture once an epoch, in an order keyed by the epoch, each time
 * in one of its stored variants. A batch depends on its number alone, so a resumed training goes on with the right one.
 */
public final class CodeBatches {

    /** Encoded pictures by index. */
    public interface Source {
        /** How many pictures there are. */
        int size();

        /** How many ways each of them was encoded (flipped, cropped). */
        int variants();

        /** The class of picture i. */
        int label(int i);

        /** Copies the S·D codes of picture i, depth innermost, to {@code into} from index {@code at} on. */
        void codes(int i, int variant, long[] into, int at);
    }

    /**
     * Some pictures.
     *
     * @param labels b
     * @param codes b·S·D, depth innermost
     */
    public record Batch(int[] labels, long[] codes) {}

    private final Source source;
    private final int codesPerPicture;
    private final Key key;
    private long epoch = -1;
    private int[] order;

    /** Batches of a source; {@code key} names the order. */
    public CodeBatches(Source source, int codesPerPicture, Key key) {
        this.source = source;
        this.codesPerPicture = codesPerPicture;
        this.key = key.at("batches");
    }

    public Source source() {
        return source;
    }

    /** The pictures {@code first} to {@code first + count} of an endless row of epochs. */
    public Batch drawn(long first, int count) {
        int[] labels = new int[count];
        long[] codes = new long[count * codesPerPicture];
        for (int row = 0; row < count; row++) {
            long n = first + row;
            int picture = at(n);
            int variant = (int) Math.floorMod(key.at("variant").at(n).seed(), (long) source.variants());
            labels[row] = source.label(picture);
            source.codes(picture, variant, codes, row * codesPerPicture);
        }
        return new Batch(labels, codes);
    }

    /** The pictures {@code first} to {@code first + count} of the source itself, as first encoded. */
    public Batch inOrder(int first, int count) {
        int[] labels = new int[count];
        long[] codes = new long[count * codesPerPicture];
        for (int row = 0; row < count; row++) {
            labels[row] = source.label(first + row);
            source.codes(first + row, 0, codes, row * codesPerPicture);
        }
        return new Batch(labels, codes);
    }

    private int at(long n) {
        long wanted = n / source.size();
        if (wanted != epoch) {
            order = shuffled(source.size(), key.at("epoch").at(wanted));
            epoch = wanted;
        }
        return order[(int) (n % source.size())];
    }

    /** Fisher and Yates. */
    private static int[] shuffled(int size, Key key) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = (int) (key.at(i).seed() % (i + 1));
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
