package org.dnd4j.core.checkpoint;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** The values that stand behind opcodes in a pickle. A length is believed only after as many bytes are known to follow. */
record Operands(Reader in) {
    /** Of a class or function. */
    static final int LONGEST_NAME = 200;

    byte[] bytes(long length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a text of " + length + " bytes does not fit");
        }
        return in.bytes(length);
    }

    String text(long length) {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    /** Text of Python 2, which is bytes. */
    String oldText(long length) {
        return new String(bytes(length), StandardCharsets.ISO_8859_1);
    }

    /** A whole number of any length, as a Long where it fits. */
    Object whole(int length) {
        byte[] little = bytes(length);
        byte[] big = new byte[length + 1];
        for (int i = 0; i < length; i++) {
            big[length - i] = little[i];
        }
        big[0] = (byte) (length > 0 && little[length - 1] < 0 ? -1 : 0);
        BigInteger number = new BigInteger(big);
        return number.bitLength() < 64 ? (Object) number.longValue() : number;
    }

    /** A fraction; the only operand that is big-endian. */
    double fraction() {
        return Double.longBitsToDouble(Long.reverseBytes(in.whole8()));
    }

    /** The rest of a line, a name. */
    String line() {
        StringBuilder line = new StringBuilder();
        for (int c = in.whole1(); c != '\n'; c = in.whole1()) {
            line.append((char) c);
            if (line.length() > LONGEST_NAME) {
                throw new IllegalArgumentException("has a name of more than " + LONGEST_NAME + " letters");
            }
        }
        return line.toString();
    }
}
