package org.dnd4j.torch;

/**
 * Names one random draw. A key is derived step by step — seed, purpose, step, position — so that a draw depends on what
 * it is for and never on what was drawn before: Runs side by side do not disturb each other and a resumed Run draws
 * what it would have drawn.
 */
public record Key(long value) {

    /** The key that every draw of a Run starts from. */
    public static Key of(long seed) {
        return new Key(mix(seed));
    }

    /** The key for one purpose: {@code key.at("dropout")}. */
    public Key at(String purpose) {
        long h = value;
        for (int i = 0; i < purpose.length(); i++) {
            h = mix(h ^ purpose.charAt(i));
        }
        return new Key(mix(h ^ purpose.length()));
    }

    /** The key for one step, picture, position or layer. */
    public Key at(long index) {
        return new Key(mix(value + 0x9E3779B97F4A7C15L * (index + 1)));
    }

    /** What a generator is seeded with: 53 bits, so that the number survives every carrier exactly. */
    public long seed() {
        return value >>> 11;
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
