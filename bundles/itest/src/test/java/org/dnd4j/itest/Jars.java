package org.dnd4j.itest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        String imports = "org.dnd4j.spi;version=\"" + spiVersions + "\",org.dnd4j.torch,ai.djl.ndarray,ai.djl.ndarray.types";
        Files.write(jar, plugin(jar.getParent(), name, "1.2.3", imports, source));
    }

    /** A decomposition called {@code steady}, whose codes mean something else in every version. */
    static byte[] steady(Path scratch, String version, String word) throws IOException {
        String imports = "org.dnd4j.spi;version=\"[1,2)\",org.dnd4j.torch;version=\"[1,2)\",ai.djl.ndarray";
        return plugin(scratch, "steady", version, imports, """
                import ai.djl.ndarray.NDArray;
                import org.dnd4j.torch.*;
                import java.util.stream.IntStream;

                @Plugin("steady")
                public record Steady() implements Decomposition {
                  public List<Weight> weights(CodeSpace space) {
                    return IntStream.range(0, space.depth())
                        .mapToObj(k -> Weight.of(table(k), space.size(k), space.width()).normal(1).learning(Weight.Learns.EMA))
                        .toList();
                  }
                  public NDArray next(NDArray state, NDArray codeword, int k, Weights w) {
                    return Helper.%s(state, codeword);
                  }
                  static final class Helper {
                    static NDArray first(NDArray state, NDArray codeword) { return state.add(codeword); }
                    static NDArray second(NDArray state, NDArray codeword) { return state.add(codeword).add(codeword); }
                  }
                }
                """.formatted(word));
    }

    /** Puts a jar into its place in one go, as an installer and a careful copy do. */
    static Path put(Path jar, byte[] content) throws IOException {
        Path half = Files.write(jar.resolveSibling(jar.getFileName() + ".half"), content);
        return Files.move(half, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The bytes of a plugin bundle, compiled in a scratch folder. */
    private static byte[] plugin(Path scratch, String name, String version, String imports, String source)
            throws IOException {
        Path folder = Files.createTempDirectory(scratch, "classes");
        String type = source.replaceAll("(?s).*?public (?:record|class) (\\w+).*", "$1");
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
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", imports);
        main.putValue("Provide-Capability", "dnd4j.plugin;name=" + name + ";class=\"strange." + type + "\"");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JarOutputStream zip = new JarOutputStream(out, manifest);
                Stream<Path> classes = Files.list(folder.resolve("strange"))) {
            for (Path path : classes.filter(p -> p.toString().endsWith(".class")).toList()) {
                zip.putNextEntry(new JarEntry("strange/" + path.getFileName()));
                Files.copy(path, zip);
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    /** Takes a file out of a jar. */
    static void without(Path jar, String entry) throws IOException {
        try (java.nio.file.FileSystem zip = java.nio.file.FileSystems.newFileSystem(jar)) {
            Files.delete(zip.getPath(entry));
        }
    }
}
