package org.dnd4j.torch;

/** A program that does not compile or failed while running; the message names the program and the line of its text. */
public final class ProgramException extends RuntimeException {
    ProgramException(String message, Throwable cause) {
        super(message, cause);
    }
}
