package org.dnd4j.itest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Plugin jars made on the spot. */
final class Jars {
    private Jars() {}

    /** A plugin bundle of one class: {@code source} is its text, {@code body.Name} its name in package {@code strange}. */
    static void plugin(Path jar, String name, String spiVersions, String source) throws IOException {
        Path folder = Files.createTempDirectory(jar.getParent(), "classes");
        String type = source.replaceAll("(?s).*(?:record|class) (\\w+).*", "$1");
        Path file = Files.createDirectories(folder.resolve("strange")).resolve(type + ".java");
        Files.writeString(file, "package strange;\nimport org.dnd4j.spi.*;\nimport java.util.List;\n" + source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", folder.toString(), "-proc:none", "-nowarn", "-Xlint:none");
            if (!compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(file)).call()) {
                throw new IllegalStateException("does not compile: " + source);
            }
        }
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "strange." + name);
        main.putValue("Bundle-Version", "1.2.3");
        main.putValue("Import-Package", "org.dnd4j.spi;version=\"" + spiVersions + "\"");
        main.putValue("Provide-Capability", "dnd4j.plugin;name=" + name + ";class=\"strange." + type + "\"");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest);
                Stream<Path> classes = Files.list(folder.resolve("strange"))) {
            for (Path path : classes.filter(p -> p.toString().endsWith(".class")).toList()) {
                zip.putNextEntry(new JarEntry("strange/" + path.getFileName()));
                Files.copy(path, zip);
                zip.closeEntry();
            }
        }
    }
}
