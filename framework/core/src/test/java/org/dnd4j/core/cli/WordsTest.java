package org.dnd4j.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    private static List<String> texts(String line) {
        return Words.of(line).stream().map(Words.Word::text).toList();
    }

    @Test
    void quotesAreAsInAShell() {
        assertEquals(List.of("run", "a b", "c d", "e f"), texts("run 'a b' \"c d\" e\\ f"));
        assertEquals(List.of("{\"a\":[1]}", "it's", "\"", "a\\b"), texts("'{\"a\":[1]}' it\\''s' \"\\\"\" 'a\\b'"));
        assertEquals(List.of("", "x"), texts("''   x\t"));
        assertEquals(List.of("a#b"), texts("a#b # the rest"));
        assertEquals(List.of(), texts("  # nothing"));
    }

    @Test
    void operatorsStandAlone() {
        assertEquals(
                List.of(new Words.Word("a", false), new Words.Word("|", true), new Words.Word("b|c", false)),
                Words.of("a|'b|c'"));
    }

    @Test
    void anOpenQuoteIsNamed() {
        assertThrows(UserError.class, () -> Words.of("run 'a"));
        assertThrows(UserError.class, () -> Words.of("run \"a\\\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "transformer.training.steps=500", "a b", "it's", "", "{\"a\": 1}", "$x", "a\\b", "#", "name@1.2"})
    void whatIsJoinedIsReadBack(String word) {
        assertEquals(List.of("x", word), texts(Words.joined(List.of("x", word))));
        assertEquals(List.of(word), texts(Words.quote(word)));
    }
}
