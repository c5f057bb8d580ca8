package org.dnd4j.core.checkpoint;

/** Names from a stranger's file as messages show them: on one line, without control characters, not too long. */
final class Shown {
    private static final int MOST = 120;

    private Shown() {}

    static String of(String name) {
        String cut = name.length() > MOST ? name.substring(0, MOST) + "…" : name;
        return cut.codePoints()
                .map(c -> Character.isISOControl(c) || !Character.isDefined(c) || separates(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** What ends a line somewhere, turns the direction of writing, or is half a character. */
    private static boolean separates(int c) {
        int type = Character.getType(c);
        return type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.FORMAT
                || type == Character.SURROGATE;
    }
}
