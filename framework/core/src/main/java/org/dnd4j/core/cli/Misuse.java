package org.dnd4j.core.cli;

/** An option's value that no run could take: wrong usage, as an option that is not there would be. */
final class Misuse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Misuse(String message) {
        super(message);
    }
}
