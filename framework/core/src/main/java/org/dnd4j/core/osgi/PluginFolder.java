package org.dnd4j.core.osgi;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A folder that takes plugin jars. */
record PluginFolder(Path path) {

    /**
     * The jars in it, by name; none if there is no such folder.
     *
     * @throws IOException if it cannot be looked into, which does not mean that they are gone
     */
    Map<Path, Stamp> jars() throws IOException {
        Map<Path, Stamp> jars = new TreeMap<>();
        if (Files.isDirectory(path)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(path, "*.jar")) {
                for (Path jar : stream) {
                    Stamp stamp = Stamp.of(jar);
                    if (stamp != null) {
                        jars.put(jar, stamp);
                    }
                }
            } catch (java.nio.file.DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return jars;
    }
}
