package org.dnd4j.core;

import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why something cannot be had, in words; of files, what Java throws often says no more than their name once again. */
public final class Why {
    private Why() {}

    /** Whether Java's memory ran out, or libtorch's, which it asks of the machine. */
    public static boolean memory(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof OutOfMemoryError
                    || said(t).matches("(?s).*(t allocate|out of) memory.*|Storage size calculation .*")) {
                return true;
            }
        }
        return false;
    }

    /** What something thrown says, or nothing: it may be a plugin's, and throw when it is asked. */
    public static String said(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            return message == null ? "" : message;
        } catch (RuntimeException | Error e) {
            return "";
        }
    }

    /** The first line of what something thrown says, or nothing. */
    public static String line(Throwable thrown) {
        return said(thrown).lines().findFirst().orElse("");
    }

    /** The reason, on one line and without the name of the file. */
    public static String of(Exception e) {
        if (e instanceof UncheckedIOException unchecked) {
            return of(unchecked.getCause());
        } else if (e instanceof AccessDeniedException) {
            return "permission denied";
        } else if (e instanceof NoSuchFileException) {
            return "it does not exist";
        } else if (e instanceof FileAlreadyExistsException) {
            return "something of that name is in the way";
        } else if (e instanceof NotDirectoryException) {
            return "it is not a folder";
        } else if (e instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        } else if (e instanceof FileSystemLoopException loop) {
            return "the link " + loop.getFile() + " leads back to a folder that it lies in";
        } else if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().lines().findFirst().orElse("");
    }
}
