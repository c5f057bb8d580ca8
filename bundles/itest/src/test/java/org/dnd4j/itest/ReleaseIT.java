package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The zip as strangers meet it: one who only runs it, and one who writes a plugin with nothing else at hand. */
@DisabledOnOs(OS.WINDOWS) // whose shell is another, and starts bin/dnd4j.cmd
class ReleaseIT {
    @TempDir
    static Path temporary;

    /** The unpacked release, in a folder whose name has a space. */
    static Path release;

    @BeforeAll
    static void unpack() throws IOException {
        Path into = Files.createDirectory(temporary.resolve("a folder"));
        try (FileSystem zip = FileSystems.newFileSystem(
                Path.of(System.getProperty("release")), Map.of("enablePosixFileAttributes", true))) {
            copy(zip.getPath("/"), into);
        }
        try (Stream<Path> roots = Files.list(into)) {
            release = roots.findFirst().orElseThrow();
        }
    }

    @Test
    void theScriptNeedsNothingButAJre() throws Exception {
        ProcessBuilder builder = dnd4j("plugins");
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("HOME", Files.createDirectory(temporary.resolve("home")).toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Child.Ended ended = Child.start(builder).ended();
        assertEquals(0, ended.code(), ended.err());
        assertEquals("", ended.err());
        assertTrue(ended.out().contains("residual"), ended.out());
    }

    @Test
    void authorsFindSourcesAndJavadoc() throws IOException {
        for (String name : List.of("spi", "torch", "tck")) {
            try (Stream<Path> jars = Files.walk(release.resolve("authors/org/dnd4j/org.dnd4j." + name))) {
                List<String> endings = jars.map(p -> p.getFileName().toString().replaceAll(".*SNAPSHOT|.*[0-9]", ""))
                        .filter(e -> e.contains("."))
                        .sorted()
                        .toList();
                List<String> needed = List.of("-javadoc.jar", "-sources.jar", ".jar", ".pom");
                assertTrue(endings.containsAll(needed), name + endings);
            }
        }
    }

    @Test
    void aPluginBuiltFromTheTemplateIsListedAndUsed() throws Exception {
        Path plugin = release.resolve("my plugin");
        copy(release.resolve("template"), plugin);
        maven(plugin, "package");
        Path jar = plugin.resolve("target/org.example.scaled-1.0.0.jar");
        Files.copy(jar, release.resolve("plugins").resolve(jar.getFileName()));

        Child.Ended listed = Child.start(dnd4j("plugins")).ended();
        assertTrue(
                listed.out().lines().anyMatch(l -> l.matches("decomposition +scaled +1\\.0\\.0 .*ready.*")), listed.out());

        Path experiment = Tiny.in(temporary);
        Child.Ended ran = Child.start(dnd4j("run", experiment.toString(), "--set",
                        "tokenizer.decomposition={\"scaled\": {\"ratio\": 0.6}}"))
                .ended();
        assertEquals(0, ran.code(), ran.err());
        String report = Files.readString(temporary.resolve("runs/tiny/report.json"));
        assertTrue(report.contains("scaled"), report);
    }

    private static ProcessBuilder dnd4j(String... arguments) {
        List<String> command = new ArrayList<>(List.of(release.resolve("bin/dnd4j").toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(temporary.toFile());
    }

    /** Builds a project offline, from the local cache without what there may be of ours in it, and the release. */
    private static void maven(Path project, String phase) throws Exception {
        Path cache = Path.of(System.getProperty("maven.cache"));
        Path local = Files.createDirectory(temporary.resolve("cache"));
        link(cache, local, "org");
        link(cache.resolve("org"), Files.createDirectory(local.resolve("org")), "dnd4j");
        Path log = temporary.resolve("maven.log");
        Process maven = new ProcessBuilder(
                        Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                        "-B", "-o", "-Dmaven.repo.local=" + local, phase)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertEquals(0, maven.waitFor(), () -> read(log));
    }

    /** Links to all that is in a folder but one. */
    private static void link(Path from, Path to, String but) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.filter(e -> !e.endsWith(but)).toList()) {
                Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Copies a folder with the permissions of its files. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                    Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(path));
                }
            }
        }
    }
}
