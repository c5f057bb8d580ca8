package org.dnd4j.core.image;

import java.awt.Color;
import org.dnd4j.spi.UserError;

/** Colours as the web writes them. */
final class Colour {
    private Colour() {}

    /**
     * The colour {@code #rrggbb}.
     *
     * @param what the colour is for, for the message
     * @throws UserError if it is written otherwise
     */
    static Color of(String text, String what) {
        if (!text.matches("#[0-9a-fA-F]{6}")) {
            throw new UserError(what + " is a colour like \"#1d4ed8\", not \"" + text + "\"");
        }
        return new Color(Integer.parseInt(text.substring(1), 16));
    }
}
