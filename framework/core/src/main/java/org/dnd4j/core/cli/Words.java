package org.dnd4j.core.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.dnd4j.spi.UserError;

/**
 * A line as words, by the rules that a POSIX shell has for quotes, so that a line can be moved between the two. Single
 * quotes keep everything; double quotes and a backslash keep spaces.
 */
public final class Words {
    private Words() {}

    /**
     * A word of a line.
     *
     * @param text without its quotes
     * @param operator whether it is an unquoted {@code |} or {@code ;}
     */
    public record Word(String text, boolean operator) {}

    /**
     * The words of a line; what follows an unquoted {@code #} at the start of a word is a comment.
     *
     * @throws UserError if a quote does not end
     */
    public static List<Word> of(String line) {
        List<Word> words = new ArrayList<>();
        StringBuilder word = null;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (word == null && c == '#') {
                break;
            } else if (Character.isWhitespace(c) || c == '|' || c == ';') {
                if (word != null) {
                    words.add(new Word(word.toString(), false));
                    word = null;
                }
                if (!Character.isWhitespace(c)) {
                    words.add(new Word(String.valueOf(c), true));
                }
                continue;
            }
            word = word == null ? new StringBuilder() : word;
            if (c == '\'' || c == '"') {
                i = quoted(line, i, word);
            } else if (c == '\\' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
            } else {
                word.append(c);
            }
        }
        if (word != null) {
            words.add(new Word(word.toString(), false));
        }
        return words;
    }

    /** Takes what stands in quotes; returns where they end. */
    private static int quoted(String line, int from, StringBuilder word) {
        char quote = line.charAt(from);
        for (int i = from + 1; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == quote) {
                return i;
            } else if (quote == '"' && c == '\\' && i + 1 < line.length() && "\\\"$`".indexOf(line.charAt(i + 1)) >= 0) {
                word.append(line.charAt(++i));
            } else {
                word.append(c);
            }
        }
        throw new UserError("a quote " + quote + " is opened and not closed");
    }

    /** A word in single quotes, which a shell and Gogo read as it is. */
    public static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** Words as a line that means them, quoted where need be. */
    static String joined(List<String> words) {
        return words.stream()
                .map(w -> w.matches("[\\w./:=@,+%-]+") ? w : quote(w))
                .collect(Collectors.joining(" "));
    }
}
