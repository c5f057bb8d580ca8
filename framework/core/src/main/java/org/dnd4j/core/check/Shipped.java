package org.dnd4j.core.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The cases inside the runtime's bundle ({@code /check/index} lists their files), copied out while they are needed. */
record Shipped(Path folder) implements AutoCloseable {

    static Shipped unpack() {
        try {
            Path folder = Files.createTempDirectory("dnd4j-check");
            for (String name : new String(bytes("index"), StandardCharsets.UTF_8).lines().toList()) {
                Path file = folder.resolve(name);
                Files.createDirectories(file.getParent());
                Files.write(file, bytes(name));
            }
            return new Shipped(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy out the cases that ship inside", e);
        }
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = Shipped.class.getResourceAsStream("/check/" + name)) {
            if (in == null) {
                throw new IOException("there is no /check/" + name + " in the bundle");
            }
            return in.readAllBytes();
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }
}
