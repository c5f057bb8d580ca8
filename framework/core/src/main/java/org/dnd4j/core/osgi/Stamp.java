package org.dnd4j.core.osgi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What tells a file from what it was before.
 *
 * @param key the file itself, where the system numbers files: one that took its place is another
 * @param changed when anything of it changed last, where the system knows: a copy can bring its old date with it
 */
record Stamp(long size, FileTime modified, Object key, Object changed) {

    /** That of a file now; null if it is not there. */
    static Stamp of(Path file) {
        try {
            BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
            return a.isDirectory() ? null : new Stamp(a.size(), a.lastModifiedTime(), a.fileKey(), changed(file));
        } catch (IOException e) {
            return null;
        }
    }

    private static Object changed(Path file) {
        try {
            return Files.getAttribute(file, "unix:ctime");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return null;
        }
    }
}
