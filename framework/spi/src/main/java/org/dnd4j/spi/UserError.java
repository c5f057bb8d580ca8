package org.dnd4j.spi;

/** Something the user can put right. The message is one line: what is wrong, where, and what would be right. */
public final class UserError extends RuntimeException {
    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
